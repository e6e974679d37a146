package io.portcullis.core.pipeline;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv6;
import java.lang.foreign.MemorySegment;

/** Neighbour discovery as a host sends it. */
final class NeighbourMessages {
    private static final int LENGTH = Icmpv6.NEIGHBOUR + Icmpv6.LINK_OPTION;

    private NeighbourMessages() {}

    static byte[] solicitation(String from, MacAddress mac, String target) {
        return message(from, solicitedNode(target), Icmpv6.NEIGHBOUR_SOLICITATION, 0, target, mac);
    }

    static byte[] advertisement(String from, String to, MacAddress mac, int flags) {
        return message(from, to, Icmpv6.NEIGHBOUR_ADVERTISEMENT, flags, from, mac);
    }

    /** RFC 4291 section 2.7.1. */
    static String solicitedNode(String target) {
        long low = IpAddress.literal(target).low();
        return new IpAddress(0xff02L << 48, 0x1_ff00_0000L | (low & 0xff_ffffL)).toString();
    }

    static byte[] message(String from, String to, int type, int flags, String target, MacAddress mac) {
        IpAddress about = IpAddress.literal(target);
        boolean withOption = mac.bits() != 0;
        int length = withOption ? LENGTH : Icmpv6.NEIGHBOUR;
        return Datagrams.ip(from, to, IpProtocol.ICMPV6, length, p -> {
            MemorySegment b = p.buffer();
            int at = p.transportAt();
            Ipv6.hopLimit(b, p.networkAt(), 255);
            Icmpv6.writeNeighbour(b, at, type, flags, about.high(), about.low());
            if (withOption) {
                int kind =
                        type == Icmpv6.NEIGHBOUR_SOLICITATION ? Icmpv6.OPTION_SOURCE_LINK : Icmpv6.OPTION_TARGET_LINK;
                Icmpv6.writeLinkOption(b, at + Icmpv6.NEIGHBOUR, kind, mac.bits());
            }
            Icmpv6.computeChecksum(b, at, at + length, Headers.pseudoHeader(p, length));
        });
    }
}
