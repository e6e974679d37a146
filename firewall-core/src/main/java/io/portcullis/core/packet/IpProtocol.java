package io.portcullis.core.packet;

import java.util.OptionalInt;

/** IANA "Assigned Internet Protocol Numbers", as far as the firewall knows them. */
public final class IpProtocol {
    public static final int HOP_BY_HOP = 0;
    public static final int ICMP = 1;
    public static final int IGMP = 2;
    /** IPv4 in IP. */
    public static final int IPV4 = 4;

    public static final int TCP = 6;
    public static final int UDP = 17;
    /** IPv6 in IP. */
    public static final int IPV6 = 41;

    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int GRE = 47;
    public static final int ESP = 50;
    public static final int AH = 51;
    public static final int ICMPV6 = 58;
    /** Nothing follows (RFC 8200 section 4.7). */
    public static final int NO_NEXT_HEADER = 59;

    public static final int DESTINATION_OPTIONS = 60;
    public static final int OSPF = 89;
    public static final int SCTP = 132;

    private static final int MOST = 255;

    private IpProtocol() {}

    /** Whether its header begins with a source and a destination port. */
    public static boolean hasPorts(int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP;
    }

    /** The protocol of a name, whatever its case, or of a number from 0 to 255. */
    public static OptionalInt parse(String text) {
        for (int protocol = 0; protocol <= MOST; protocol++) {
            if (text.equals(Integer.toString(protocol)) || text.equalsIgnoreCase(name(protocol))) {
                return OptionalInt.of(protocol);
            }
        }
        return OptionalInt.empty();
    }

    public static String name(int protocol) {
        return switch (protocol) {
            case HOP_BY_HOP -> "HOPOPT";
            case ICMP -> "ICMP";
            case IGMP -> "IGMP";
            case IPV4 -> "IPIP";
            case TCP -> "TCP";
            case UDP -> "UDP";
            case IPV6 -> "IPV6";
            case ROUTING -> "IPV6-ROUTE";
            case FRAGMENT -> "IPV6-FRAG";
            case GRE -> "GRE";
            case ESP -> "ESP";
            case AH -> "AH";
            case ICMPV6 -> "ICMPV6";
            case NO_NEXT_HEADER -> "IPV6-NONXT";
            case DESTINATION_OPTIONS -> "IPV6-OPTS";
            case OSPF -> "OSPF";
            case SCTP -> "SCTP";
            default -> Integer.toString(protocol);
        };
    }
}
