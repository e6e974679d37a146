package io.portcullis.core.connection;

import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.MemorySegment;

/** Rewrites packets as their flow says. Checksums follow by difference, whole ones and partial ones. */
final class Translation {
    private Translation() {}

    /** A packet of the flow itself, or a later fragment of one. */
    static void apply(Flow flow, Packet packet) {
        addresses(flow, packet);
        if (packet.fragmentOffset() != 0) {
            return;
        }
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        switch (packet.protocol()) {
            case IpProtocol.TCP -> {
                ports(flow, packet);
                Tcp.sourcePort(b, at, flow.newSourcePort());
                Tcp.destinationPort(b, at, flow.newDestinationPort());
            }
            case IpProtocol.UDP -> {
                ports(flow, packet);
                Udp.sourcePort(b, at, flow.newSourcePort());
                Udp.destinationPort(b, at, flow.newDestinationPort());
            }
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> {
                Checksums.word16(packet, packet.sourcePort(), flow.newSourcePort());
                Icmp.identifier(b, at, flow.newSourcePort());
                packet.ports(flow.newSourcePort(), packet.destinationPort());
            }
            default -> {}
        }
    }

    /** An ICMP error that travels in the direction of the flow and quotes a packet of the other. */
    static void applyToError(Flow flow, Packet error, Quotation quotation) {
        if (!quotation.read(error)) {
            return;
        }
        Checksums.complete(error);
        // The sender may be a router on the way: it must not show an inner address outside either.
        boolean hidesSource = flow.newSourceLow() != flow.sourceLow() || flow.newSourceHigh() != flow.sourceHigh();
        long sourceHigh = hidesSource ? flow.newSourceHigh() : error.sourceHigh();
        long sourceLow = hidesSource ? flow.newSourceLow() : error.sourceLow();
        quotation.translate(error, flow);
        MemorySegment b = error.buffer();
        int at = error.networkAt();
        if (error.ipVersion() == 4) {
            Ipv4.source(b, at, (int) sourceLow);
            Ipv4.destination(b, at, (int) flow.newDestinationLow());
            Icmp.computeChecksum(b, error.transportAt(), error.payloadEnd());
        } else {
            Ipv6.source(b, at, sourceHigh, sourceLow);
            Ipv6.destination(b, at, flow.newDestinationHigh(), flow.newDestinationLow());
            int length = error.payloadEnd() - error.transportAt();
            Icmpv6.computeChecksum(b, error.transportAt(), error.payloadEnd(), Headers.pseudoHeader(error, length));
        }
        error.addresses(sourceHigh, sourceLow, flow.newDestinationHigh(), flow.newDestinationLow());
    }

    private static void addresses(Flow flow, Packet packet) {
        MemorySegment b = packet.buffer();
        int at = packet.networkAt();
        if (packet.ipVersion() == 4) {
            Checksums.address32(packet, (int) packet.sourceLow(), (int) flow.newSourceLow());
            Checksums.address32(packet, (int) packet.destinationLow(), (int) flow.newDestinationLow());
            Ipv4.source(b, at, (int) flow.newSourceLow());
            Ipv4.destination(b, at, (int) flow.newDestinationLow());
        } else {
            Checksums.address64(packet, packet.sourceHigh(), flow.newSourceHigh());
            Checksums.address64(packet, packet.sourceLow(), flow.newSourceLow());
            Checksums.address64(packet, packet.destinationHigh(), flow.newDestinationHigh());
            Checksums.address64(packet, packet.destinationLow(), flow.newDestinationLow());
            Ipv6.source(b, at, flow.newSourceHigh(), flow.newSourceLow());
            Ipv6.destination(b, at, flow.newDestinationHigh(), flow.newDestinationLow());
        }
        packet.addresses(
                flow.newSourceHigh(), flow.newSourceLow(), flow.newDestinationHigh(), flow.newDestinationLow());
    }

    private static void ports(Flow flow, Packet packet) {
        Checksums.word16(packet, packet.sourcePort(), flow.newSourcePort());
        Checksums.word16(packet, packet.destinationPort(), flow.newDestinationPort());
        packet.ports(flow.newSourcePort(), flow.newDestinationPort());
    }
}
