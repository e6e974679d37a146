package io.portcullis.core.icmp;

import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;

/** What can be wrong with a packet, in the words of RFC 792 and RFC 4443. */
public enum IcmpFault {
    TTL_EXPIRED(Icmp.TIME_EXCEEDED, 0, Icmpv6.TIME_EXCEEDED, 0),
    TOO_BIG(Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, Icmpv6.PACKET_TOO_BIG, 0),
    NO_ROUTE(Icmp.UNREACHABLE, Icmp.NET_UNREACHABLE, Icmpv6.UNREACHABLE, Icmpv6.NO_ROUTE),
    NO_HOST(Icmp.UNREACHABLE, Icmp.HOST_UNREACHABLE, Icmpv6.UNREACHABLE, Icmpv6.ADDRESS_UNREACHABLE),
    PROHIBITED(
            Icmp.UNREACHABLE, Icmp.ADMINISTRATIVELY_PROHIBITED, Icmpv6.UNREACHABLE, Icmpv6.ADMINISTRATIVELY_PROHIBITED),
    NO_PORT(Icmp.UNREACHABLE, Icmp.PORT_UNREACHABLE, Icmpv6.UNREACHABLE, Icmpv6.PORT_UNREACHABLE),
    NO_PROTOCOL(Icmp.UNREACHABLE, Icmp.PROTOCOL_UNREACHABLE, Icmpv6.PARAMETER_PROBLEM, 1);

    final int type4;
    final int code4;
    final int type6;
    final int code6;

    IcmpFault(int type4, int code4, int type6, int code6) {
        this.type4 = type4;
        this.code4 = code4;
        this.type6 = type6;
        this.code6 = code6;
    }
}
