package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv4Options;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.MemorySegment;

/**
 * What no honest sender sends: headers that contradict themselves, addresses that can not be a host's, TCP flags that
 * exclude each other. Transport checksums are left to the receiver, who may be this firewall.
 */
final class HeaderChecks {
    private static final int FLAGS = Tcp.FIN | Tcp.SYN | Tcp.RST | Tcp.ACK;

    private HeaderChecks() {}

    /** Parses the packet whose IP header is at its start, and judges what was found. */
    static DropReason check(Packet packet, PipelineSettings settings) {
        DropReason why = Headers.parse(packet);
        if (why == NONE) {
            why = packet.ipVersion() == 4 ? checkV4(packet, settings) : checkV6(packet, settings);
        }
        return why == NONE && packet.fragmentOffset() == 0 ? checkTransport(packet) : why;
    }

    private static DropReason checkV4(Packet packet, PipelineSettings settings) {
        MemorySegment b = packet.buffer();
        int at = packet.networkAt();
        if (Ipv4.headerLength(b, at) > Ipv4.HEADER && !optionsPass(b, at, settings)) {
            return DropReason.BAD_OPTIONS;
        }
        if (Ipv4.ttl(b, at) < settings.minimumTtl()) {
            return DropReason.TTL_EXPIRED;
        }
        int source = Ipv4.source(b, at);
        int destination = Ipv4.destination(b, at);
        // 0/8, 127/8, groups and the reserved space above them (RFC 6890); a broadcast is a destination only.
        if (isNoHost(source >>> 24) || source >>> 28 >= 0xe) {
            return DropReason.ILLEGAL_SOURCE;
        }
        if (isNoHost(destination >>> 24) || (destination >>> 28 == 0xf && destination != -1)) {
            return DropReason.ILLEGAL_DESTINATION;
        }
        return source == destination ? DropReason.LAND : NONE;
    }

    private static DropReason checkV6(Packet packet, PipelineSettings settings) {
        if (Ipv6.hopLimit(packet.buffer(), packet.networkAt()) < settings.minimumTtl()) {
            return DropReason.TTL_EXPIRED;
        }
        long sourceHigh = packet.sourceHigh();
        long sourceLow = packet.sourceLow();
        boolean unspecified = (sourceHigh | sourceLow) == 0;
        // Who looks for a duplicate of his address has none yet (RFC 4862 section 5.4.2).
        if (sourceHigh >>> 56 == 0xff || (sourceHigh == 0 && sourceLow == 1) || (unspecified && !isDiscovery(packet))) {
            return DropReason.ILLEGAL_SOURCE;
        }
        long destinationHigh = packet.destinationHigh();
        long destinationLow = packet.destinationLow();
        if (destinationHigh == 0 && (destinationLow == 0 || destinationLow == 1)) {
            return DropReason.ILLEGAL_DESTINATION;
        }
        return sourceHigh == destinationHigh && sourceLow == destinationLow ? DropReason.LAND : NONE;
    }

    private static DropReason checkTransport(Packet packet) {
        return switch (packet.protocol()) {
            case IpProtocol.TCP -> checkTcp(packet);
            // A source port of 0 means that no answer is expected (RFC 768).
            case IpProtocol.UDP -> packet.destinationPort() == 0 ? DropReason.BAD_PORT : NONE;
            default -> NONE;
        };
    }

    private static DropReason checkTcp(Packet packet) {
        if (packet.sourcePort() == 0 || packet.destinationPort() == 0) {
            return DropReason.BAD_PORT;
        }
        return flagsAgree(Tcp.flags(packet.buffer(), packet.transportAt())) ? NONE : DropReason.BAD_FLAGS;
    }

    /** Opening, resetting and closing exclude each other; all but the opener and some resets acknowledge. */
    private static boolean flagsAgree(int flags) {
        return switch (flags & FLAGS) {
            case Tcp.SYN, Tcp.SYN | Tcp.ACK, Tcp.ACK, Tcp.RST, Tcp.RST | Tcp.ACK, Tcp.FIN | Tcp.ACK -> true;
            default -> false;
        };
    }

    private static boolean optionsPass(MemorySegment b, int at, PipelineSettings settings) {
        return settings.allowIpOptions()
                && Ipv4Options.check(b, at) == NONE
                && Ipv4Options.find(b, at, Ipv4Options.LOOSE_SOURCE_ROUTE) == 0
                && Ipv4Options.find(b, at, Ipv4Options.STRICT_SOURCE_ROUTE) == 0;
    }

    private static boolean isNoHost(int firstOctet) {
        return firstOctet == 0 || firstOctet == 127;
    }

    /** Whether a parsed packet is of neighbour discovery: never routed, whoever it is addressed to. */
    static boolean isDiscovery(Packet packet) {
        return packet.protocol() == IpProtocol.ICMPV6
                && packet.fragmentOffset() == 0
                && Icmpv6.isDiscovery(packet.destinationPort() >>> 8);
    }

    /** Whether a parsed packet is for a group of one link (RFC 5771 section 4, RFC 4291 section 2.7): nobody here joins. */
    static boolean isLinkScope(Packet packet) {
        return packet.ipVersion() == 4
                ? (int) packet.destinationLow() >>> 8 == 0xe00000
                : (packet.destinationHigh() & 0xff0f_0000_0000_0000L) == 0xff02L << 48
                        || (packet.destinationHigh() & 0xff0f_0000_0000_0000L) == 0xff01L << 48;
    }
}
