package io.portcullis.core.packet;

import java.lang.foreign.MemorySegment;

/**
 * Cuts an IPv6 packet into fragments (RFC 8200 section 4.5): for its sender, and for who put it together on the way.
 * Used as {@link Fragmenter} is.
 */
public final class Ipv6Fragmenter {
    private static final int NEXT_HEADER = 6;

    private Ipv6Fragmenter() {}

    /**
     * Looks whether a parsed whole packet can be cut, and makes its checksum whole.
     *
     * @param mtu the longest fragment, octets of IP packet
     * @return TOO_BIG for a super-packet, and when the MTU has no room for data
     */
    public static DropReason prepare(Packet packet, int mtu) {
        int room = mtu - unfragmentable(packet) - Ipv6Extensions.FRAGMENT_HEADER;
        if (packet.ipVersion() != 6 || packet.gso() != Packet.Gso.NONE || packet.isFragment() || room < 8) {
            return DropReason.TOO_BIG;
        }
        Checksums.complete(packet);
        return DropReason.NONE;
    }

    /** Octets behind the headers that each fragment carries: what fragments share out. */
    public static int octets(Packet packet) {
        return packet.payloadEnd() - packet.networkAt() - unfragmentable(packet);
    }

    /**
     * Makes one fragment in an empty packet, with all that parsing would find but for what is behind extension headers.
     *
     * @param from a prepared packet; it stays as it is
     * @param done octets that the fragments before this one carry
     * @param identification the same for all fragments of the packet
     * @return octets that the fragments up to this one carry
     */
    public static int cut(Packet from, int mtu, int done, int identification, Packet into) {
        MemorySegment b = into.buffer();
        int at = into.start();
        int headers = unfragmentable(from);
        int left = octets(from) - done;
        int room = mtu - headers - Ipv6Extensions.FRAGMENT_HEADER;
        boolean last = left <= room;
        int data = last ? left : room & ~7;
        int extension = at + headers;
        int dataAt = extension + Ipv6Extensions.FRAGMENT_HEADER;
        into.bounds(at, dataAt + data);
        MemorySegment.copy(from.buffer(), from.networkAt(), b, at, headers);
        MemorySegment.copy(from.buffer(), (long) from.networkAt() + headers + done, b, dataAt, data);

        int field = at + nextHeaderField(from) - from.networkAt();
        Octets.u8(b, extension, Octets.u8(b, field));
        Octets.u8(b, extension + 1, 0);
        Octets.u16(b, extension + 2, done | (last ? 0 : 1));
        Octets.i32(b, extension + 4, identification);
        Octets.u8(b, field, IpProtocol.FRAGMENT);
        Ipv6.payloadLength(b, at, into.end() - at - Ipv6.HEADER);

        into.copyOriginFrom(from);
        into.etherType(from.etherType());
        into.network(6, at, dataAt, into.end(), from.protocol());
        into.fragment(done, !last);
        into.addresses(from.sourceHigh(), from.sourceLow(), from.destinationHigh(), from.destinationLow());
        if (done == 0) {
            into.ports(from.sourcePort(), from.destinationPort());
        }
        return done + data;
    }

    /** Octets of the headers that routers look at: the fixed one, Hop-by-Hop, and what a Routing header is behind. */
    private static int unfragmentable(Packet packet) {
        return walk(packet, false);
    }

    /** Absolute offset of the field that names the first header which routers do not look at. */
    private static int nextHeaderField(Packet packet) {
        return walk(packet, true);
    }

    private static int walk(Packet packet, boolean wantField) {
        MemorySegment b = packet.buffer();
        int at = packet.networkAt();
        int field = at + NEXT_HEADER;
        int end = at + Ipv6.HEADER;
        int candidate = field;
        for (int where = end; where < packet.transportAt(); ) {
            int kind = Octets.u8(b, candidate);
            candidate = where;
            where += (Octets.u8(b, where + 1L) + 1) << 3;
            if (kind == IpProtocol.HOP_BY_HOP || kind == IpProtocol.ROUTING) {
                field = candidate;
                end = where;
            }
        }
        return wantField ? field : end - at;
    }
}
