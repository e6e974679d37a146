package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.IpsecEvents;
import io.portcullis.ipsec.ike.crypto.IkeKeys.ChildKeys;
import io.portcullis.ipsec.ike.proposal.EspProposals;
import io.portcullis.ipsec.ike.v2.ChildSa.Phase;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SaUsage;
import io.portcullis.ipsec.sa.TrafficSelector;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The child SAs of one IKE SA: installing, replacing, removing, and their lifetimes. */
final class Children {
    private static final long SECOND = 1_000_000_000L;

    /** The reference rekeys an IPsec SA 30 s before it expires. */
    private static final long REKEY_MARGIN = 30 * SECOND;

    /** How long a deleted SA still receives: packets may be slower than messages. */
    private static final long LINGER = 3 * SECOND;

    /** How long the peer may take to delete what it has replaced. */
    private static final long REPLACED_LIFE = 60 * SECOND;

    private final IkeSa sa;
    private final Map<Integer, ChildSa> byInbound = new LinkedHashMap<>();

    Children(IkeSa sa) {
        this.sa = sa;
    }

    /**
     * A child SA that both sides agreed on.
     *
     * @param byUs whether we initiated the exchange
     * @param replaces what it rekeys
     */
    record Agreed(
            TunnelDefinition tunnel,
            int inboundSpi,
            EspProposals.Choice choice,
            ChildKeys keys,
            boolean byUs,
            List<TrafficSelector> local,
            List<TrafficSelector> remote,
            @Nullable ChildSa replaces) {}

    ChildSa install(Agreed agreed) {
        TunnelDefinition tunnel = agreed.tunnel();
        long hard = tunnel.ipsecLifeKilobytes() * 1024;
        // A tenth before the end, and not both peers at the same octet.
        long soft = hard == 0 ? 0 : hard - hard / 10 - sa.around.jitter(hard / 20);
        ChildSa replaces = agreed.replaces();
        SaPair pair = new SaPair(
                tunnel.name(),
                agreed.inboundSpi(),
                agreed.choice().spi(),
                agreed.choice().suite(),
                agreed.byUs() ? agreed.keys().responder() : agreed.keys().initiator(),
                agreed.byUs() ? agreed.keys().initiator() : agreed.keys().responder(),
                agreed.local(),
                agreed.remote(),
                path(),
                agreed.choice().extendedSequence(),
                tunnel.replayWindow(),
                soft,
                hard,
                replaces == null ? null : replaces.inboundSpi());
        ChildSa child = new ChildSa(pair, tunnel, agreed.choice().group(), sa.now, replaces);
        long life = tunnel.ipsecLifeSeconds() * SECOND;
        long margin = Math.min(REKEY_MARGIN, life * 3 / 4);
        child.expireAt = sa.now + life;
        child.rekeyAt = child.expireAt - margin - sa.around.jitter(Math.min(margin, (life - margin) / 4));
        sa.usedSpi(agreed.inboundSpi());
        byInbound.put(child.inboundSpi(), child);
        sa.act(new Action.Install(pair));
        sa.emit(
                replaces == null ? IpsecEvents.IPSEC_SA_ESTABLISHED : IpsecEvents.IPSEC_SA_REKEYED,
                "none",
                text(agreed.local()),
                text(agreed.remote()),
                spi(child.inboundSpi()),
                spi(child.outboundSpi()),
                pair.suite());
        return child;
    }

    /** Moves outbound traffic to this one. */
    void activate(ChildSa child) {
        if (!child.active && child.phase != Phase.GONE) {
            child.active = true;
            sa.act(new Action.ActivateOutbound(child.inboundSpi()));
        }
    }

    /** A successor carries the traffic. Should nobody delete it, its time still ends soon. */
    void replaced(ChildSa child) {
        if (child.isInUse()) {
            child.phase = Phase.REPLACED;
            child.rekeyAt = Long.MAX_VALUE;
            child.expireAt = Math.min(child.expireAt, sa.now + REPLACED_LIFE);
        }
    }

    /** Both sides have deleted it: at once, or after a moment when a successor carries on. */
    void deleted(ChildSa child, boolean hasSuccessor, String reason) {
        if (child.peerSuccessor != null && child.peerSuccessor.isInUse()) {
            activate(child.peerSuccessor);
        }
        if (!hasSuccessor) {
            remove(child, reason);
            return;
        }
        sa.emit(IpsecEvents.IPSEC_SA_DELETED, "none", spi(child.inboundSpi()), spi(child.outboundSpi()), "rekeyed");
        child.phase = Phase.LINGERING;
        child.rekeyAt = Long.MAX_VALUE;
        child.expireAt = sa.now + LINGER;
    }

