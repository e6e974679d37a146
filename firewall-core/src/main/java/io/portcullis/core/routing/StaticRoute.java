package io.portcullis.core.routing;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.AddressedInterface;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.iface.InterfaceGroup;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import java.util.List;
import java.util.Optional;

/** A route as it is configured. */
@ObjectType(
        value = "Route",
        title = "Route",
        help = "Leads packets to a network out by an interface, a tunnel for example.",
        in = NamedRoutingTable.class,
        ordered = true,
        nameOptional = true)
public record StaticRoute(
        @Property(help = "Name of the route.") String name,

        @Property(
                help = "Interface that the packets leave by; core is the firewall itself.",
                name = "Interface",
                required = true,
                category = "Interface",
                also = "core")
        Ref iface,

        @Property(help = "Network that the packets go to.", required = true)
        Addresses network,

        @Property(help = "Router that they are handed to; none when the network is on the link or behind a tunnel.")
        Optional<Addresses> gateway,

        @Property(
                help = "The lower wins among routes to the same network.",
                byDefault = "" + Route.DEFAULT_METRIC,
                min = 0,
                max = 65535)
        int metric,

        @Property(
                help =
                        "Whether the firewall answers ARP and neighbour discovery for the network on every other Ethernet"
                                + " interface.",
                name = "ProxyARPAllInterfaces",
                byDefault = "No",
                group = "Proxy ARP")
        boolean proxyArpAllInterfaces,

        @Property(
                help = "Ethernet interfaces and VLANs on which it answers for the network, as if it were there.",
                name = "ProxyARPInterfaces",
                category = "Interface",
                group = "Proxy ARP")
        List<Ref> proxyArpInterfaces,

        @Property(
                help = "Whether the route works only while its interface has a link.",
                byDefault = "No",
                group = "Monitoring")
        boolean monitorLinkStatus,

        @Property(
                help = "Whether the route works only while its gateway answers ARP, or neighbour discovery.",
                byDefault = "No",
                group = "Monitoring")
        boolean monitorGateway,

        @Property(
                help = "Time between two questions to the gateway, milliseconds; 0: ARPPollInterval of the settings.",
                byDefault = "0",
                min = 0,
                max = 10_000,
                group = "Monitoring")
        int monitorGatewayInterval,

        @Property(
                help = "Whether MonitoredHost objects in the route say whether it works.",
                byDefault = "No",
                group = "Monitoring")
        boolean enableHostMonitoring,

        @Property(
                help = "How many of the hosts must be reachable for the route to work.",
                byDefault = "1",
                min = 1,
                max = 1000,
                group = "Monitoring")
        int minimumReachability,

        @Property(
                help = "Seconds after the start, or after the route was changed, in which it is taken to work.",
                byDefault = "30",
                min = 0,
                max = 3600,
                group = "Monitoring")
        int gracePeriod,

        @Property(help = "The firewall's address that asks; by default that of the interface.", group = "Monitoring")
        Optional<Addresses> monitorSource,

        @Property(help = "Remark.") String comments)
        implements Checked {
    /** Whether anything says that it does not work. */
    public boolean isMonitored() {
        return monitorLinkStatus || monitorGateway || enableHostMonitoring;
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        if (InterfaceGroup.of(iface, configuration).isPresent()) {
            findings.error("Interface", iface.name() + " is a group; a route leads to one interface");
        }
        AddressSet networks = configuration.resolve(network);
        if (networks.isEmpty()) {
            findings.error("Network", network + " stands for no address");
        }
        for (String name : InterfaceGroup.members(proxyArpInterfaces, configuration)) {
            if (!AddressedInterface.hasNeighbours(configuration, name)) {
                findings.error("ProxyARPInterfaces", name + " is neither an Ethernet interface nor a VLAN");
            }
        }
        boolean hasLink = AddressedInterface.hasNeighbours(configuration, iface.name());
        if (monitorLinkStatus && !hasLink) {
            findings.error("MonitorLinkStatus", iface.name() + " is no Ethernet interface and has no link");
        }
        if (monitorGateway && (gateway.isEmpty() || !hasLink)) {
            findings.error(
                    "MonitorGateway",
                    gateway.isEmpty() ? "the route has no gateway" : iface.name() + " is no Ethernet interface");
        }
        if (monitorGatewayInterval != 0 && monitorGatewayInterval < 100) {
            findings.error("MonitorGatewayInterval", monitorGatewayInterval + " is neither 0 nor at least 100");
        }
        if (gateway.isEmpty()) {
            return;
        }
        Optional<IpAddress> router = EthernetConfiguration.single(configuration.resolve(gateway.get()));
        if (router.isEmpty()) {
            findings.error("Gateway", gateway.get() + " is not one address");
        } else if (networks.ranges().stream()
                .anyMatch(range -> range.first().isV4() != router.get().isV4())) {
            findings.error("Gateway", router.get() + " is not of the family of " + network);
        }
    }
}
