package io.portcullis.core.iface;

import io.portcullis.core.address.Ip4Address;
import io.portcullis.core.address.Ip6Address;
import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Derives;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.port.IoMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An Ethernet interface as it is configured. It brings the address objects {@code NAME_ip} and {@code NAME_net} along,
 * and {@code NAME_ip6} and {@code NAME_net6} where it has IPv6.
 */
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
        implements Derives, Checked {
    public EthernetConfiguration {
        // IFNAMSIZ of Linux is 16 with the closing zero.
        if (!ethernetDevice.matches("[^\\s/:]{1,15}")) {
            throw new ConfigError(
                    "EthernetDevice", "'" + ethernetDevice + "' is not a device name of 1 to 15 characters");
        }
    }

    @Override
    public List<Record> derived() {
        List<Record> out = new ArrayList<>();
        ip.ifPresent(value -> out.add(new Ip4Address(name + "_ip", value, "Address of " + name)));
        network.ifPresent(value -> out.add(new Ip4Address(name + "_net", value, "Network of " + name)));
        ip6.ifPresent(value -> out.add(new Ip6Address(name + "_ip6", value, "IPv6 address of " + name)));
        network6.ifPresent(value -> out.add(new Ip6Address(name + "_net6", value, "IPv6 network of " + name)));
        defaultGateway.ifPresent(value -> out.add(new Ip4Address(name + "_gw", value, "Default gateway of " + name)));
        return out;
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        pair(configuration, "IP", ip, "Network", network, true, findings);
        pair(configuration, "IP6", ip6, "Network6", network6, false, findings);
        gateway(configuration, "DefaultGateway", defaultGateway, "Network", network, findings);
        gateway(configuration, "DefaultGateway6", defaultGateway6, "Network6", network6, findings);
        if ((ip6.isPresent() || network6.isPresent()) && mtu < 1280) {
            findings.error("MTU", mtu + " is below the 1280 that IPv6 needs");
        }
        boolean taken = configuration.all(EthernetConfiguration.class).stream()
                .anyMatch(other -> !other.name.equals(name) && other.ethernetDevice.equals(ethernetDevice));
        if (taken) {
            findings.error("EthernetDevice", ethernetDevice + " is taken by another Ethernet interface too");
        }
    }

    private static void pair(
            Configuration configuration,
            String ipProperty,
            Optional<Addresses> ip,
            String networkProperty,
            Optional<Addresses> network,
            boolean v4,
            Findings.ForObject findings) {
        if (ip.isPresent() != network.isPresent()) {
            findings.error(
                    ip.isPresent() ? networkProperty : ipProperty,
                    ipProperty + " and " + networkProperty + " are given together or not at all");
            return;
        }
        if (ip.isEmpty() || network.isEmpty()) {
            return;
        }
        Optional<IpAddress> address = single(configuration.resolve(ip.get()));
        Optional<IpNetwork> prefix = prefix(configuration.resolve(network.get()));
        if (address.isEmpty() || address.get().isV4() != v4) {
            findings.error(ipProperty, ip.get() + " is not one " + (v4 ? "IPv4" : "IPv6") + " address");
        } else if (prefix.isEmpty() || prefix.get().isV4() != v4) {
            findings.error(networkProperty, network.get() + " is not one " + (v4 ? "IPv4" : "IPv6") + " network");
        } else if (!prefix.get().contains(address.get())) {
            findings.error(ipProperty, address.get() + " does not lie in " + prefix.get());
        }
    }

    private static void gateway(
            Configuration configuration,
            String property,
            Optional<Addresses> gateway,
            String networkProperty,
            Optional<Addresses> network,
            Findings.ForObject findings) {
        if (gateway.isEmpty()) {
            return;
        }
        Optional<IpAddress> router = single(configuration.resolve(gateway.get()));
        if (router.isEmpty()) {
            findings.error(property, gateway.get() + " is not one address");
        } else if (network.isEmpty() || !configuration.resolve(network.get()).contains(router.get())) {
            findings.error(property, router.get() + " does not lie in " + networkProperty);
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
