package io.portcullis.ipsec.ike;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.ike.v2.IkeSa;
import io.portcullis.ipsec.ike.wire.Octets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All IKE SAs: by SPI, by the request that opened them, by their child SAs, by tunnel, by the peer's address, by both
 * identities, and by when they want to be called. No look-up, and nothing that an input changes, costs more when there
 * are more SAs of others; only {@link #live} does.
 */
final class SaTable {
    /** A peer repeats its first request byte for byte, from the same place. */
    private record Opening(Endpoints path, Octets request) {}

    /** Where an SA stands in the indexes. What an SA is filed under changes with its inputs: see {@link #plan}. */
    private static final class Place {
        private final Set<String> tunnels = new HashSet<>(2);
        private IpAddress remote;
        private @Nullable String identities;
        private @Nullable String open;
        private @Nullable Opening opening;

        private Place(IpAddress remote) {
            this.remote = remote;
        }
    }

    private static final int MOST_CLOSED = 4096;

    private final Map<Long, IkeSa> bySpi = new LinkedHashMap<>();
    private final Map<IkeSa, Place> places = new HashMap<>();
    private final Map<Opening, IkeSa> byRequest = new HashMap<>();
    private final Map<Integer, IkeSa> byChild = new HashMap<>();
    private final SaIndex<String> byTunnel = new SaIndex<>();
    private final SaIndex<IpAddress> byRemote = new SaIndex<>();
    private final SaIndex<String> byIdentities = new SaIndex<>();
    private final SaIndex<String> open = new SaIndex<>();
    private final Set<IkeSa> halfOpen = new HashSet<>();
    private final Set<IkeSa> closed = new LinkedHashSet<>();
    private final Deadlines<IkeSa> deadlines = new Deadlines<>();

    void add(IkeSa sa) {
        bySpi.put(sa.localSpi(), sa);
        places.put(sa, new Place(sa.path().remote()));
        byRemote.add(sa.path().remote(), sa);
    }

    void addHalfOpen(IkeSa sa, Endpoints path, Octets request) {
        add(sa);
        Opening opening = new Opening(path, request);
        byRequest.put(opening, sa);
        place(sa).ifPresent(place -> place.opening = opening);
        halfOpen.add(sa);
    }

    private Optional<Place> place(IkeSa sa) {
        return Optional.ofNullable(places.get(sa));
    }

    Optional<IkeSa> opened(Endpoints path, Octets request) {
        return Optional.ofNullable(byRequest.get(new Opening(path, request)));
    }

    Optional<IkeSa> find(long localSpi) {
        return Optional.ofNullable(bySpi.get(localSpi));
    }

    Optional<IkeSa> ownerOf(int inboundSpi) {
        return Optional.ofNullable(byChild.get(inboundSpi));
    }

    void child(int inboundSpi, IkeSa owner) {
        byChild.put(inboundSpi, owner);
    }

    void childGone(int inboundSpi) {
        byChild.remove(inboundSpi);
    }

    /** The SA belongs to the tunnel or has had child SAs of it. */
    void file(IkeSa sa, String tunnel) {
        place(sa).filter(place -> place.tunnels.add(tunnel)).ifPresent(_ -> byTunnel.add(tunnel, sa));
    }

    /** Those that belong to a tunnel or have, or had, child SAs of it; not the closed ones. */
    List<IkeSa> ofTunnel(String tunnel) {
        return byTunnel.of(tunnel);
    }

    /** Those whose peer has this address; not the closed ones. */
    List<IkeSa> withPeer(IpAddress remote) {
        return byRemote.of(remote);
    }

    boolean hasPeer(IpAddress remote) {
        return byRemote.has(remote);
    }

    /** Established ones between these identities; see {@link IkeSa#identities}. */
    List<IkeSa> between(String identities) {
        return byIdentities.of(identities);
    }

    /** What counts as one tunnel: the same two peers by the same definition. */
    private static String tunnel(IkeSa sa) {
        return (sa.tunnel() == null ? "" : sa.tunnel().name()) + "\n" + sa.identities();
    }

    /** Tunnels with an established IKE SA. */
    int openTunnels() {
        return open.size();
    }

    /** Whether the tunnel of an SA is open already, by it or by another one. */
    boolean isOpen(IkeSa sa) {
        return open.has(tunnel(sa));
    }

    int halfOpen() {
        return halfOpen.size();
    }

    List<IkeSa> allHalfOpen() {
        return List.copyOf(halfOpen);
    }

    /** A closed SA stays to repeat its last answer; when there are too many of them the oldest goes. */
    void closed(IkeSa sa) {
        halfOpen.remove(sa);
        closed.add(sa);
        place(sa).ifPresent(place -> unfile(sa, place));
        if (closed.size() > MOST_CLOSED) {
            forget(closed.iterator().next());
        }
    }

    private void unfile(IkeSa sa, Place place) {
        byRemote.remove(place.remote, sa);
        place.tunnels.forEach(tunnel -> byTunnel.remove(tunnel, sa));
        place.tunnels.clear();
        if (place.identities != null) {
            byIdentities.remove(place.identities, sa);
            place.identities = null;
        }
        if (place.open != null) {
            open.remove(place.open, sa);
            place.open = null;
        }
    }

    /** Both peers are authenticated: the request that opened the SA is no longer of interest. */
    void established(IkeSa sa) {
        halfOpen.remove(sa);
        place(sa).ifPresent(place -> forgetRequest(sa, place));
    }

    private void forgetRequest(IkeSa sa, Place place) {
        if (place.opening != null) {
            byRequest.remove(place.opening, sa);
            place.opening = null;
        }
    }

    boolean isEmpty() {
        return bySpi.size() == closed.size();
    }

    /** Those that are not closed. */
    Stream<IkeSa> live() {
        return List.copyOf(bySpi.values()).stream().filter(sa -> !sa.isClosed());
    }

    private void forget(IkeSa sa) {
        bySpi.remove(sa.localSpi(), sa);
        halfOpen.remove(sa);
        closed.remove(sa);
        deadlines.remove(sa);
        Place place = places.remove(sa);
        if (place != null) {
            unfile(sa, place);
            forgetRequest(sa, place);
        }
    }

    /** Files an SA that has just had an input under what it is now, and plans its next call. */
    void plan(IkeSa sa) {
        Place place = places.get(sa);
        if (place == null) {
            return;
        }
        if (!sa.isClosed()) {
            if (!place.remote.equals(sa.path().remote())) {
                byRemote.remove(place.remote, sa);
                place.remote = sa.path().remote();
                byRemote.add(place.remote, sa);
            }
            if (sa.tunnel() != null) {
                file(sa, sa.tunnel().name());
            }
            if (sa.isEstablished() && place.identities == null) {
                String identities = sa.identities();
                place.identities = identities;
                byIdentities.add(identities, sa);
                String tunnel = tunnel(sa);
                place.open = tunnel;
                open.add(tunnel, sa);
            }
        }
        deadlines.set(sa, sa.nextDeadline());
    }

    long nextDeadline() {
        return deadlines.next();
    }

    /** The next SA whose time has come; closed ones are forgotten on the way. */
    Optional<IkeSa> due(long now) {
        for (IkeSa sa = deadlines.due(now); sa != null; sa = deadlines.due(now)) {
            if (sa.nextDeadline() > now) {
                plan(sa);
            } else if (sa.isClosed()) {
                forget(sa);
            } else {
                return Optional.of(sa);
            }
        }
        return Optional.empty();
    }
}
