package io.portcullis.ipsec.tunnel;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Ref;
import io.portcullis.core.iface.AddressedInterface;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RouteCompiler;
import io.portcullis.ipsec.esp.EspOverhead;
import io.portcullis.ipsec.esp.TunnelSettings;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.TrafficSelector;
import io.portcullis.ipsec.tunnel.TunnelDefinition.IkeSuite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Makes of a checked configuration's tunnel objects what negotiation, data plane and routing work with. */
public final class TunnelCompiler {
    private static final String DNS = "dns:";
    private static final int COPY_DS_FIELD = -1;
    private static final int USUAL_PATH = 1500;
    private static final int LEAST_MTU = 1280;

    private final Configuration configuration;
    private final Map<String, List<IpAddress>> hosts;
    private final Findings findings;
    /** By the names of the lists: tunnels that name the same list share what it allows. */
    private final Map<String, List<IkeSuite>> ikeSuites = new HashMap<>();

    private final Map<String, List<EspSuite>> espSuites = new HashMap<>();

    /**
     * @param configuration whose references and objects were checked
     * @param hosts addresses of host names, as far as they are known; see {@link #hostNames}
     * @param findings takes warnings about names without addresses
     */
    public TunnelCompiler(Configuration configuration, Map<String, List<IpAddress>> hosts, Findings findings) {
        this.configuration = configuration;
        this.hosts = hosts;
        this.findings = findings;
    }

    /** The host names that the tunnels' remote endpoints name with {@code dns:}. */
    public static Set<String> hostNames(Configuration configuration) {
        Set<String> names = new LinkedHashSet<>();
        for (IpsecTunnel tunnel : configuration.all(IpsecTunnel.class)) {
            tunnel.remoteEndpoint().ifPresent(endpoint -> names.addAll(hosts(endpoint)));
        }
        return names;
    }

    static List<String> hosts(Addresses addresses) {
        return addresses.parts().stream()
                .filter(part -> part.toLowerCase(Locale.ROOT).startsWith(DNS))
                .map(part -> part.substring(DNS.length()))
                .toList();
    }

    /** The tunnels in the order of the configuration; those beyond MaxVPNTunnels are left out, with a warning. */
    public List<TunnelDefinition> definitions() {
        int most = configuration.settings(IpsecSettings.class).maxVpnTunnels();
        List<ConfigObject<IpsecTunnel>> all = configuration.objects(IpsecTunnel.class);
        int count = most == 0 ? all.size() : Math.min(most, all.size());
        all.subList(count, all.size())
                .forEach(tunnel -> findings.of(configuration, tunnel)
                        .warning(
                                "", "is disabled: there are " + all.size() + " tunnels, and MaxVPNTunnels is " + most));
        return all.subList(0, count).stream().map(this::definition).toList();
    }

    private TunnelDefinition definition(ConfigObject<IpsecTunnel> object) {
        IpsecTunnel tunnel = object.value();
        List<IpAddress> resolved = resolved(object);
        AddressSet typed = tunnel.remoteEndpoint().map(configuration::resolve).orElse(AddressSet.EMPTY);
        List<IpRange> ranges = new ArrayList<>(typed.ranges());
        resolved.forEach(address -> ranges.add(IpRange.of(address)));
        List<IpAddress> initiateTo = new ArrayList<>();
        single(typed).filter(_ -> resolved.isEmpty()).ifPresent(initiateTo::add);
        initiateTo.addAll(resolved);
        return new TunnelDefinition(
                tunnel.name(),
                tunnel.localEndpoint().map(configuration::resolve).flatMap(TunnelCompiler::single),
                AddressSet.of(ranges),
                List.copyOf(initiateTo),
                selectors(tunnel.localNetwork()),
                selectors(tunnel.remoteNetwork()),
                localId(tunnel),
                remoteIds(tunnel),
                psk(tunnel),
                ikeSuites(tunnel),
                tunnel.dhGroup().stream().map(DhGroupNumber::group).distinct().toList(),
                espSuites(tunnel),
                tunnel.pfsDhGroup().stream()
                        .flatMap(number -> number.group().stream())
                        .distinct()
                        .toList(),
                tunnel.ikeLifeTimeSeconds(),
                tunnel.ipsecLifeTimeSeconds(),
                tunnel.ipsecLifeTimeKilobytes(),
                tunnel.deadPeerDetection() ? tunnel.deadPeerDetectionInterval() : 0,
                tunnel.autoEstablish(),
                tunnel.natTraversal().meaning(),
                tunnel.replayWindow(),
                tunnel.esn() && tunnel.replayWindow() > 0);
    }

