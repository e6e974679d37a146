package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.u16;

import java.lang.foreign.MemorySegment;

/**
 * Transport checksums of parsed packets, whole or partial. A partial checksum (virtio-net NEEDS_CSUM) is the folded sum
 * of the pseudo-header, not complemented; the device sums the rest. So it follows changes of addresses and never those
 * of ports or data: whoever changes a header tells it here and need not know which of the two it is.
 */
public final class Checksums {
    private Checksums() {}

    /** Turns a partial checksum into a whole one; packets with a whole one are left alone. */
    public static void complete(Packet packet) {
        if (!packet.partialChecksum()) {
            return;
        }
        MemorySegment b = packet.buffer();
        int from = packet.checksumStart();
        int field = from + packet.checksumOffset();
        int end = packet.ipVersion() == 0 ? packet.end() : packet.payloadEnd();
        int checksum = Checksum.of(b, from, end);
        // Zero means "none" in UDP, and its complement is the same number.
        u16(b, field, checksum == 0 && packet.checksumOffset() == Udp.CHECKSUM ? 0xffff : checksum);
        packet.checksumComplete();
    }

    /** Follows a change of 32 bits of an address, that is of the pseudo-header. */
    public static void address32(Packet packet, int before, int after) {
        int at = field(packet);
        if (at == 0 || packet.protocol() == IpProtocol.ICMP) {
            return;
        }
        int held = u16(packet.buffer(), at);
        if (packet.partialChecksum()) {
            u16(packet.buffer(), at, ~Checksum.update32(~held & 0xffff, before, after) & 0xffff);
        } else {
            store(packet, at, Checksum.update32(held, before, after));
        }
    }

    /** Follows a change of 64 bits of an IPv6 address, that is of the pseudo-header. */
    public static void address64(Packet packet, long before, long after) {
        int at = field(packet);
        if (at == 0) {
            return;
        }
        int held = u16(packet.buffer(), at);
        if (packet.partialChecksum()) {
            u16(packet.buffer(), at, ~Checksum.update64(~held & 0xffff, before, after) & 0xffff);
        } else {
            store(packet, at, Checksum.update64(held, before, after));
        }
    }

    /** Follows a change of 16 bits of the transport header or data, at an even offset from its start. */
    public static void word16(Packet packet, int before, int after) {
        int at = field(packet);
        if (at != 0 && !packet.partialChecksum()) {
            store(packet, at, Checksum.update16(u16(packet.buffer(), at), before, after));
        }
    }

    /** Follows a change of 32 bits of the transport header or data, at an even offset from its start. */
    public static void word32(Packet packet, int before, int after) {
        int at = field(packet);
        if (at != 0 && !packet.partialChecksum()) {
            store(packet, at, Checksum.update32(u16(packet.buffer(), at), before, after));
        }
    }

    /**
     * Lowers the MSS of a SYN to {@code most}; adds none where none is.
     *
     * @return whether it was changed
     */
    public static boolean clampMss(Packet packet, int most) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int mss = Tcp.mss(b, at);
        if (mss <= most) {
            return false;
        }
        int option = Tcp.optionAt(b, at, Tcp.OPTION_MSS);
        u16(b, option + 2, most);
        if ((option - at & 1) == 0) {
            word16(packet, mss, most);
        } else {
            // At an odd offset the octets fall into two words: swapping both sides says the same (RFC 1071).
            word16(packet, swap(mss), swap(most));
        }
        return true;
    }

    /** Absolute offset of the checksum field; 0 when there is none, or UDP's says "none". */
    private static int field(Packet packet) {
        int at = packet.transportAt();
        if (packet.fragmentOffset() != 0) {
            return 0;
        }
        return switch (packet.protocol()) {
            case IpProtocol.TCP -> at + Tcp.CHECKSUM;
            case IpProtocol.UDP ->
                u16(packet.buffer(), at + Udp.CHECKSUM) == 0 && !packet.partialChecksum() ? 0 : at + Udp.CHECKSUM;
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> at + Icmp.CHECKSUM;
            default -> 0;
        };
    }

    private static void store(Packet packet, int at, int checksum) {
        boolean zeroMeansNone = packet.protocol() == IpProtocol.UDP && checksum == 0;
        u16(packet.buffer(), at, zeroMeansNone ? 0xffff : checksum);
    }

    private static int swap(int word) {
        return (word & 0xff) << 8 | word >>> 8;
    }
}
