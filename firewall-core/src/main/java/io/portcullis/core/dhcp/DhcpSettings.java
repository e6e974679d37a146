package io.portcullis.core.dhcp;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** What the DHCP client takes from a server. */
@ObjectType(
        value = "DHCPSettings",
        category = "Settings",
        title = "DHCP client settings",
        help = "What the DHCP client of Ethernet interfaces takes from a server.",
        singleton = true)
public record DhcpSettings(
        @Property(
                help = "Shortest lease that is taken, seconds.",
                name = "DHCP_MinimumLeaseTime",
                byDefault = "60",
                min = 10,
                max = 86400)
        int minimumLeaseTime,

        @Property(
                help = "Whether the broadcast address that a server names must be the highest of the network.",
                name = "DHCP_ValidateBcast",
                byDefault = "Yes")
        boolean validateBroadcast,

        @Property(
                help = "Whether a server may name 255.255.255.255 as broadcast address of the network.",
                name = "DHCP_AllowGlobalBcast",
                byDefault = "No")
        boolean allowGlobalBroadcast,

        @Property(
                help = "Whether an address is used without asking first, by ARP, who has it already.",
                name = "DHCP_DisableArpOnOffer",
                byDefault = "No")
        boolean disableArpOnOffer) {}
