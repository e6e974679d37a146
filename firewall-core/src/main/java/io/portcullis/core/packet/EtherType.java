package io.portcullis.core.packet;

/** IANA "IEEE 802 Numbers", as far as the firewall knows them. */
public final class EtherType {
    public static final int IPV4 = 0x0800;
    public static final int ARP = 0x0806;
    /** IEEE 802.1Q tag. */
    public static final int VLAN = 0x8100;

    public static final int IPV6 = 0x86dd;

    private EtherType() {}

    public static String name(int etherType) {
        return switch (etherType) {
            case IPV4 -> "IPv4";
            case ARP -> "ARP";
            case VLAN -> "802.1Q";
            case IPV6 -> "IPv6";
            default -> String.format("0x%04x", etherType);
        };
    }
}
