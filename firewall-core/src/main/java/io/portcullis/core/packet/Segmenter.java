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
        return length(packet, 0);
    }

    /** Octets of one segment of a parsed super-packet as an IP packet. */
    public static int length(Packet packet, int index) {
        int payloadAt = payloadAt(packet);
        int left = packet.payloadEnd() - payloadAt - index * packet.gsoSize();
        return payloadAt - packet.networkAt() + Math.min(packet.gsoSize(), left);
    }

    /**
     * Makes one segment in an empty packet: data, headers, checksums, and all that parsing would find. What stands
     * before the IP header is repeated too.
     *
     * @param from a parsed super-packet; it stays as it is
     * @param index from 0 to before {@link #count}
     */
    public static void cut(Packet from, int index, Packet into) {
        int front = from.networkAt() - from.start();
        int networkAt = into.start() + front;
        MemorySegment.copy(from.buffer(), from.start(), into.buffer(), into.start(), front);
        int length = cut(from, index, into.buffer(), networkAt);
        into.bounds(into.start(), networkAt + length);
        into.copyOriginFrom(from);
        into.etherType(from.etherType());
        int transportAt = networkAt + from.transportAt() - from.networkAt();
        into.network(from.ipVersion(), networkAt, transportAt, into.end(), from.protocol());
        into.addresses(from.sourceHigh(), from.sourceLow(), from.destinationHigh(), from.destinationLow());
        into.ports(from.sourcePort(), from.destinationPort());
    }

    /**
     * Writes one segment as an IP packet with whole checksums.
     *
     * @param from a parsed super-packet; it stays as it is
     * @param index from 0 to before {@link #count}
     * @param to not the super-packet's own buffer
     * @param at where its IP header goes
     * @return octets written, as {@link #length} says
     */
    public static int cut(Packet from, int index, MemorySegment to, int at) {
        int payloadAt = payloadAt(from);
        int headers = payloadAt - from.networkAt();
        int done = index * from.gsoSize();
        int payload = Math.min(from.gsoSize(), from.payloadEnd() - payloadAt - done);
        int end = at + headers + payload;
        MemorySegment.copy(from.buffer(), from.networkAt(), to, at, headers);
        MemorySegment.copy(from.buffer(), payloadAt + done, to, at + headers, payload);

        int transportAt = at + from.transportAt() - from.networkAt();
        int length = end - transportAt;
        long pseudo;
        if (from.ipVersion() == 4) {
            Ipv4.totalLength(to, at, end - at);
            Ipv4.identification(to, at, Ipv4.identification(to, at) + index & 0xffff);
            pseudo = Ipv4.pseudoHeader(to, at, from.protocol(), length);
        } else {
            Ipv6.payloadLength(to, at, end - at - Ipv6.HEADER);
            pseudo = Ipv6.pseudoHeader(to, at, from.protocol(), length);
        }
        if (from.protocol() == IpProtocol.TCP) {
            boolean last = payloadAt + done + payload == from.payloadEnd();
            finishTcp(to, transportAt, end, done, last, pseudo);
        } else {
            finishUdp(to, transportAt, length, from.partialChecksum(), pseudo);
        }
        return end - at;
    }

    private static void finishTcp(MemorySegment b, int at, int end, int done, boolean last, long pseudo) {
        int flags = Tcp.flags(b, at);
        if (!last) {
            flags &= ~ONLY_LAST;
        }
        if (done != 0) {
            flags &= ~Tcp.CWR;
        }
        Tcp.flags(b, at, flags);
        Tcp.sequence(b, at, Tcp.sequence(b, at) + done);
        Tcp.computeChecksum(b, at, end, pseudo);
    }

    private static void finishUdp(MemorySegment b, int at, int length, boolean partial, long pseudo) {
        Udp.length(b, at, length);
        if (partial || Udp.checksum(b, at) != 0) {
            Udp.computeChecksum(b, at, pseudo);
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
