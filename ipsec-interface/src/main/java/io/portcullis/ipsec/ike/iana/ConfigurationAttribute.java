package io.portcullis.ipsec.ike.iana;

import java.util.Optional;

/** IANA "IKEv2 Configuration Payload Attribute Types". */
public enum ConfigurationAttribute {
    INTERNAL_IP4_ADDRESS(1, "INTERNAL_IP4_ADDRESS"), // RFC 7296
    INTERNAL_IP4_NETMASK(2, "INTERNAL_IP4_NETMASK"),
    INTERNAL_IP4_DNS(3, "INTERNAL_IP4_DNS"),
    INTERNAL_IP4_NBNS(4, "INTERNAL_IP4_NBNS"),
    INTERNAL_IP4_DHCP(6, "INTERNAL_IP4_DHCP"),
    APPLICATION_VERSION(7, "APPLICATION_VERSION"),
    INTERNAL_IP6_ADDRESS(8, "INTERNAL_IP6_ADDRESS"),
    INTERNAL_IP6_DNS(10, "INTERNAL_IP6_DNS"),
    INTERNAL_IP6_DHCP(12, "INTERNAL_IP6_DHCP"),
    INTERNAL_IP4_SUBNET(13, "INTERNAL_IP4_SUBNET"),
    SUPPORTED_ATTRIBUTES(14, "SUPPORTED_ATTRIBUTES"),
    INTERNAL_IP6_SUBNET(15, "INTERNAL_IP6_SUBNET"),
    MIP6_HOME_PREFIX(16, "MIP6_HOME_PREFIX"), // RFC 5026
    INTERNAL_IP6_LINK(17, "INTERNAL_IP6_LINK"), // RFC 5739
    INTERNAL_IP6_PREFIX(18, "INTERNAL_IP6_PREFIX"),
    HOME_AGENT_ADDRESS(19, "HOME_AGENT_ADDRESS"), // 3GPP TS 24.302
    P_CSCF_IP4_ADDRESS(20, "P_CSCF_IP4_ADDRESS"), // RFC 7651
    P_CSCF_IP6_ADDRESS(21, "P_CSCF_IP6_ADDRESS"),
    FTT_KAT(22, "FTT_KAT"), // 3GPP TS 24.302
    EXTERNAL_SOURCE_IP4_NAT_INFO(23, "EXTERNAL_SOURCE_IP4_NAT_INFO"), // 3GPP TS 29.139
    TIMEOUT_PERIOD_FOR_LIVENESS_CHECK(24, "TIMEOUT_PERIOD_FOR_LIVENESS_CHECK"), // 3GPP TS 24.302
    INTERNAL_DNS_DOMAIN(25, "INTERNAL_DNS_DOMAIN"), // RFC 8598
    INTERNAL_DNSSEC_TA(26, "INTERNAL_DNSSEC_TA"),
    ENCDNS_IP4(27, "ENCDNS_IP4"), // RFC 9464
    ENCDNS_IP6(28, "ENCDNS_IP6"),
    ENCDNS_DIGEST_INFO(29, "ENCDNS_DIGEST_INFO");

    private final int id;
    private final String wireName;

    ConfigurationAttribute(int id, String wireName) {
        this.id = id;
        this.wireName = wireName;
    }

    /** The row with this number; values we do not know are legal input. */
    public static Optional<ConfigurationAttribute> of(int id) {
        for (ConfigurationAttribute row : values()) {
            if (row.id == id) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    public static String nameOf(int id) {
        return of(id).map(row -> row.wireName).orElse("CFG_ATTRIBUTE(" + id + ")");
    }

    public int id() {
        return id;
    }

    /** The name that the registry gives it. */
    public String wireName() {
        return wireName;
    }
}
