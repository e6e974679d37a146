package io.portcullis.core.dhcp;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.iface.AddressedInterface;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.slaac.LearnedIpv6;
import io.portcullis.core.slaac.SlaacDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A configuration with what DHCP servers have said, as if the operator had typed it: what compilers get. The one that
 * he edits, and that is stored, never has it.
 */
public final class LeasedConfiguration {
    private final Configuration configuration;
    private final Map<String, LearnedAddresses> learned;

    /**
     * @param stored as the operator has it
     * @param learned by name of the interface
     * @param advertised by routers, by name of the interface
     */
    public LeasedConfiguration(
            Configuration stored, Map<String, LearnedAddresses> learned, Map<String, LearnedIpv6> advertised) {
        Configuration leased = stored;
        for (ConfigObject<EthernetConfiguration> object : stored.objects(EthernetConfiguration.class)) {
            LearnedAddresses known = learned.get(object.name());
            if (object.value().dhcpEnabled() && known != null) {
                leased = leased.set(object, object.value().with(known));
            }
            LearnedIpv6 heard = advertised.get(object.name());
            if (object.value().enableRouterDiscovery() && heard != null) {
                ConfigObject<EthernetConfiguration> present = leased.object(EthernetConfiguration.class, object.name())
                        .orElseThrow();
                leased = leased.set(present, present.value().with(heard));
            }
        }
        this.configuration = leased;
        this.learned = Map.copyOf(learned);
    }

    /** What is to be compiled. */
    public Configuration configuration() {
        return configuration;
    }

    /**
     * What each client is to do.
     *
     * @param tables the routes that run: a lease must not lead away what they lead elsewhere, into a tunnel for
     *     instance, unless the operator has said what leases may be of
     */
    public List<DhcpDefinition> definitions(RoutingTables tables) {
        DhcpSettings settings = configuration.settings(DhcpSettings.class);
        List<DhcpDefinition> definitions = new ArrayList<>();
        for (EthernetConfiguration ethernet : configuration.all(EthernetConfiguration.class)) {
            if (ethernet.dhcpEnabled()) {
                definitions.add(new DhcpDefinition(
                        ethernet.name(),
                        ethernet.ethernetDevice(),
                        ethernet.dhcpHostName(),
                        ethernet.dhcpPreferredIp()
                                .flatMap(wanted -> EthernetConfiguration.single(configuration.resolve(wanted))),
                        ethernet.dhcpPreferredLeaseTime(),
                        among(ethernet.dhcpAllowedServers()),
                        among(ethernet.dhcpAllowedIp()),
                        ethernet.dhcpStaticRoutes(),
                        others(ethernet, tables),
                        settings));
            }
        }
        return definitions;
    }

    /**
     * Where routers are listened to.
     *
     * @param stored as the operator has it, whose MTU a router's does not change
     */
    public List<SlaacDefinition> listeners(Configuration stored) {
        return stored.all(EthernetConfiguration.class).stream()
                .filter(EthernetConfiguration::enableRouterDiscovery)
                .map(ethernet -> new SlaacDefinition(
                        ethernet.name(), ethernet.ethernetDevice(), ethernet.mtu(), othersV6(ethernet.name())))
                .toList();
    }

    private AddressSet othersV6(String name) {
        List<IpRange> ranges = new ArrayList<>();
        for (AddressedInterface other : AddressedInterface.all(configuration)) {
            if (!other.name().equals(name)) {
                other.network6()
                        .ifPresent(some ->
                                ranges.addAll(configuration.resolve(some).ranges()));
            }
        }
        return AddressSet.of(ranges);
    }

    private AddressSet among(Optional<Addresses> allowed) {
        return allowed.map(configuration::resolve).orElse(AddressSet.ALL_V4);
    }

    private AddressSet others(EthernetConfiguration ethernet, RoutingTables tables) {
        List<IpRange> ranges = new ArrayList<>();
        for (AddressedInterface other : AddressedInterface.all(configuration)) {
            if (!other.name().equals(ethernet.name())) {
                Stream.of(other.ip(), other.network())
                        .flatMap(Optional::stream)
                        .forEach(some ->
                                ranges.addAll(configuration.resolve(some).ranges()));
            }
        }
        if (ethernet.dhcpAllowedIp().isEmpty()) {
            for (RoutingTable table : tables.tables()) {
                table.routes().stream()
                        .filter(route -> route.network().prefixLength() > 0
                                && route.origin() != Route.Origin.CORE
                                && !route.iface().name().equals(ethernet.name()))
                        .forEach(route -> ranges.add(route.network().range()));
            }
        }
        return AddressSet.of(ranges);
    }

    /**
     * The routes that servers have said, to other networks than everywhere; for {@code main}, so that an interface of
     * another table brings none.
     *
     * @param interfaces the running interface of a name
     */
    public List<Route> routes(Function<String, Optional<NetworkInterface>> interfaces) {
        List<Route> routes = new ArrayList<>();
        for (EthernetConfiguration ethernet : configuration.all(EthernetConfiguration.class)) {
            LearnedAddresses known = learned.get(ethernet.name());
            Optional<NetworkInterface> iface = interfaces.apply(ethernet.name());
            if (known != null
                    && iface.isPresent()
                    && ethernet.dhcpEnabled()
                    && ethernet.routingTable().isEmpty()) {
                known.routes()
                        .forEach(route -> routes.add(new Route(
                                route.network(),
                                iface.get(),
                                route.router().isUnspecified() ? null : route.router(),
                                ethernet.metric(),
                                Route.Origin.INTERFACE)));
            }
        }
        return routes;
    }
}
