package io.portcullis.core.routing;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.AddressedInterface;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the routing tables of a configuration: own addresses by way of {@code core}, the networks and default gateways
 * of interfaces, the routes that are typed, and those that tunnels bring. Other tables than {@code main} have
 * those to own addresses and what is typed.
 */
public final class RouteCompiler {
    /** Name of the interface that is the firewall itself. */
    public static final String CORE = "core";

    private static final IpAddress LOCALHOST = IpAddress.literal("127.0.0.1");

    private final Configuration configuration;
    private final Function<String, Optional<NetworkInterface>> interfaces;
    private final Findings findings;

    /**
     * @param configuration whose references were checked
     * @param interfaces the running interface of a name, {@code core} too; empty while it does not run
     * @param findings takes what could not be resolved; with an error among them the result must not be used
     */
    public RouteCompiler(
            Configuration configuration, Function<String, Optional<NetworkInterface>> interfaces, Findings findings) {
        this.configuration = configuration;
        this.interfaces = interfaces;
        this.findings = findings;
    }

    /** @param more routes of tunnels, and of clients that are connected; for {@code main} */
    public RoutingTables compile(List<Route> more) {
        List<Route> main = new ArrayList<>();
        Optional<NetworkInterface> core = interfaces.apply(CORE);
        core.ifPresent(own -> addOwn(own, RoutingTables.MAIN, main));
        addNetworks(RoutingTables.MAIN, main);
        List<RoutingTable> tables = new ArrayList<>();
        for (ConfigObject<NamedRoutingTable> table : configuration.objects(NamedRoutingTable.class)) {
            List<Route> routes = new ArrayList<>();
            for (ConfigObject<StaticRoute> route : configuration.objects(StaticRoute.class)) {
                if (route.parent() == table.id()) {
                    addTyped(route, routes);
                }
            }
            if (table.name().equals(RoutingTables.MAIN)) {
                main.addAll(routes);
            } else {
                addNetworks(table.name(), routes);
                if (!table.value().removeInterfaceIpRoutes()) {
                    core.ifPresent(own -> addOwn(own, table.name(), routes));
                }
                tables.add(new RoutingTable(table.name(), routes, table.value().ordering()));
            }
        }
        main.addAll(more);
        tables.addFirst(new RoutingTable(RoutingTables.MAIN, main));
        return new RoutingTables(tables).withMembers(members());
    }

    /** The interfaces that belong to one table only, and its name. */
    private Map<NetworkInterface, String> members() {
        Map<NetworkInterface, String> members = new HashMap<>();
        for (AddressedInterface configured : AddressedInterface.all(configuration)) {
            configured
                    .routingTable()
                    .ifPresent(table ->
                            interfaces.apply(configured.name()).ifPresent(iface -> members.put(iface, table.name())));
        }
        return members;
    }

    /** The networks of the interfaces that have their routes in this table. */
    private void addNetworks(String table, List<Route> routes) {
        for (AddressedInterface configured : AddressedInterface.all(configuration)) {
            if (configured
                    .routingTable()
                    .map(Ref::name)
                    .orElse(RoutingTables.MAIN)
                    .equals(table)) {
                interfaces.apply(configured.name()).ifPresent(iface -> addNetworks(configured, iface, routes));
            }
        }
    }

    /** Every address of the firewall on its interfaces. */
    public AddressSet ownAddresses() {
        List<IpRange> own = new ArrayList<>();
        AddressedInterface.all(configuration)
                .forEach(configured -> own(configured).forEach(address -> own.add(IpRange.of(address))));
        return AddressSet.of(own);
    }

    private void addOwn(NetworkInterface core, String table, List<Route> routes) {
        routes.add(Route.own(LOCALHOST, core));
        for (AddressedInterface configured : AddressedInterface.all(configuration)) {
            if (configured.routingTable().map(only -> only.name().equals(table)).orElse(true)) {
                own(configured).forEach(address -> routes.add(Route.own(address, core)));
            }
        }
    }