    private List<IpAddress> resolved(ConfigObject<IpsecTunnel> object) {
        List<IpAddress> addresses = new ArrayList<>();
        Optional<Addresses> endpoint = object.value().remoteEndpoint();
        for (String host : endpoint.map(TunnelCompiler::hosts).orElse(List.of())) {
            List<IpAddress> known = hosts.getOrDefault(host, List.of());
            if (known.isEmpty()) {
                findings.of(configuration, object)
                        .warning("RemoteEndpoint", "the name " + host + " has no address yet");
            }
            addresses.addAll(known);
        }
        return addresses;
    }

    private List<TrafficSelector> selectors(Addresses networks) {
        return configuration.resolve(networks).ranges().stream()
                .map(TrafficSelector::of)
                .toList();
    }

    private List<IkeSuite> ikeSuites(IpsecTunnel tunnel) {
        return ikeSuites.computeIfAbsent(
                tunnel.ikeAlgorithms().name(),
                list -> configuration
                        .find(IkeAlgorithms.class, list)
                        .map(IkeAlgorithms::suites)
                        .orElse(List.of()));
    }

    private List<EspSuite> espSuites(IpsecTunnel tunnel) {
        return espSuites.computeIfAbsent(
                tunnel.ipsecAlgorithms().name(),
                list -> configuration
                        .find(IpsecAlgorithms.class, list)
                        .map(IpsecAlgorithms::suites)
                        .orElse(List.of()));
    }

    private static Optional<Identity> localId(IpsecTunnel tunnel) {
        return switch (tunnel.localIdType()) {
            case AUTO -> Optional.empty();
            case IP -> IpAddress.parse(tunnel.localId()).map(Identity.Address::new);
            case DNS -> Optional.of(new Identity.Dns(tunnel.localId()));
            case EMAIL -> Optional.of(new Identity.Email(tunnel.localId()));
        };
    }

    private List<Identity> remoteIds(IpsecTunnel tunnel) {
        return tunnel.remoteId()
                .map(list -> configuration.children(IdList.class, list.name(), IdEntry.class).stream()
                        .map(IdEntry::identity)
                        .toList())
                .orElse(List.of());
    }

    private PreSharedKey psk(IpsecTunnel tunnel) {
        return tunnel.psk()
                .map(Ref::name)
                .flatMap(name -> configuration.find(Psk.class, name))
                .map(Psk::key)
                .orElseThrow(() -> new IllegalStateException("tunnel " + tunnel.name() + " was not checked"));
    }

    /** What the data plane needs. */
    public TunnelSettings settings(IpsecTunnel tunnel) {
        AddressSet peers = tunnel.remoteEndpoint().map(configuration::resolve).orElse(AddressSet.EMPTY);
        boolean v4 = !peers.isEmpty() && peers.ranges().getFirst().first().isV4();
        boolean udp = tunnel.natTraversal() != IpsecTunnel.NatTraversal.OFF;
        int least = espSuites(tunnel).stream()
                .mapToInt(suite -> EspOverhead.innerMtu(USUAL_PATH, v4, udp, suite))
                .min()
                .orElse(LEAST_MTU);
        return new TunnelSettings(
                selectors(tunnel.localNetwork()),
                selectors(tunnel.remoteNetwork()),
                tunnel.ipsecDsField().orElse(COPY_DS_FIELD),
                tunnel.plaintextMtu().orElse(0),
                least,
                originators(configuration.resolve(tunnel.localNetwork())));
    }

    /** The first own address of each family that lies in the local networks. */
    private List<IpAddress> originators(AddressSet local) {
        List<IpAddress> found = new ArrayList<>();
        for (boolean v4 : new boolean[] {true, false}) {
            AddressedInterface.all(configuration).stream()
                    .flatMap(configured -> (v4 ? configured.ip() : configured.ip6()).stream())
                    .flatMap(typed -> single(configuration.resolve(typed)).stream())
                    .filter(address -> address.isV4() == v4 && local.contains(address))
                    .findFirst()
                    .ifPresent(found::add);
        }
        return List.copyOf(found);
    }

    /**
     * Routes to the remote networks of the tunnels that want one.
     *
     * @param interfaces the running interface of a name, empty while it does not run
     */
    public List<Route> routes(Function<String, Optional<NetworkInterface>> interfaces) {
        List<Route> routes = new ArrayList<>();
        for (IpsecTunnel tunnel : configuration.all(IpsecTunnel.class)) {
            Optional<NetworkInterface> running = interfaces.apply(tunnel.name());
            if (!tunnel.autoInterfaceNetworkRoute() || running.isEmpty()) {
                continue;
            }
            for (IpNetwork network : RouteCompiler.networks(configuration.resolve(tunnel.remoteNetwork()))) {
                routes.add(new Route(network, running.get(), null, tunnel.metric(), Route.Origin.TUNNEL));
            }
        }
        return routes;
    }

    /** The address, when the set is one address. */
    static Optional<IpAddress> single(AddressSet set) {
        return set.ranges().size() == 1
                ? Optional.of(set.ranges().getFirst())
                        .filter(range -> range.first().equals(range.last()))
                        .map(IpRange::first)
                : Optional.empty();
    }
}
