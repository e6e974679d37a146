package io.portcullis.core.iface;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.port.IoMethod;
import io.portcullis.core.routing.NamedRoutingTable;
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
    public EthernetConfiguration {
        // IFNAMSIZ of Linux is 16 with the closing zero.
        if (!ethernetDevice.matches("[^\\s/:]{1,15}")) {
            throw new ConfigError(
                    "EthernetDevice", "'" + ethernetDevice + "' is not a device name of 1 to 15 characters");
        }
    }

    @Override
    public boolean hasNeighbours() {
        return true;
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        checkAddresses(configuration, findings);
        boolean taken = configuration.all(EthernetConfiguration.class).stream()
                .anyMatch(other -> !other.name.equals(name) && other.ethernetDevice.equals(ethernetDevice));
        if (taken) {
            findings.error("EthernetDevice", ethernetDevice + " is taken by another Ethernet interface too");
        }
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