    private List<IpAddress> own(AddressedInterface configured) {
        List<IpAddress> own = new ArrayList<>();
        configured.ip().flatMap(this::single).ifPresent(own::add);
        configured.ip6().flatMap(this::single).ifPresent(own::add);
        return own;
    }

    private void addNetworks(AddressedInterface configured, NetworkInterface iface, List<Route> routes) {
        add(configured.network(), iface, null, configured.metric(), routes);
        add(configured.network6(), iface, null, configured.metric(), routes);
        configured
                .defaultGateway()
                .filter(_ -> configured.autoDefaultGatewayRoute())
                .flatMap(this::single)
                .ifPresent(router -> routes.add(
                        new Route(IpNetwork.ALL_V4, iface, router, configured.metric(), Route.Origin.INTERFACE)));
        configured
                .defaultGateway6()
                .filter(_ -> configured.autoDefaultGatewayRoute())
                .flatMap(this::single)
                .ifPresent(router -> routes.add(
                        new Route(IpNetwork.ALL_V6, iface, router, configured.metric(), Route.Origin.INTERFACE)));
    }

    private void add(
            Optional<Addresses> network,
            NetworkInterface iface,
            @Nullable IpAddress gateway,
            int metric,
            List<Route> routes) {
        network.map(configuration::resolve)
                .ifPresent(set -> networks(set)
                        .forEach(
                                found -> routes.add(new Route(found, iface, gateway, metric, Route.Origin.INTERFACE))));
    }

    private void addTyped(ConfigObject<StaticRoute> object, List<Route> routes) {
        StaticRoute typed = object.value();
        Findings.ForObject at = findings.of(configuration, object);
        String name = typed.iface().name();
        Optional<NetworkInterface> iface = interfaces.apply(name);
        if (iface.isEmpty()) {
            boolean known = configuration.find("Interface", name).isPresent();
            if (known) {
                at.warning("Interface", name + " does not run: the route is left out");
            } else {
                at.error("Interface", name + " is not an interface; an interface or core is allowed");
            }
            return;
        }
        Optional<IpAddress> gateway = typed.gateway().flatMap(this::single);
        if (typed.gateway().isPresent() && gateway.isEmpty()) {
            at.error("Gateway", typed.gateway().get() + " is not one address");
            return;
        }
        // What a DHCP server has not said yet.
        if (gateway.map(IpAddress::isUnspecified).orElse(false)) {
            return;
        }
        for (IpNetwork network : networks(configuration.resolve(typed.network()))) {
            routes.add(new Route(
                    network, iface.get(), gateway.orElse(null), typed.metric(), Route.Origin.STATIC, object.id()));
        }
    }

    private Optional<IpAddress> single(Addresses addresses) {
        return EthernetConfiguration.single(configuration.resolve(addresses));
    }

    /** The fewest networks that are exactly this set. */
    public static List<IpNetwork> networks(AddressSet set) {
        List<IpNetwork> networks = new ArrayList<>();
        for (IpRange range : set.ranges()) {
            IpAddress from = range.first();
            while (from.isV4() == range.last().isV4() && from.compareTo(range.last()) <= 0) {
                IpNetwork widest = widest(from, range);
                networks.add(widest);
                IpAddress last = widest.range().last();
                if (last.equals(range.last())) {
                    break;
                }
                from = last.next();
            }
        }
        return networks;
    }

    private static IpNetwork widest(IpAddress from, IpRange range) {
        IpNetwork widest = IpNetwork.host(from);
        for (int length = from.bits() - 1; length >= 0; length--) {
            IpNetwork wider = IpNetwork.around(from, length);
            if (!wider.address().equals(from) || wider.last().compareTo(range.last()) > 0) {
                break;
            }
            // What ends with an IPv6 address that stands for an IPv4 address is no network of either.
            widest = wider.last().isV4() == from.isV4() ? wider : widest;
        }
        return widest;
    }
}
