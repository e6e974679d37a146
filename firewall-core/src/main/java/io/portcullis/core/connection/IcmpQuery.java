package io.portcullis.core.connection;

import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;

/** Which ICMP messages ask, answer, or report an error about another packet. */
final class IcmpQuery {
    private static final int INFORMATION = 15;
    private static final int ADDRESS_MASK = 17;

    private IcmpQuery() {}

    static boolean isIcmp(int protocol) {
        return protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
    }

    /** Whether the protocol fits the version of IP: ICMP of the other family is nobody's. */
    static boolean fits(Packet packet) {
        return packet.protocol() == (packet.ipVersion() == 4 ? IpProtocol.ICMP : IpProtocol.ICMPV6);
    }

    /** The type that answers a query of this type; -1 when the type is no query. */
    static int answer(int protocol, int type) {
        if (protocol == IpProtocol.ICMPV6) {
            return type == Icmpv6.ECHO_REQUEST ? Icmpv6.ECHO_REPLY : -1;
        }
        return switch (type) {
            case Icmp.ECHO_REQUEST -> Icmp.ECHO_REPLY;
            case Icmp.TIMESTAMP, INFORMATION, ADDRESS_MASK -> type + 1;
            default -> -1;
        };
    }

    /** The type that an answer of this type answers; -1 when the type is no answer. */
    static int question(int protocol, int type) {
        if (protocol == IpProtocol.ICMPV6) {
            return type == Icmpv6.ECHO_REPLY ? Icmpv6.ECHO_REQUEST : -1;
        }
        return switch (type) {
            case Icmp.ECHO_REPLY -> Icmp.ECHO_REQUEST;
            case Icmp.TIMESTAMP_REPLY, INFORMATION + 1, ADDRESS_MASK + 1 -> type - 1;
            default -> -1;
        };
    }

    /** Whether it reports an error that may pass with the connection that it quotes; redirects never may. */
    static boolean isError(Packet packet) {
        int type = packet.destinationPort() >>> 8;
        return switch (packet.protocol()) {
            case IpProtocol.ICMP ->
                type == Icmp.UNREACHABLE || type == Icmp.TIME_EXCEEDED || type == Icmp.PARAMETER_PROBLEM;
            case IpProtocol.ICMPV6 -> type >= Icmpv6.UNREACHABLE && type <= Icmpv6.PARAMETER_PROBLEM;
            default -> false;
        };
    }
}
