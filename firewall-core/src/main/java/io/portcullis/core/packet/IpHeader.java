package io.portcullis.core.packet;

import io.portcullis.core.net.IpAddress;
import java.lang.foreign.MemorySegment;

/** The IP header of a packet that the firewall makes itself. */
public final class IpHeader {
    private static final int TTL = 64;

    private IpHeader() {}

    /**
     * Puts a header before what the packet holds; IPv4 may be fragmented on its way.
     *
     * @param source of the same family as {@code destination}
     * @param identification for fragments, 0..65535; IPv6 has none
     * @return the pseudo-header's sum, for the transport checksum
     */
    public static long push(Packet packet, IpAddress source, IpAddress destination, int protocol, int identification) {
        MemorySegment b = packet.buffer();
        int length = packet.length();
        if (destination.isV4()) {
            int at = packet.push(Ipv4.HEADER);
            int total = Ipv4.HEADER + length;
            Ipv4.write(b, at, 0, total, identification, false, TTL, protocol, source.v4Bits(), destination.v4Bits());
            return Ipv4.pseudoHeader(b, at, protocol, length);
        }
        int at = packet.push(Ipv6.HEADER);
        Ipv6.write(
                b, at, 0, 0, length, protocol, TTL, source.high(), source.low(), destination.high(), destination.low());
        return Ipv6.pseudoHeader(b, at, protocol, length);
    }
}
