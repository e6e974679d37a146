package io.portcullis.core.packet;

import static io.portcullis.core.packet.DropReason.NONE;

import java.lang.foreign.MemorySegment;

/** Takes a packet's headers apart, once: from the IP header to the ports. Nothing is made, nothing is changed. */
public final class Headers {
    private static final long V4_MAPPED = 0x0000_ffff_0000_0000L;

    private Headers() {}

    /**
     * Checks version, lengths, IPv4 header checksum, IPv6 extension headers, fragment fields and the transport header's
     * lengths of the packet whose IP header is at {@link Packet#start()}, and records what it found. The version is
     * taken from the header; that it agrees with the frame's type is for the link layer to see. Of a later fragment
     * only the network layer is known: its ports are 0. The transport checksum is {@link #verifyTransport}'s.
     *
     * @return NONE, or why the packet must die; its fields are then meaningless
     */
    public static DropReason parse(Packet packet) {
        packet.forgetHeaders();
        if (packet.length() < 1) {
            return DropReason.SHORT_HEADER;
        }
        DropReason why = switch (Octets.u8(packet.buffer(), packet.start()) >>> 4) {
            case 4 -> parseV4(packet);
            case 6 -> parseV6(packet);
            default -> DropReason.BAD_VERSION;
        };
        if (why == NONE && packet.isFragment()) {
            why = checkFragment(packet);
        }
        return why != NONE || packet.fragmentOffset() != 0 ? why : parseTransport(packet);
    }

    /**
     * Verifies the TCP, UDP or ICMP checksum of a parsed packet. Fragments, packets with a partial checksum (it is made
     * right on the way out) and other protocols pass.
     */
    public static DropReason verifyTransport(Packet packet) {
        if (packet.partialChecksum() || packet.isFragment()) {
            return NONE;
        }
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int end = packet.payloadEnd();
        int protocol = packet.protocol();
        switch (protocol) {
            case IpProtocol.UDP -> {
                if (Udp.checksum(b, at) == 0) {
                    // Zero is "none" in IPv4 and forbidden in IPv6 (RFC 8200 section 8.1).
                    return packet.ipVersion() == 4 ? NONE : DropReason.BAD_CHECKSUM;
                }
                end = at + Udp.length(b, at);
            }
            case IpProtocol.ICMP -> {
                return Checksum.of(b, at, end) == 0 ? NONE : DropReason.BAD_CHECKSUM;
            }
            case IpProtocol.TCP, IpProtocol.ICMPV6 -> {}
            default -> {
                return NONE;
            }
        }
        int checksum = Checksum.of(b, at, end, pseudoHeader(packet, end - at));
        return checksum == 0 ? NONE : DropReason.BAD_CHECKSUM;
    }

    /** The sum of a parsed packet's pseudo-header for {@code length} octets of transport header and data. */
    public static long pseudoHeader(Packet packet, int length) {
        return packet.ipVersion() == 4
                ? Ipv4.pseudoHeader(packet.buffer(), packet.networkAt(), packet.protocol(), length)
                : Ipv6.pseudoHeader(packet.buffer(), packet.networkAt(), packet.protocol(), length);
    }

    private static DropReason parseV4(Packet packet) {
        MemorySegment b = packet.buffer();
        int at = packet.start();
        DropReason why = Ipv4.check(b, at, packet.end());
        if (why != NONE) {
            return why;
        }
        packet.network(4, at, at + Ipv4.headerLength(b, at), at + Ipv4.totalLength(b, at), Ipv4.protocol(b, at));
        packet.fragment(Ipv4.fragmentOffset(b, at), Ipv4.moreFragments(b, at));
        packet.addresses(
                0,
                V4_MAPPED | (Ipv4.source(b, at) & 0xffff_ffffL),
                0,
                V4_MAPPED | (Ipv4.destination(b, at) & 0xffff_ffffL));
        return NONE;
    }