    void remove(ChildSa child, String reason) {
        if (byInbound.remove(child.inboundSpi()) == null) {
            return;
        }
        if (child.phase != Phase.LINGERING) {
            sa.emit(IpsecEvents.IPSEC_SA_DELETED, "none", spi(child.inboundSpi()), spi(child.outboundSpi()), reason);
        }
        child.phase = Phase.GONE;
        sa.act(new Action.Remove(child.inboundSpi()));
    }

    void removeAll(String reason) {
        List.copyOf(byInbound.values()).forEach(child -> remove(child, reason));
    }

    /** Hands everything to the IKE SA that replaces this one. */
    void moveTo(IkeSa successor) {
        successor.children.byInbound.putAll(byInbound);
        byInbound.clear();
    }

    Optional<ChildSa> inbound(int spi) {
        return Optional.ofNullable(byInbound.get(spi));
    }

    /** By the peer's SPI, which is how the peer names it. */
    Optional<ChildSa> outbound(int spi) {
        return byInbound.values().stream()
                .filter(child -> child.outboundSpi() == spi)
                .findFirst();
    }

    List<Integer> spis() {
        return List.copyOf(byInbound.keySet());
    }

    Collection<ChildSa> all() {
        return byInbound.values();
    }

    int inUse() {
        return (int) byInbound.values().stream().filter(ChildSa::isInUse).count();
    }

    boolean carries(String tunnel) {
        return byInbound.values().stream()
                .anyMatch(child -> child.isInUse() && child.pair.tunnel().equals(tunnel));
    }

    void due() {
        for (ChildSa child : List.copyOf(byInbound.values())) {
            if (sa.now >= child.expireAt) {
                expire(child);
            } else if (sa.now >= child.rekeyAt) {
                rekeyWhenUsed(child);
            }
        }
    }

    private void expire(ChildSa child) {
        child.expireAt = Long.MAX_VALUE;
        if (child.phase == Phase.LINGERING) {
            remove(child, "rekeyed");
        } else if (child.phase != Phase.DELETING) {
            sa.enqueue(new DeleteChild(child, "lifetime expired"));
        }
    }

    /** The reference lets an SA that nobody uses expire; looked at again every second until then. */
    private void rekeyWhenUsed(ChildSa child) {
        boolean used = sa.around
                .usage()
                .apply(child.inboundSpi())
                .map(usage -> usage.inboundPackets() + usage.outboundPackets() > 0)
                .orElse(true);
        if (used || child.tunnel.autoEstablish()) {
            child.rekeyAt = Long.MAX_VALUE;
            sa.enqueue(CreateChild.rekey(child));
        } else {
            child.rekeyAt = sa.now + SECOND;
        }
    }

    long deadline() {
        long first = Long.MAX_VALUE;
        for (ChildSa child : byInbound.values()) {
            first = Math.min(first, Math.min(child.rekeyAt, child.expireAt));
        }
        return first;
    }

    /** When an authenticated packet last came, in nanoseconds; 0 for never. */
    long lastInbound() {
        long last = 0;
        for (ChildSa child : byInbound.values()) {
            long seen = sa.around
                    .usage()
                    .apply(child.inboundSpi())
                    .map(SaUsage::inboundNanos)
                    .orElse(0L);
            last = Math.max(last, seen);
        }
        return last;
    }

    /** The peer has moved. */
    void movePath() {
        byInbound.keySet().forEach(spi -> sa.act(new Action.MovePath(spi, path())));
    }

    private SaPair.Path path() {
        boolean encapsulated = sa.nat.any() && sa.path.localPort() == Endpoints.NAT_PORT;
        return new SaPair.Path(
                sa.path.local(), sa.path.localPort(), sa.path.remote(), sa.path.remotePort(), encapsulated);
    }

    private static String spi(int spi) {
        return "0x%08x".formatted(spi);
    }

    private static String text(List<TrafficSelector> selectors) {
        return String.join(
                ",", selectors.stream().map(TrafficSelector::toString).toList());
    }
}
