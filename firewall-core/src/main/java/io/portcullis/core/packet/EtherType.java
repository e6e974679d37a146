package io.portcullis.core.packet;

/** IANA "IEEE 802 Numbers", as far as the firewall knows them. */
public final class EtherType {
    public static final int IPV4 = 0x0800;
    public static final int ARP = 0x0806;
    /** IEEE 802.1Q tag. */
    public static final int VLAN = 0x8100;
    /** IEEE 802.1ad service tag, the outer of two. */
    public static final int SERVICE_VLAN = 0x88a8;

    public static final int IPV6 = 0x86dd;

    private EtherType() {}

    /** Whether this announces a tag and not what the frame carries. */
    public static boolean isTag(int etherType) {
        return etherType == VLAN || etherType == SERVICE_VLAN;
    }

    public static String name(int etherType) {
        return switch (etherType) {
            case IPV4 -> "IPv4";
            case ARP -> "ARP";
            case VLAN -> "802.1Q";
            case SERVICE_VLAN -> "802.1ad";
            case IPV6 -> "IPv6";
            default -> String.format("0x%04x", etherType);
        };
    }
}
