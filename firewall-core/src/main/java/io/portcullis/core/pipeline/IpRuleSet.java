package io.portcullis.core.pipeline;

import io.portcullis.core.connection.Flow;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.Ipv6Extensions;
import io.portcullis.core.packet.Packet;
import java.util.function.Consumer;

/**
 * The rule set as the pipeline sees it: asked once for each new connection, and again when the configuration changed.
 * Immutable but for hit counters; no allocation.
 */
public interface IpRuleSet {
    /**
     * The first policy that matches; never null, since the last one matches everything and drops it. Does not count a
     * hit.
     *
     * @param sourcePort identifier of an ICMP query
     * @param destinationPort ICMP type times 256 plus code
     * @param extensions IPv6 extension headers, as {@link Ipv6Extensions#kinds} says
     */
    Policy lookup(
            NetworkInterface in,
            NetworkInterface out,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort,
            int extensions);

    /**
     * As {@link #lookup(Packet, NetworkInterface, NetworkInterface)}.
     *
     * @param path takes what matched on the way, as {@code main 3 to_branches: Goto branches}, and what decided
     */
    default Policy trace(Packet packet, NetworkInterface in, NetworkInterface out, Consumer<String> path) {
        Policy decided = lookup(packet, in, out);
        path.accept(decided.name() + ": " + decided.action());
        return decided;
    }

    /** The policy for a packet that would open a connection. */
    default Policy lookup(Packet packet, NetworkInterface in, NetworkInterface out) {
        return lookup(
                in,
                out,
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.protocol(),
                packet.sourcePort(),
                packet.destinationPort(),
                Ipv6Extensions.kinds(packet));
    }

    /** The policy that a connection would get today, asked with its first direction. */
    default Policy lookup(Flow original, NetworkInterface out) {
        return lookup(
                original.ingress(),
                out,
                original.sourceHigh(),
                original.sourceLow(),
                original.destinationHigh(),
                original.destinationLow(),
                original.connection().protocol(),
                original.sourcePort(),
                original.destinationPort(),
                original.connection().extensions());
    }
}
