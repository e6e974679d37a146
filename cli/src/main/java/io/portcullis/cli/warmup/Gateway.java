package io.portcullis.cli.warmup;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.iface.CoreInterface;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.EthernetLink;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.VlanTagging;
import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.neighbour.LinkAddresses;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.pipeline.AccessControl;
import io.portcullis.core.pipeline.ActiveConfiguration;
import io.portcullis.core.pipeline.Pipeline;
import io.portcullis.core.pipeline.PipelineSettings;
import io.portcullis.core.pipeline.PublishedConfiguration;
import io.portcullis.core.pipeline.Worker;
import io.portcullis.core.port.ParkingWaiter;
import io.portcullis.core.port.Port;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.shaping.PipeRules;
import io.portcullis.core.tcp.TcpClient;
import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.crypto.BulkCrypto;
import io.portcullis.ipsec.esp.SaDatabase;
import io.portcullis.ipsec.esp.TunnelSettings;
import io.portcullis.ipsec.gate.IpsecGateway;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SecretKeys;
import io.portcullis.ipsec.sa.TrafficSelector;
import io.portcullis.ipsec.tunnel.IpsecTunnelInterface;
import io.portcullis.rules.policy.CompiledRuleSet;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of the two gateways: a worker that has no thread, with what it drives. Its LAN is 198.18.number.0/24 (RFC 2544
 * addresses); networks of it, 32 addresses each, reach the other one plainly or by a tunnel.
 */
final class Gateway implements AutoCloseable {
    static final int MTU = 1500;
    /** The first is plain, the others have a tunnel each. */
    static final int NETWORKS = 3;

    static final int TUNNELS = NETWORKS - 1;

    private static final int PACKETS = 1024;
    private static final int CONNECTIONS = 8192;
    private static final int POLICIES = 8;
    private static final int NETWORK_BITS = 27;
    private static final int NETWORK_SIZE = 32;
    private static final int REPLAY_WINDOW = 64;
    private static final int FIRST_SPI = 0x1000;
    private static final int INNER_MTU = 1400;

    private final int number;
    private final Clock clock;
    private final PacketPool pool = new PacketPool(PACKETS);
    private final SaDatabase database;
    private final Worker worker;

    Gateway(int number, Port lan, Port wan, BulkCrypto crypto, ObjectTypes types, Clock clock, SecureRandom random) {
        this.number = number;
        this.clock = clock;
        database = new SaDatabase(() -> crypto, this::execute, _ -> true, _ -> MTU, random);
        IpsecGateway gate = new IpsecGateway(database, (_, _, _, _, _, _) -> true);
        CoreInterface core = new CoreInterface(
                0, gate, new EchoClient(this::execute, random), new TcpClient(this::execute, random), null);
        PublishedConfiguration published = new PublishedConfiguration(new ActiveConfiguration(
                0,
                List.of(core),
                core,
                RoutingTables.EMPTY,
                AccessControl.NONE,
                CompiledRuleSet.EMPTY,
                PipeRules.NONE,
                AddressSet.EMPTY,
                PipelineSettings.DEFAULT));
        ConnectionTable connections = new ConnectionTable(limits(), _ -> {}, random, clock.nanos());
        worker = new Worker(
                "warm-up", new Pipeline(published, pool, connections, gate, _ -> {}), clock, new ParkingWaiter());
        worker.attach(core);
        EthernetInterface inside = attach("lan", 1, lan, IpNetwork.around(own(number), 24), own(number));
        EthernetInterface outside = attach("wan", 2, wan, IpNetwork.around(outer(number), 24), outer(number));
        List<NetworkInterface> all = new ArrayList<>(List.of(core, inside, outside));
        List<Route> routes = new ArrayList<>(List.of(
                Route.own(own(number), core),
                Route.own(outer(number), core),
                route(IpNetwork.around(own(number), 24), inside, null),
                route(IpNetwork.around(outer(number), 24), outside, null),
                route(network(3 - number, 0), outside, outer(3 - number))));
        for (int tunnel = 0; tunnel < TUNNELS; tunnel++) {
            TunnelSettings settings = new TunnelSettings(
                    List.of(TrafficSelector.of(network(number, tunnel + 1))),
                    List.of(TrafficSelector.of(network(3 - number, tunnel + 1))),
                    -1,
                    0,
                    INNER_MTU,
                    List.of());
            NetworkInterface made = new IpsecTunnelInterface(name(tunnel), 3 + tunnel, settings, database);
            all.add(made);
            routes.add(route(network(3 - number, tunnel + 1), made, null));
        }
        published.publish(new ActiveConfiguration(
                1,
                all,
                core,
                new RoutingTables(List.of(new RoutingTable(RoutingTables.MAIN, routes))),
                AccessControl.NONE,
                rules(types, all),
                PipeRules.NONE,
                AddressSet.of(List.of(
                        IpNetwork.host(own(number)).range(),
                        IpNetwork.host(outer(number)).range())),
                PipelineSettings.DEFAULT));
    }

