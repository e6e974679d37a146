package io.portcullis.ipsec.tunnel;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tunnels of the active configuration, in the order in which a responder looks through them. An immutable
 * snapshot: a change of the configuration is another list. Tunnels whose peers are single addresses are found by the
 * peer's address, so that their number costs a negotiation nothing.
 */
public final class TunnelList {
    public static final TunnelList EMPTY = new TunnelList(List.of());

    /** A tunnel with more peer addresses than that is looked at for every peer. */
    private static final int MOST_ADDRESSES = 64;

    private final List<TunnelDefinition> tunnels;
    private final Map<String, TunnelDefinition> byName = new HashMap<>();
    private final Map<IpAddress, List<Integer>> byPeer = new HashMap<>();
    /** Places of tunnels that may be meant by peers of any address. */
    private final List<Integer> forAny = new ArrayList<>();

    public TunnelList(List<TunnelDefinition> tunnels) {
        this.tunnels = List.copyOf(tunnels);
        for (int place = 0; place < this.tunnels.size(); place++) {
            TunnelDefinition tunnel = this.tunnels.get(place);
            byName.putIfAbsent(tunnel.name(), tunnel);
            List<IpRange> peers = tunnel.remoteEndpoints().ranges();
            if (peers.isEmpty()
                    || peers.size() > MOST_ADDRESSES
                    || !peers.stream().allMatch(TunnelList::isOne)) {
                forAny.add(place);
            } else {
                for (IpRange peer : peers) {
                    byPeer.computeIfAbsent(peer.first(), _ -> new ArrayList<>(1))
                            .add(place);
                }
            }
        }
    }

    private static boolean isOne(IpRange range) {
        return range.first().equals(range.last());
    }

    /** All of them. */
    public List<TunnelDefinition> tunnels() {
        return tunnels;
    }

    /** The tunnel of this name. */
    public Optional<TunnelDefinition> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Whether there is a tunnel that is defined exactly so. */
    public boolean has(TunnelDefinition tunnel) {
        return tunnel.equals(byName.get(tunnel.name()));
    }

    /** Those that a peer of this address may mean, in the order of the list: every other has another RemoteEndpoint. */
    List<TunnelDefinition> thatMayMean(IpAddress peer) {
        List<Integer> own = byPeer.getOrDefault(peer, List.of());
        List<TunnelDefinition> merged = new ArrayList<>(own.size() + forAny.size());
        int any = 0;
        for (int place : own) {
            for (; any < forAny.size() && forAny.get(any) < place; any++) {
                merged.add(tunnels.get(forAny.get(any)));
            }
            merged.add(tunnels.get(place));
        }
        for (; any < forAny.size(); any++) {
            merged.add(tunnels.get(forAny.get(any)));
        }
        return merged;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TunnelList list && tunnels.equals(list.tunnels);
    }

    @Override
    public int hashCode() {
        return tunnels.hashCode();
    }

    @Override
    public String toString() {
        return "TunnelList" + tunnels.stream().map(TunnelDefinition::name).toList();
    }
}