    private static DropReason parseV6(Packet packet) {
        MemorySegment b = packet.buffer();
        int at = packet.start();
        DropReason why = Ipv6.check(b, at, packet.end());
        if (why != NONE) {
            return why;
        }
        int end = at + Ipv6.HEADER + Ipv6.payloadLength(b, at);
        long walked = Ipv6Extensions.walk(b, at, end);
        if (Ipv6Extensions.isBad(walked)) {
            return DropReason.BAD_EXTENSION;
        }
        packet.network(6, at, Ipv6Extensions.transportAt(walked), end, Ipv6Extensions.protocol(walked));
        int fragmentAt = Ipv6Extensions.fragmentAt(walked);
        if (fragmentAt != 0) {
            packet.fragment(Ipv6Extensions.fragmentOffset(b, fragmentAt), Ipv6Extensions.moreFragments(b, fragmentAt));
        }
        long srcHigh = Ipv6.sourceHigh(b, at);
        long srcLow = Ipv6.sourceLow(b, at);
        long dstHigh = Ipv6.destinationHigh(b, at);
        long dstLow = Ipv6.destinationLow(b, at);
        packet.addresses(srcHigh, srcLow, dstHigh, dstLow);
        // An IPv4-mapped address on the wire would pass for the IPv4 address everywhere behind this point.
        if (isV4Mapped(srcHigh, srcLow)) {
            return DropReason.ILLEGAL_SOURCE;
        }
        return isV4Mapped(dstHigh, dstLow) ? DropReason.ILLEGAL_DESTINATION : NONE;
    }

    private static DropReason checkFragment(Packet packet) {
        int length = packet.payloadEnd() - packet.transportAt();
        int offset = packet.fragmentOffset();
        boolean outside = length <= 0 || offset + length > 65_535;
        boolean uneven = packet.moreFragments() && packet.ipVersion() == 4 && (length & 7) != 0;
        // A fragment at 8 could rewrite the TCP flags of the first one (RFC 3128).
        boolean overFlags = packet.protocol() == IpProtocol.TCP && offset == 8;
        return outside || uneven || overFlags ? DropReason.BAD_FRAGMENT : NONE;
    }

    private static DropReason parseTransport(Packet packet) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int end = packet.payloadEnd();
        DropReason why = switch (packet.protocol()) {
            case IpProtocol.TCP -> Tcp.check(b, at, end);
            case IpProtocol.UDP -> packet.isFragment() ? checkFirst(at, end) : Udp.check(b, at, end);
            case IpProtocol.ICMP -> Icmp.check(b, at, end);
            case IpProtocol.ICMPV6 -> packet.isFragment() ? checkFirst(at, end) : Icmpv6.check(b, at, end);
            case IpProtocol.ESP -> Esp.check(b, at, end);
            default -> NONE;
        };
        if (why != NONE) {
            // A first fragment without the whole transport header hides it from us (RFC 1858, RFC 7112).
            return packet.isFragment() ? DropReason.BAD_FRAGMENT : why;
        }
        switch (packet.protocol()) {
            case IpProtocol.TCP, IpProtocol.UDP -> packet.ports(Tcp.sourcePort(b, at), Tcp.destinationPort(b, at));
            case IpProtocol.ICMP -> {
                int type = Icmp.type(b, at);
                packet.ports(Icmp.isQuery(type) ? Icmp.identifier(b, at) : 0, type << 8 | Icmp.code(b, at));
            }
            case IpProtocol.ICMPV6 -> {
                int type = Icmpv6.type(b, at);
                boolean echo = type == Icmpv6.ECHO_REQUEST || type == Icmpv6.ECHO_REPLY;
                packet.ports(echo ? Icmpv6.identifier(b, at) : 0, type << 8 | Icmpv6.code(b, at));
            }
            default -> {}
        }
        return NONE;
    }

    /** Of a fragmented datagram only the header must be there: its length counts what later fragments bring. */
    private static DropReason checkFirst(int at, int end) {
        return end - at < Udp.HEADER ? DropReason.SHORT_HEADER : NONE;
    }

    private static boolean isV4Mapped(long high, long low) {
        return high == 0 && low >>> 32 == 0xffffL;
    }
}