    private static ConnectionLimits limits() {
        ConnectionLimits usual = ConnectionLimits.DEFAULT;
        return new ConnectionLimits(
                CONNECTIONS,
                usual.halfOpen(),
                usual.tcpSyn(),
                usual.tcp(),
                usual.tcpFin(),
                usual.udp(),
                usual.ping(),
                usual.other(),
                false);
    }

    private EthernetInterface attach(String name, int index, Port port, IpNetwork network, IpAddress own) {
        EthernetLink link = new EthernetLink(port);
        LinkAddresses addresses = new LinkAddresses(port.mac(), List.of(new LinkAddresses.OnLink(own, network)));
        EthernetInterface made = new EthernetInterface(name, index, link, VlanTagging.NONE, MTU, addresses, _ -> {});
        worker.attach(link);
        worker.attach(link, made);
        return made;
    }

    /** Policies that match nothing, and behind them those that do. Datagrams of the plain network are translated. */
    private static CompiledRuleSet rules(ObjectTypes types, List<NetworkInterface> running) {
        Configuration configuration = Configuration.empty(types);
        for (int i = 0; i < POLICIES; i++) {
            configuration = configuration.add(0, policy(types, "192.0.2." + i, "all_tcp", "Auto"));
        }
        configuration = configuration.add(0, policy(types, network(2, 0).toString(), "all_udp", "NAT"));
        configuration = configuration.add(0, policy(types, "198.18.0.0/16", "all_services", "Auto"));
        return CompiledRuleSet.compile(
                configuration,
                name -> running.stream()
                        .filter(iface -> iface.name().equals(name))
                        .findFirst(),
                null,
                new Findings());
    }

    private static Record policy(ObjectTypes types, String destination, String service, String translation) {
        return types.find("IPPolicy")
                .orElseThrow()
                .parse(Map.of(
                        "SourceInterface", "any",
                        "SourceNetwork", "all-nets",
                        "DestinationInterface", "any",
                        "DestinationNetwork", destination,
                        "Service", service,
                        "Action", "Allow",
                        "SourceTranslation", translation));
    }

    /** Puts an SA pair into a tunnel; that with an odd number is encapsulated in UDP. */
    void install(int tunnel, EspSuite suite, SecretKeys inbound, SecretKeys outbound) {
        database.install(new SaPair(
                name(tunnel),
                spi(number, tunnel),
                spi(3 - number, tunnel),
                suite,
                inbound,
                outbound,
                List.of(TrafficSelector.of(network(number, tunnel + 1))),
                List.of(TrafficSelector.of(network(3 - number, tunnel + 1))),
                new SaPair.Path(outer(number), 4500, outer(3 - number), 4500, tunnel % 2 == 1),
                false,
                REPLAY_WINDOW,
                0,
                0,
                null));
    }

    private boolean execute(WorkerCommand command) {
        return worker.execute(command);
    }

    void step() {
        worker.step(clock.nanos());
    }

    private static Route route(IpNetwork network, NetworkInterface iface, @Nullable IpAddress gateway) {
        return new Route(network, iface, gateway, Route.DEFAULT_METRIC, Route.Origin.STATIC);
    }

    private static String name(int tunnel) {
        return "tunnel" + tunnel;
    }

    private static int spi(int number, int tunnel) {
        return FIRST_SPI * number + tunnel;
    }

    private static IpAddress own(int number) {
        return IpAddress.literal("198.18." + number + ".1");
    }

    private static IpAddress outer(int number) {
        return IpAddress.literal("198.18.3." + number);
    }

    /** A network behind a gateway. */
    private static IpNetwork network(int number, int network) {
        return IpNetwork.around(host(number, network), NETWORK_BITS);
    }

    /** The station's address in a network behind a gateway. */
    static IpAddress host(int number, int network) {
        return IpAddress.literal("198.18." + number + "." + ((network + 1) * NETWORK_SIZE + 5));
    }

    /** The keys go first, then what they were used with. */
    @Override
    public void close() {
        for (int tunnel = 0; tunnel < TUNNELS; tunnel++) {
            database.remove(spi(number, tunnel));
        }
        step();
        pool.close();
    }
}
