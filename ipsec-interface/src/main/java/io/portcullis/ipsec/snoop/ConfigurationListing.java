package io.portcullis.ipsec.snoop;

import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.ike.iana.ConfigurationAttribute;
import io.portcullis.ipsec.ike.iana.ConfigurationType;
import io.portcullis.ipsec.ike.wire.ConfigurationPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import java.util.Optional;

/** What is asked for or given to a roaming peer. */
final class ConfigurationListing {
    /** An IPv6 address with its prefix length (RFC 7296 section 3.15.1). */
    private static final int ADDRESS_AND_PREFIX = 17;

    private ConfigurationListing() {}

    static void list(ConfigurationPayload payload, Listing out) {
        out.field("Configuration type", ConfigurationType.nameOf(payload.type()));
        for (ConfigurationPayload.Attribute attribute : payload.attributes()) {
            out.field(ConfigurationAttribute.nameOf(attribute.type()), value(attribute));
        }
    }

    private static String value(ConfigurationPayload.Attribute attribute) {
        Octets value = attribute.value();
        Optional<ConfigurationAttribute> type = ConfigurationAttribute.of(attribute.type());
        if (value.isEmpty() || type.isEmpty()) {
            return value.isEmpty() ? "" : value.size() + " bytes";
        }
        return switch (type.get()) {
            case INTERNAL_IP4_ADDRESS,
                    INTERNAL_IP4_NETMASK,
                    INTERNAL_IP4_DNS,
                    INTERNAL_IP4_NBNS,
                    INTERNAL_IP4_DHCP,
                    P_CSCF_IP4_ADDRESS,
                    INTERNAL_IP6_DNS,
                    INTERNAL_IP6_DHCP,
                    P_CSCF_IP6_ADDRESS -> address(value);
            case INTERNAL_IP6_ADDRESS, INTERNAL_IP6_SUBNET, INTERNAL_IP6_PREFIX ->
                value.size() == ADDRESS_AND_PREFIX
                        ? address(value.slice(0, ADDRESS_AND_PREFIX - 1)) + "/" + value.at(ADDRESS_AND_PREFIX - 1)
                        : "" + value;
            case INTERNAL_IP4_SUBNET ->
                value.size() == 8 ? address(value.slice(0, 4)) + "/" + address(value.slice(4, 8)) : "" + value;
            case APPLICATION_VERSION, INTERNAL_DNS_DOMAIN -> PeerText.of(value);
            case SUPPORTED_ATTRIBUTES -> value.size() / 2 + " attributes";
            default -> value.size() + " bytes";
        };
    }

    private static String address(Octets value) {
        boolean whole = value.size() == 4 || value.size() == 16;
        return whole ? IpAddress.of(value.toArray()).toString() : "" + value;
    }
}
