package io.portcullis.hostmon;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.iface.AddressedInterface;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.StaticRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The monitor sessions of routes: one for each that is monitored, its subject the route's id. */
public final class RouteSessions {
    private final Configuration configuration;
    private final Function<String, Optional<NetworkInterface>> interfaces;
    private final AddressSet own;
    private final RouteFailOverSettings settings;
    private final Findings findings;

    private RouteSessions(
            Configuration configuration,
            Function<String, Optional<NetworkInterface>> interfaces,
            AddressSet own,
            Findings findings) {
        this.configuration = configuration;
        this.interfaces = interfaces;
        this.own = own;
        this.settings = configuration.settings(RouteFailOverSettings.class);
        this.findings = findings;
    }

    /**
     * @param configuration whose references and constraints were checked
     * @param interfaces the running interface of a name; routes by others are not monitored
     * @param own every address of the firewall
     * @param findings takes what can not be
     */
    public static List<SessionDefinition> compile(
            Configuration configuration,
            Function<String, Optional<NetworkInterface>> interfaces,
            AddressSet own,
            Findings findings) {
        RouteSessions sessions = new RouteSessions(configuration, interfaces, own, findings);
        List<SessionDefinition> all = new ArrayList<>();
        for (ConfigObject<StaticRoute> route : configuration.objects(StaticRoute.class)) {
            if (route.value().isMonitored()) {
                sessions.of(route).ifPresent(all::add);
            }
        }
        return all;
    }

    private Optional<SessionDefinition> of(ConfigObject<StaticRoute> object) {
        StaticRoute route = object.value();
        Findings.ForObject found = findings.of(configuration, object);
        Optional<NetworkInterface> iface = interfaces.apply(route.iface().name());
        List<MonitoredHost> hosts =
                route.enableHostMonitoring() ? configuration.children(object, MonitoredHost.class) : List.of();
        if (route.enableHostMonitoring()) {
            count(route, hosts.size(), found);
        }
        if (iface.isEmpty()) {
            return Optional.empty();
        }
        List<HostCheck> checks = new ArrayList<>();
        for (MonitoredHost host : hosts) {
            host.address(configuration)
                    .flatMap(address -> check(host, address, route, iface.get(), found))
                    .ifPresent(checks::add);
        }
        return checks.size() < hosts.size()
                ? Optional.empty()
                : Optional.of(new SessionDefinition(
                        object.id(),
                        configuration.key(object).toString(),
                        route.monitorLinkStatus() ? link(iface.get()) : null,
                        route.monitorGateway() ? gateway(route, iface.get()) : null,
                        checks,
                        hosts.size() - Math.min(hosts.size(), route.minimumReachability()),
                        Duration.ofSeconds(route.gracePeriod())));
    }

    private static void count(StaticRoute route, int hosts, Findings.ForObject found) {
        if (hosts == 0) {
            found.error("EnableHostMonitoring", "there is no MonitoredHost in the route");
        } else if (route.minimumReachability() > hosts) {
            found.error(
                    "MinimumReachability",
                    route.minimumReachability() + " hosts can not be reachable: there are " + hosts);
        }
    }

    private @Nullable LinkCheck link(NetworkInterface iface) {
        return iface instanceof EthernetInterface ethernet
                ? new LinkCheck(ethernet, Duration.ofMillis(settings.ifacePollInterval()))
                : null;
    }

    /** The gateway is gone after so many lost questions in a row, and back after as many answers. */
    private @Nullable HostCheck gateway(StaticRoute route, NetworkInterface iface) {
        Optional<IpAddress> gateway =
                route.gateway().flatMap(given -> EthernetConfiguration.single(configuration.resolve(given)));
        Optional<IpAddress> source = gateway.flatMap(given -> ownAddress(route, given.isV4()));
        if (source.isEmpty()) {
            return null;
        }
        int interval =
                route.monitorGatewayInterval() == 0 ? settings.arpPollInterval() : route.monitorGatewayInterval();
        return new HostCheck(
                gateway.get().isV4() ? Protocol.ARP : Protocol.ND,
                gateway.get(),
                0,
                source.get(),
                new Route(IpNetwork.host(gateway.get()), iface, null, route.metric(), Route.Origin.STATIC),
                HttpPage.NONE,
                Duration.ofMillis(interval),
                settings.consecFails(),
                settings.consecFails() - 1,
                0,
                Duration.ofMillis(interval),
                true);
    }

    private Optional<HostCheck> check(
            MonitoredHost host,
            IpAddress address,
            StaticRoute route,
            NetworkInterface iface,
            Findings.ForObject found) {
        if (own.contains(address.high(), address.low())) {
            found.error("EnableHostMonitoring", address + " is the firewall itself");
            return Optional.empty();
        }
        Optional<IpAddress> source = route.monitorSource()
                .flatMap(given -> EthernetConfiguration.single(configuration.resolve(given)))
                .or(() -> ownAddress(route, address.isV4()));
        if (source.isEmpty() || source.get().isV4() != address.isV4()) {
            found.error(
                    "MonitorSource",
                    source.isEmpty()
                            ? iface.name() + " has no address of its own to ask " + address + " from: give one"
                            : source.get() + " can not ask " + address + ": they are not of one family");
            return Optional.empty();
        }
        if (!own.contains(source.get().high(), source.get().low())) {
            found.error("MonitorSource", source.get() + " is not an address of this firewall; they are " + own);
            return Optional.empty();
        }
        return Optional.of(host.check(
                address,
                source.get(),
                new Route(
                        IpNetwork.host(address),
                        iface,
                        hop(route, address, iface),
                        route.metric(),
                        Route.Origin.STATIC)));
    }

    private Optional<IpAddress> ownAddress(StaticRoute route, boolean v4) {
        return AddressedInterface.find(configuration, route.iface().name())
                .flatMap(configured -> v4 ? configured.ip() : configured.ip6())
                .flatMap(given -> EthernetConfiguration.single(configuration.resolve(given)));
    }

    /** The route's gateway, unless the host is a neighbour itself. */
    private @Nullable IpAddress hop(StaticRoute route, IpAddress host, NetworkInterface iface) {
        if (iface instanceof EthernetInterface ethernet && ethernet.addresses().isNeighbour(host)) {
            return null;
        }
        return route.gateway()
                .flatMap(given -> EthernetConfiguration.single(configuration.resolve(given)))
                .filter(gateway -> gateway.isV4() == host.isV4())
                .orElse(null);
    }
}
