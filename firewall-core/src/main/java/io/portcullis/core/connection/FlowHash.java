package io.portcullis.core.connection;

import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import java.util.random.RandomGenerator;

/**
 * A hash that both directions of an untranslated conversation share: of addresses, ports and protocol, whichever end
 * speaks, and not of the interface. Keyed, lest someone outside picks flows that all fall on one owner. Ports count for
 * TCP and UDP, the identifier, which stands for the source port, for ICMP. Immutable; all who must agree share one
 * object.
 */
public final class FlowHash {
    private final long secret;
    private final long otherSecret;

    /** @param random chooses the key */
    public FlowHash(RandomGenerator random) {
        secret = random.nextLong();
        otherSecret = random.nextLong() | 1;
    }

    /** The hash of a packet whose headers are parsed; all 32 bits are as good. */
    public int of(Packet packet) {
        return of(
                packet.protocol(),
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.sourcePort(),
                packet.destinationPort());
    }

    /** The hash of a flow; ports are ignored unless the protocol has them, the destination port of ICMP is. */
    public int of(
            int protocol,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort) {
        long source;
        long destination;
        switch (protocol) {
            case IpProtocol.TCP, IpProtocol.UDP -> {
                source = end(sourceHigh, sourceLow, sourcePort);
                destination = end(destinationHigh, destinationLow, destinationPort);
            }
            // Question and answer carry the same identifier; fragments of a datagram do.
            case IpProtocol.ICMP, IpProtocol.ICMPV6, IpProtocol.FRAGMENT -> {
                source = end(sourceHigh, sourceLow, sourcePort);
                destination = end(destinationHigh, destinationLow, sourcePort);
            }
            default -> {
                source = end(sourceHigh, sourceLow, 0);
                destination = end(destinationHigh, destinationLow, 0);
            }
        }
        // A sum does not tell which end is which.
        long hash = mix(source + destination ^ secret, protocol ^ otherSecret);
        return (int) (hash ^ hash >>> 32);
    }

    private long end(long high, long low, int port) {
        long hash = mix(low ^ secret, (long) port << 32 ^ otherSecret);
        return high == 0 ? hash : mix(hash ^ high, otherSecret);
    }

    /** Both halves of the product, folded: each bit depends on all bits of both. */
    static long mix(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }
}
