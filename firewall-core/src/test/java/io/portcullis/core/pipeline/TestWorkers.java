package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.HOST_MAC;
import static io.portcullis.core.pipeline.TestFirewall.LAN;
import static io.portcullis.core.pipeline.TestFirewall.LAN_MAC;
import static io.portcullis.core.pipeline.TestFirewall.ROUTER;
import static io.portcullis.core.pipeline.TestFirewall.ROUTER_MAC;
import static io.portcullis.core.pipeline.TestFirewall.WAN;
import static io.portcullis.core.pipeline.TestFirewall.WAN_MAC;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.connection.Announcements;
import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.connection.SourceCounts;
import io.portcullis.core.connection.Steering;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.iface.CoreInterface;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.EthernetLink;
import io.portcullis.core.iface.VlanTagging;
import io.portcullis.core.neighbour.LinkAddresses;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Arp;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.ParkingWaiter;
import io.portcullis.core.port.Port;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.shaping.PipeRules;
import io.portcullis.core.tcp.TcpClient;
import io.portcullis.core.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Several workers that share the two devices of {@link TestFirewall}: each port is of the worker of its place in the
 * list, as where a device has a queue for each. A test is the workers' thread, by {@link #step}, or starts theirs.
 */
final class TestWorkers {
    private static final int PACKETS = 4096;

    final TestFirewall.Decisions decisions = new TestFirewall.Decisions();
    final List<PacketPool> pools;
    final List<Worker> workers = new ArrayList<>();
    private final PublishedConfiguration published;
    private final CoreInterface core;
    final EthernetInterface lan;
    final EthernetInterface wan;
    private final Clock clock;

    /**
     * @param count of workers
     * @param random keys their hash
     * @param lanPorts of the first workers
     * @param wanPorts of the first workers
     */
    TestWorkers(
            int count,
            Clock clock,
            RandomGenerator random,
            IpsecGate gate,
            List<? extends Port> lanPorts,
            List<? extends Port> wanPorts) {
        this.clock = clock;
        EventSink events = _ -> {};
        List<EthernetLink> lanLinks = links(lanPorts);
        List<EthernetLink> wanLinks = links(wanPorts);
        lan = new EthernetInterface("lan", 1, lanLinks, VlanTagging.NONE, 1500, addresses(LAN_MAC, LAN), events);
        wan = new EthernetInterface("wan", 2, wanLinks, VlanTagging.NONE, 1500, addresses(WAN_MAC, WAN), events);
        CoreInterface core =
                new CoreInterface(0, gate, new EchoClient(_ -> false, random), new TcpClient(_ -> false, random), null);
        this.core = core;
        published = new PublishedConfiguration(configuration(1, PipeRules.NONE));
        pools = PacketPool.group(count, PACKETS);
        List<Steering> steerings = Steering.group(count, random);
        SourceCounts sources = new SourceCounts(random);
        Announcements announcements = new Announcements(random);
        List<Handoff> handoffs = Handoff.group(count);
        for (int i = 0; i < count; i++) {
            ConnectionTable connections = new ConnectionTable(
                    ConnectionLimits.DEFAULT, events, steerings.get(i), sources, announcements, random, clock.nanos());
            Pipeline pipeline =
                    new Pipeline(published, pools.get(i), connections, gate, events, steerings.get(i), handoffs.get(i));
            Worker worker = new Worker("test-" + i, pipeline, clock, new ParkingWaiter());
            workers.add(worker);
        }
        workers.getFirst().attach(core);
        lanLinks.forEach(link -> attach(link, lan));
        wanLinks.forEach(link -> attach(link, wan));
    }

    private static List<EthernetLink> links(List<? extends Port> ports) {
        List<EthernetLink> links = new ArrayList<>();
        ports.forEach(port -> links.add(new EthernetLink(port, links.size())));
        return links;
    }

    private static LinkAddresses addresses(MacAddress mac, String own) {
        IpAddress address = IpAddress.literal(own);
        return new LinkAddresses(mac, List.of(new LinkAddresses.OnLink(address, IpNetwork.around(address, 24))));
    }

    private void attach(EthernetLink link, EthernetInterface iface) {
        Worker worker = workers.get(link.worker());
        worker.attach(link);
        worker.attach(link, iface);
    }

    /** What pipe rules say from now on. */
    void pipes(PipeRules pipes) {
        published.publish(configuration(published.active().generation() + 1, pipes));
    }

    private ActiveConfiguration configuration(long generation, PipeRules pipes) {
        List<Route> routes = List.of(
                Route.own(IpAddress.literal(LAN), core),
                Route.own(IpAddress.literal(WAN), core),
                TestFirewall.route("192.168.1.0/24", lan, null),
                TestFirewall.route("203.0.113.0/24", wan, null),
                TestFirewall.route("198.51.100.0/24", wan, ROUTER));
        return new ActiveConfiguration(
                generation,
                List.of(core, lan, wan),
                core,
                new RoutingTables(List.of(new RoutingTable(RoutingTables.MAIN, routes))),
                decisions,
                decisions,
                pipes,
                AddressSet.of(List.of(IpRange.of(IpAddress.literal(LAN)), IpRange.of(IpAddress.literal(WAN)))),
                PipelineSettings.DEFAULT);
    }

    /** What the host on lan and the router on wan say of themselves, as frames. */
    static byte[] hostSpeaks() {
        return speaks(HOST_MAC, HOST, LAN);
    }

    static byte[] routerSpeaks() {
        return speaks(ROUTER_MAC, ROUTER, WAN);
    }

    private static byte[] speaks(MacAddress mac, String address, String asked) {
        byte[] request = TestFirewall.arp(Arp.REQUEST, mac, address, new MacAddress(0), asked);
        return Datagrams.framed(request, MacAddress.BROADCAST, mac, EtherType.ARP);
    }

    /** Lets all work, each in its turn, until nobody has anything to do. */
    void step() {
        int done;
        do {
            done = 0;
            for (Worker worker : workers) {
                done += worker.step(clock.nanos());
            }
        } while (done > 0);
    }

    long drops(DropReason reason) {
        return workers.stream()
                .mapToLong(worker -> worker.pipeline().drops(reason))
                .sum();
    }

    int connections() {
        return workers.stream()
                .mapToInt(worker -> worker.pipeline().connections().size())
                .sum();
    }

    /** Every packet is in the pool that it is of. */
    void assertAllAtHome() {
        for (int i = 0; i < pools.size(); i++) {
            pools.get(i).reclaim();
            assertEquals(pools.get(i).size(), pools.get(i).available(), "packets in the pool of worker " + i);
        }
    }
}
