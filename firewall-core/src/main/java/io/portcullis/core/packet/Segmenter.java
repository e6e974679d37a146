package io.portcullis.core.packet;

import java.lang.foreign.MemorySegment;

/**
 * Cuts a TCP or UDP super-packet into the packets that its sender would have sent without offload: whole headers in
 * each, whole checksums.
 *
 * <pre>{@code
 * int count = Segmenter.count(packet);
 * for (int i = 0; i < count; i++) {
 *     Segmenter.cut(packet, i, pool.take());
 * }
 * }</pre>
 */
public final class Segmenter {
    private static final int ONLY_LAST = Tcp.FIN | Tcp.PSH;

    private Segmenter() {}

    /** How many segments a parsed super-packet makes; 0 when it can not be cut. */
    public static int count(Packet packet) {
        int payload = packet.payloadEnd() - payloadAt(packet);
        int size = packet.gsoSize();
        if (size <= 0 || packet.isFragment() || !isCuttable(packet) || payload < 0) {
            return 0;
        }
        return Math.max(1, (payload + size - 1) / size);
    }

    /** Octets of the longest segment of a parsed super-packet as an IP packet: what is held against an MTU. */
    public static int segmentLength(Packet packet) {
        int payloadAt = payloadAt(packet);
        return payloadAt - packet.networkAt() + Math.min(packet.gsoSize(), packet.payloadEnd() - payloadAt);
    }

    /**
     * Makes one segment in an empty packet: data, headers, checksums, and all that parsing would find. What stands
     * before the IP header is repeated too.
     *
     * @param from a parsed super-packet; it stays as it is
     * @param index from 0 to before {@link #count}
     */
    public static void cut(Packet from, int index, Packet into) {
        int payloadAt = payloadAt(from);
        int headers = payloadAt - from.start();
        int done = index * from.gsoSize();
        int payload = Math.min(from.gsoSize(), from.payloadEnd() - payloadAt - done);
        boolean last = payloadAt + done + payload == from.payloadEnd();
        MemorySegment b = into.buffer();
        int shift = into.start() - from.start();
        into.bounds(into.start(), into.start() + headers + payload);
        MemorySegment.copy(from.buffer(), from.start(), b, into.start(), headers);
        MemorySegment.copy(from.buffer(), payloadAt + done, b, into.start() + headers, payload);

        int networkAt = from.networkAt() + shift;
        int transportAt = from.transportAt() + shift;
        into.copyOriginFrom(from);
        into.etherType(from.etherType());
        into.network(from.ipVersion(), networkAt, transportAt, into.end(), from.protocol());
        into.addresses(from.sourceHigh(), from.sourceLow(), from.destinationHigh(), from.destinationLow());
        into.ports(from.sourcePort(), from.destinationPort());

        if (from.ipVersion() == 4) {
            Ipv4.totalLength(b, networkAt, into.end() - networkAt);
            Ipv4.identification(b, networkAt, Ipv4.identification(b, networkAt) + index & 0xffff);
        } else {
            Ipv6.payloadLength(b, networkAt, into.end() - networkAt - Ipv6.HEADER);
        }
        if (from.protocol() == IpProtocol.TCP) {
            finishTcp(into, transportAt, done, index == 0, last);
        } else {
            finishUdp(into, transportAt, from.partialChecksum());
        }
    }

    private static void finishTcp(Packet into, int at, int done, boolean first, boolean last) {
        MemorySegment b = into.buffer();
        int flags = Tcp.flags(b, at);
        if (!last) {
            flags &= ~ONLY_LAST;
        }
        if (!first) {
            flags &= ~Tcp.CWR;
        }
        Tcp.flags(b, at, flags);
        Tcp.sequence(b, at, Tcp.sequence(b, at) + done);
        Tcp.computeChecksum(b, at, into.end(), Headers.pseudoHeader(into, into.end() - at));
    }

    private static void finishUdp(Packet into, int at, boolean partial) {
        MemorySegment b = into.buffer();
        Udp.length(b, at, into.end() - at);
        if (partial || Udp.checksum(b, at) != 0) {
            Udp.computeChecksum(b, at, Headers.pseudoHeader(into, into.end() - at));
        }
    }

    private static boolean isCuttable(Packet packet) {
        return packet.protocol() == IpProtocol.TCP || packet.protocol() == IpProtocol.UDP;
    }

    private static int payloadAt(Packet packet) {
        int at = packet.transportAt();
        return at + (packet.protocol() == IpProtocol.TCP ? Tcp.headerLength(packet.buffer(), at) : Udp.HEADER);
    }
}
