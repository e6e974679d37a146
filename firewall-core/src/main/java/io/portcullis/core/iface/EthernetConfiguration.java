package io.portcullis.core.iface;

import io.portcullis.core.address.AddressObjects;
import io.portcullis.core.address.Ip4Address;
import io.portcullis.core.address.Ip6Address;
import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.core.dhcp.LearnedAddresses;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.port.IoMethod;
import io.portcullis.core.routing.NamedRoutingTable;
import io.portcullis.core.slaac.LearnedIpv6;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An Ethernet interface as it is configured. */
@ObjectType(
        value = "Ethernet",
        category = "Interface",
        title = "Ethernet interface",
        help = "A device that the firewall takes over. The device must have no addresses of the operating system.")
public record EthernetConfiguration(
        @Property(help = "Name of the interface.", required = true)
        String name,

        @Property(help = "Device of the operating system, such as eth0.", required = true)
        String ethernetDevice,

        @Property(help = "The firewall's IPv4 address on it.", name = "IP")
        Optional<Addresses> ip,

        @Property(help = "The IPv4 network on it.") Optional<Addresses> network,

        @Property(help = "The firewall's IPv6 address on it.", name = "IP6")
        Optional<Addresses> ip6,

        @Property(help = "The IPv6 network on it.") Optional<Addresses> network6,

        @Property(
                help = "Router on this network that leads everywhere else; adds an all-nets route.",
                group = "Routing")
        Optional<Addresses> defaultGateway,

        @Property(
                help = "IPv6 router on this network that leads everywhere else; adds an all-nets6 route.",
                group = "Routing")
        Optional<Addresses> defaultGateway6,

        @Property(
                help = "Whether the default gateway adds a route to all-nets; if not, it only has a name.",
                byDefault = "Yes",
                group = "Routing")
        boolean autoDefaultGatewayRoute,

        @Property(
                help = "Metric of the routes that the interface adds.",
                byDefault = "100",
                min = 1,
                max = 65535,
                group = "Routing")
        int metric,

        @Property(
                help =
                        "The one routing table that has the interface's routes, and by which alone is routed what comes in"
                                + " by it. Empty: all tables have its address, and main routes.",
                refersTo = NamedRoutingTable.class,
                group = "Routing")
        Optional<Ref> routingTable,

        @Property(help = "First DNS server of this network, for the address object NAME_dns1.", name = "DNS1")
        Optional<Addresses> dns1,

        @Property(help = "Second DNS server of this network, for the address object NAME_dns2.", name = "DNS2")
        Optional<Addresses> dns2,

        @Property(
                help =
                        "Whether the interface gets its IPv4 address, network, gateway and DNS servers from a DHCP server.",
                name = "DHCPEnabled",
                byDefault = "No",
                group = "DHCP")
        boolean dhcpEnabled,

        @Property(help = "Name that the server is told.", name = "DHCPHostName", group = "DHCP")
        String dhcpHostName,

        @Property(help = "Address to ask for.", name = "DHCPPreferredIP", group = "DHCP")
        Optional<Addresses> dhcpPreferredIp,

        @Property(
                help = "Lease to ask for, seconds; 0 leaves it to the server.",
                name = "DHCPPreferredLeaseTime",
                byDefault = "0",
                min = 0,
                max = 31_536_000,
                group = "DHCP")
        int dhcpPreferredLeaseTime,

        @Property(help = "Addresses that a lease may be of. Empty: any.", name = "DHCPAllowedIP", group = "DHCP")
        Optional<Addresses> dhcpAllowedIp,

        @Property(
                help = "Servers whose leases are taken. Empty: any server on the link.",
                name = "DHCPAllowedServers",
                group = "DHCP")
        Optional<Addresses> dhcpAllowedServers,

        @Property(
                help = "Whether the server may add routes to other networks than all-nets.",
                name = "DHCPStaticRoutes",
                byDefault = "No",
                group = "DHCP")
        boolean dhcpStaticRoutes,

        @Property(
                help = "Whether the interface listens to IPv6 routers on its link, which then give it its IPv6 address,"
                        + " network and default gateway.",
                byDefault = "No",
                group = "IPv6")
        boolean enableRouterDiscovery,

        @Property(help = "Longest IP packet, octets.", name = "MTU", byDefault = "1500", min = 576, max = 65535)
        int mtu,

        @Property(
                help =
                        "How frames are exchanged with the device: Auto takes what fits it, ifstat -verbose says what and"
                                + " why.",
                name = "IOMethod",
                byDefault = "Auto")
        IoMethod ioMethod,

        @Property(help = "Remark.") String comments)
        implements AddressedInterface {
    private static final Addresses UNASSIGNED = AddressObjects.literal("0.0.0.0");
    private static final Addresses UNASSIGNED_V6 = AddressObjects.literal("::");

    public EthernetConfiguration {
        // IFNAMSIZ of Linux is 16 with the closing zero.
        if (!ethernetDevice.matches("[^\\s/:]{1,15}")) {
            throw new ConfigError(
                    "EthernetDevice", "'" + ethernetDevice + "' is not a device name of 1 to 15 characters");
        }
        if (!dhcpHostName.matches("[A-Za-z0-9.-]{0,63}")) {
            throw new ConfigError(
                    "DHCPHostName",
                    "'" + dhcpHostName + "' is not a host name: letters, digits, - and dots, 63 characters at most");
        }
    }

    /** The same with what a DHCP server said, where the operator has not said otherwise. */
    public EthernetConfiguration with(LearnedAddresses learned) {
        return new EthernetConfiguration(
                name,
                ethernetDevice,
                Optional.of(AddressObjects.literal(learned.address().toString())),
                Optional.of(AddressObjects.literal(learned.network().toString())),
                ip6,
                network6,
                learned.router().map(router -> AddressObjects.literal(router.toString())),
                defaultGateway6,
                autoDefaultGatewayRoute,
                metric,
                routingTable,
                dns1.or(() -> nameServer(learned, 0)),
                dns2.or(() -> nameServer(learned, 1)),
                dhcpEnabled,
                dhcpHostName,
                dhcpPreferredIp,
                dhcpPreferredLeaseTime,
                dhcpAllowedIp,
                dhcpAllowedServers,
                dhcpStaticRoutes,
                enableRouterDiscovery,
                mtu,
                ioMethod,
                comments);
    }

    /** The same with what routers on its link advertise. */
    public EthernetConfiguration with(LearnedIpv6 learned) {
        return new EthernetConfiguration(
                name,
                ethernetDevice,
                ip,
                network,
                Optional.of(AddressObjects.literal(learned.address().toString())),
                Optional.of(AddressObjects.literal(learned.network().toString())),
                defaultGateway,
                learned.router().map(router -> AddressObjects.literal(router.toString())),
                autoDefaultGatewayRoute,
                metric,
                routingTable,
                dns1,
                dns2,
                dhcpEnabled,
                dhcpHostName,
                dhcpPreferredIp,
                dhcpPreferredLeaseTime,
                dhcpAllowedIp,
                dhcpAllowedServers,
                dhcpStaticRoutes,
                enableRouterDiscovery,
                learned.mtu().orElse(mtu),
                ioMethod,
                comments);
    }

    private static Optional<Addresses> nameServer(LearnedAddresses learned, int index) {
        return learned.nameServers().stream()
                .skip(index)
                .findFirst()
                .map(address -> AddressObjects.literal(address.toString()));
    }

    /** Without a lease the names of what it would bring stand for 0.0.0.0, which is nobody's. */
    @Override
    public List<Record> derived() {
        List<Record> out = new ArrayList<>(AddressedInterface.super.derived());
        dns1.ifPresent(value -> out.add(new Ip4Address(name + "_dns1", value, "First DNS server of " + name)));
        dns2.ifPresent(value -> out.add(new Ip4Address(name + "_dns2", value, "Second DNS server of " + name)));
        if (dhcpEnabled) {
            for (String ending : List.of("_ip", "_net", "_gw", "_dns1", "_dns2")) {
                boolean known = out.stream()
                        .anyMatch(object -> object instanceof Ip4Address named
                                && named.name().equals(name + ending));
                if (!known) {
                    out.add(new Ip4Address(name + ending, UNASSIGNED, "Not known yet: by DHCP"));
                }
            }
        }
        if (enableRouterDiscovery && ip6.isEmpty()) {
            out.add(new Ip6Address(name + "_ip6", UNASSIGNED_V6, "Not known yet: by a router"));
            out.add(new Ip6Address(name + "_net6", UNASSIGNED_V6, "Not known yet: by a router"));
        }
        return out;
    }

    @Override
    public boolean hasNeighbours() {
        return true;
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        checkAddresses(configuration, findings);
        checkLearned(configuration, findings);
        boolean taken = configuration.all(EthernetConfiguration.class).stream()
                .anyMatch(other -> !other.name.equals(name) && other.ethernetDevice.equals(ethernetDevice));
        if (taken) {
            findings.error("EthernetDevice", ethernetDevice + " is taken by another Ethernet interface too");
        }
    }

    private void checkLearned(Configuration configuration, Findings.ForObject findings) {
        if (enableRouterDiscovery) {
            refuse("IP6", ip6, "EnableRouterDiscovery", findings);
            refuse("Network6", network6, "EnableRouterDiscovery", findings);
            refuse("DefaultGateway6", defaultGateway6, "EnableRouterDiscovery", findings);
            if (mtu < LEAST_MTU_V6) {
                findings.error("MTU", mtu + " is below the " + LEAST_MTU_V6 + " that IPv6 needs");
            }
        }
        if (!dhcpEnabled) {
            return;
        }
        refuse("IP", ip, "DHCPEnabled", findings);
        refuse("Network", network, "DHCPEnabled", findings);
        refuse("DefaultGateway", defaultGateway, "DHCPEnabled", findings);
        if (dhcpPreferredIp
                .map(wanted -> single(configuration.resolve(wanted))
                        .filter(IpAddress::isV4)
                        .isEmpty())
                .orElse(false)) {
            findings.error("DHCPPreferredIP", dhcpPreferredIp.get() + " is not one IPv4 address");
        }
    }

    private static void refuse(String property, Optional<Addresses> given, String unless, Findings.ForObject findings) {
        given.ifPresent(_ ->
                findings.error(property, "comes from others on the link with " + unless + "; one of the two is wrong"));
    }

    /** The address of a set that has just one. */
    public static Optional<IpAddress> single(AddressSet set) {
        return set.ranges().size() == 1
                        && set.ranges()
                                .getFirst()
                                .first()
                                .equals(set.ranges().getFirst().last())
                ? Optional.of(set.ranges().getFirst().first())
                : Optional.empty();
    }

    /** The network of a set that is just one. */
    public static Optional<IpNetwork> prefix(AddressSet set) {
        return set.ranges().size() == 1
                ? Optional.of(set.ranges().getFirst()).flatMap(IpRange::asNetwork)
                : Optional.empty();
    }
}
