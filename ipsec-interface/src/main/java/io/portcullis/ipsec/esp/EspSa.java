package io.portcullis.ipsec.esp;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Packet;
import io.portcullis.ipsec.sa.SaEvent;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SaUsage;

/** A pair of SAs in the data plane. Owned by the worker from its installation on; {@link #usage} is for anyone. */
final class EspSa {
    /** In place of a port: ESP came without UDP. Where such packets come from moves nothing (RFC 7296 section 2.23). */
    static final int RAW = -1;

    final SaPair pair;
    final TunnelTraffic tunnel;
    final OutboundSa outbound;
    final InboundSa inbound;
    private final Selectors local;
    private final Selectors remote;

    // Written by the worker, read by listings.
    volatile SaPair.Path path;
    volatile boolean active;
    volatile boolean expired;

    private boolean softRaised;
    private boolean heardFrom;
    private int pathMtu;
    private long learnedUntil;
    private int learnedMtu = Integer.MAX_VALUE;
    private IpAddress movedTo;
    private int movedToPort;

    EspSa(SaPair pair, TunnelTraffic tunnel, OutboundSa outbound, InboundSa inbound) {
        this.pair = pair;
        this.tunnel = tunnel;
        this.outbound = outbound;
        this.inbound = inbound;
        local = new Selectors(pair.local());
        remote = new Selectors(pair.remote());
        path = pair.path();
        movedTo = path.remote();
        movedToPort = path.remotePort();
    }

    /** Whether a parsed packet may leave by this pair. */
    boolean mayCarry(Packet packet) {
        return !expired
                && local.contains(
                        packet.sourceHigh(), packet.sourceLow(), packet.protocol(), Selectors.sourcePort(packet))
                && remote.contains(
                        packet.destinationHigh(),
                        packet.destinationLow(),
                        packet.protocol(),
                        Selectors.destinationPort(packet));
    }

    /** Whether a packet's addresses are all that the selectors look at. */
    boolean addressesOnly() {
        return local.addressesOnly() && remote.addressesOnly();
    }

    /** Whether a parsed packet may have come by this pair (RFC 4301 section 5.2, step 4). */
    boolean mayHaveCarried(Packet packet) {
        return remote.contains(packet.sourceHigh(), packet.sourceLow(), packet.protocol(), Selectors.sourcePort(packet))
                && local.contains(
                        packet.destinationHigh(),
                        packet.destinationLow(),
                        packet.protocol(),
                        Selectors.destinationPort(packet));
    }

    void move(SaPair.Path newPath) {
        path = newPath;
        outbound.move(newPath);
        movedTo = newPath.remote();
        movedToPort = newPath.remotePort();
        learnedMtu = Integer.MAX_VALUE;
    }

    /** MTU of the interface that the outer packets leave by. */
    void pathMtu(int mtu) {
        pathMtu = mtu;
    }

    /** A router on the way said what it can carry; forgotten at {@code until} (RFC 1191 section 6.3). */
    boolean learnMtu(int mtu, long until, long now) {
        if (mtu >= outerMtu(now)) {
            return false;
        }
        learnedMtu = mtu;
        learnedUntil = until;
        return true;
    }

    /** Whether what a router said still counts. */
    boolean hasLearnedMtu(long now) {
        if (learnedMtu != Integer.MAX_VALUE && now - learnedUntil >= 0) {
            learnedMtu = Integer.MAX_VALUE;
        }
        return learnedMtu != Integer.MAX_VALUE;
    }

    private int outerMtu(long now) {
        return hasLearnedMtu(now) ? Math.min(pathMtu, learnedMtu) : pathMtu;
    }

    /** The longest inner packet. */
    int innerMtu(long now) {
        return EspOverhead.innerMtu(outerMtu(now), outbound.isV4(), outbound.udpEncapsulated(), pair.suite());
    }

    /** Raises what the limits ask for (RFC 4301 section 4.4.2.1). After each packet, in either direction. */
    void watchLimits(SaEvents events) {
        if (!softRaised && (over(pair.softBytes()) || outbound.nearEnd())) {
            softRaised = true;
            events.offer(new SaEvent.SoftLimit(pair.inboundSpi()));
        }
        if (!expired && (over(pair.hardBytes()) || !outbound.hasSequence())) {
            expired = true;
            events.offer(new SaEvent.HardLimit(pair.inboundSpi()));
        }
    }

    private boolean over(long limit) {
        return limit > 0 && (outbound.octets >= limit || inbound.octets >= limit);
    }

    /**
     * An authenticated packet came from this address and UDP port, or {@link #RAW}. Says so to IKE when it is the first
     * one, and once for each new place that the newest packet came from.
     */
    void heardFrom(long high, long low, int port, boolean newest, SaEvents events) {
        if (!heardFrom) {
            heardFrom = true;
            events.offer(new SaEvent.FirstPacket(pair.inboundSpi()));
        }
        boolean same = movedTo.high() == high && movedTo.low() == low && movedToPort == port;
        if (!same && newest && port != RAW) {
            movedTo = new IpAddress(high, low);
            movedToPort = port;
            events.offer(new SaEvent.PeerMoved(pair.inboundSpi(), movedTo, port));
        }
    }

    SaUsage usage() {
        return new SaUsage(
                inbound.packets,
                inbound.octets,
                outbound.packets,
                outbound.octets,
                inbound.lastNanos,
                outbound.lastNanos,
                inbound.replayed,
                inbound.forged,
                outbound.sequence());
    }

    void destroy() {
        outbound.transform.destroy();
        inbound.transform.destroy();
        pair.outboundKeys().destroy();
        pair.inboundKeys().destroy();
    }
}
