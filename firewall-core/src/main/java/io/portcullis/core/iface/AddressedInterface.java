package io.portcullis.core.iface;

import io.portcullis.core.address.Ip4Address;
import io.portcullis.core.address.Ip6Address;
import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Derives;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An interface on which the firewall has addresses of its own, as it is configured. It brings the address objects
 * {@code NAME_ip} and {@code NAME_net} along, and {@code NAME_ip6} and {@code NAME_net6} where it has IPv6.
 */
public sealed interface AddressedInterface extends Derives, Checked
        permits EthernetConfiguration, VlanConfiguration, LoopbackConfiguration {
    /** The least MTU of IPv6 (RFC 8200 section 5). */
    int LEAST_MTU_V6 = 1280;

    String name();

    Optional<Addresses> ip();

    Optional<Addresses> network();

    Optional<Addresses> ip6();

    Optional<Addresses> network6();

    Optional<Addresses> defaultGateway();

    Optional<Addresses> defaultGateway6();

    /** Whether the default gateway adds a route. */
    default boolean autoDefaultGatewayRoute() {
        return true;
    }

    /** Metric of the routes that it adds. */
    int metric();

    /** Longest IP packet, octets. */
    int mtu();

    /**
     * The one routing table that has the interface's routes, and by which alone is routed what comes in by it; empty
     * for all tables and {@code main}.
     */
    Optional<Ref> routingTable();

    /** Whether there are hosts on its link, who are asked for their stations. */
    boolean hasNeighbours();

    /** All that are in force, in order. */
    static List<AddressedInterface> all(Configuration configuration) {
        return configuration.byCategory(InterfaceGroup.CATEGORY).stream()
                .map(ConfigObject::value)
                .filter(AddressedInterface.class::isInstance)
                .map(AddressedInterface.class::cast)
                .toList();
    }

    /** The one of this name. */
    static Optional<AddressedInterface> find(Configuration configuration, String name) {
        return configuration
                .find(InterfaceGroup.CATEGORY, name)
                .map(ConfigObject::value)
                .filter(AddressedInterface.class::isInstance)
                .map(AddressedInterface.class::cast);
    }

    /** Whether there is an interface of this name that has neighbours. */
    static boolean hasNeighbours(Configuration configuration, String name) {
        return find(configuration, name).map(AddressedInterface::hasNeighbours).orElse(false);
    }

    @Override
    default List<Record> derived() {
        List<Record> out = new ArrayList<>();
        ip().ifPresent(value -> out.add(new Ip4Address(name() + "_ip", value, "Address of " + name())));
        network().ifPresent(value -> out.add(new Ip4Address(name() + "_net", value, "Network of " + name())));
        ip6().ifPresent(value -> out.add(new Ip6Address(name() + "_ip6", value, "IPv6 address of " + name())));
        network6().ifPresent(value -> out.add(new Ip6Address(name() + "_net6", value, "IPv6 network of " + name())));
        defaultGateway()
                .ifPresent(value -> out.add(new Ip4Address(name() + "_gw", value, "Default gateway of " + name())));
        return out;
    }

    /** Reports what is wrong with the addresses, or with the MTU beside them. */
    default void checkAddresses(Configuration configuration, Findings.ForObject findings) {
        pair(configuration, "IP", ip(), "Network", network(), true, findings);
        pair(configuration, "IP6", ip6(), "Network6", network6(), false, findings);
        gateway(configuration, "DefaultGateway", defaultGateway(), "Network", network(), findings);
        gateway(configuration, "DefaultGateway6", defaultGateway6(), "Network6", network6(), findings);
        if ((ip6().isPresent() || network6().isPresent()) && mtu() < LEAST_MTU_V6) {
            findings.error("MTU", mtu() + " is below the " + LEAST_MTU_V6 + " that IPv6 needs");
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
        Optional<IpAddress> address = EthernetConfiguration.single(configuration.resolve(ip.get()));
        Optional<IpNetwork> prefix = EthernetConfiguration.prefix(configuration.resolve(network.get()));
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
        Optional<IpAddress> router = EthernetConfiguration.single(configuration.resolve(gateway.get()));
        if (router.isEmpty()) {
            findings.error(property, gateway.get() + " is not one address");
        } else if (network.isEmpty() || !configuration.resolve(network.get()).contains(router.get())) {
            findings.error(property, router.get() + " does not lie in " + networkProperty);
        }
    }
}
