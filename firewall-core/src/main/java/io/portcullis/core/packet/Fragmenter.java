package io.portcullis.core.packet;

import java.lang.foreign.MemorySegment;

/**
 * Cuts an IPv4 packet into fragments (RFC 791 section 3.2). IPv6 packets are never fragmented on the way (RFC 8200
 * section 5).
 *
 * <pre>{@code
 * if ((why = Fragmenter.prepare(packet, mtu)) == NONE) {
 *     for (int done = 0; done < Fragmenter.octets(packet); ) {
 *         done = Fragmenter.cut(packet, mtu, done, pool.take());
 *     }
 * }
 * }</pre>
 */
public final class Fragmenter {
    private Fragmenter() {}

    /**
     * Looks whether a parsed packet can be cut, whose IP header is at {@link Packet#start()}; whether DF forbids it was
     * looked at before. Its checksum is made whole.
     *
     * @param mtu the longest fragment, octets of IP packet
     * @return TOO_BIG for IPv6, for a super-packet (segment it first) and when the MTU has no room for data,
     *     BAD_OPTIONS when the options are malformed
     */
    public static DropReason prepare(Packet packet, int mtu) {
        MemorySegment b = packet.buffer();
        int at = packet.networkAt();
        if (packet.ipVersion() != 4 || packet.gso() != Packet.Gso.NONE || mtu - Ipv4.headerLength(b, at) < 8) {
            return DropReason.TOO_BIG;
        }
        if (Ipv4Options.check(b, at) != DropReason.NONE) {
            return DropReason.BAD_OPTIONS;
        }
        Checksums.complete(packet);
        return DropReason.NONE;
    }

    /** Octets behind the packet's IP header: what fragments share out. */
    public static int octets(Packet packet) {
        return packet.payloadEnd() - packet.transportAt();
    }

    /**
     * Makes one fragment in an empty packet, with all that parsing would find.
     *
     * @param from a prepared packet; it stays as it is
     * @param done octets that the fragments before this one carry
     * @return octets that the fragments up to this one carry
     */
    public static int cut(Packet from, int mtu, int done, Packet into) {
        MemorySegment b = into.buffer();
        int at = into.start();
        MemorySegment.copy(from.buffer(), from.networkAt(), b, at, Ipv4.HEADER);
        int header = Ipv4.HEADER + options(from, done == 0, b, at + Ipv4.HEADER);
        Octets.u8(b, at, 0x40 | header >>> 2);

        int left = octets(from) - done;
        boolean last = left <= mtu - header;
        int data = last ? left : mtu - header & ~7;
        into.bounds(at, at + header + data);
        MemorySegment.copy(from.buffer(), from.transportAt() + done, b, at + header, data);
        int offset = from.fragmentOffset() + done;
        boolean more = !last || from.moreFragments();
        Ipv4.totalLength(b, at, header + data);
        Ipv4.fragment(b, at, offset, more);
        Ipv4.computeChecksum(b, at);

        into.copyOriginFrom(from);
        into.etherType(from.etherType());
        into.network(4, at, at + header, into.end(), from.protocol());
        into.fragment(offset, more);
        into.addresses(from.sourceHigh(), from.sourceLow(), from.destinationHigh(), from.destinationLow());
        if (offset == 0) {
            into.ports(from.sourcePort(), from.destinationPort());
        }
        return done + data;
    }

    /** The first fragment carries all options, later ones those whose copy flag is set. */
    private static int options(Packet from, boolean first, MemorySegment b, int to) {
        if (!first) {
            return Ipv4Options.copyForLaterFragment(from.buffer(), from.networkAt(), b, to);
        }
        int octets = from.transportAt() - from.networkAt() - Ipv4.HEADER;
        MemorySegment.copy(from.buffer(), from.networkAt() + Ipv4.HEADER, b, to, octets);
        return octets;
    }
}
