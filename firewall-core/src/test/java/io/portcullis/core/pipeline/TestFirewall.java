package io.portcullis.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.event.Event;
import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.iface.CoreInterface;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.EthernetLink;
import io.portcullis.core.iface.NetworkInterface;
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
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.ParkingWaiter;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.shaping.PipeRules;
import io.portcullis.core.tcp.TcpClient;
import io.portcullis.core.time.ManualClock;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A firewall between two networks: lan 192.168.1.1/24 and 2001:db8:1::1/64 with host .2, wan 203.0.113.1/24 and
 * 2001:db8:2::1/64 with router .254, and behind the tunnel 10.9.0.0/16 with the peer 198.51.100.9.
 */
final class TestFirewall {
    static final String HOST = "192.168.1.2";
    static final String LAN = "192.168.1.1";
    static final String WAN = "203.0.113.1";
    static final String ROUTER = "203.0.113.254";
    static final String FAR = "198.51.100.7";
    static final String PEER = "198.51.100.9";
    static final String BEHIND = "10.9.0.5";
    static final String HOST6 = "2001:db8:1::2";
    static final String LAN6 = "2001:db8:1::1";
    static final String NEAR6 = "2001:db8:2::9";

    static final MacAddress LAN_MAC = new MacAddress(0x0200_0000_0001L);
    static final MacAddress WAN_MAC = new MacAddress(0x0200_0000_0002L);
    static final MacAddress HOST_MAC = new MacAddress(0x0200_0000_0011L);
    static final MacAddress ROUTER_MAC = new MacAddress(0x0200_0000_0012L);

    final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    final List<Event> events = new ArrayList<>();
    final PacketPool pool = new PacketPool(512);
    final MemoryPort lanPort;
    final MemoryPort wanPort;
    final MemoryPort tunPort = new MemoryPort(new MacAddress(0), true);
    final EthernetLink lanLink;
    final EthernetLink wanLink;
    final EthernetInterface lan;
    final EthernetInterface wan;
    final CoreInterface core;
    final FakeTunnel tunnel = new FakeTunnel(WAN, PEER, 1400);
    final PublishedConfiguration published;
    final Pipeline pipeline;
    final Worker worker;
    final EchoClient echo;
    final TcpClient tcp;

    /** What pipe rules say from the next configuration on; a test changes it. */
    PipeRules pipes = PipeRules.NONE;

    /** What policies say; a test changes it. */
    final Decisions decisions = new Decisions();

    /** One policy for everything, and an access rule if there is one. */
    static final class Decisions implements IpRuleSet, AccessControl {
        Policy.Action action = Policy.Action.ALLOW;
        Policy.SourceTranslation translation = Policy.SourceTranslation.NONE;
        Redirection redirection;
        Policy.SynRelay synRelay = Policy.SynRelay.NEVER;
        Policy.Application spoken = Policy.Application.NONE;
        AccessControl.Verdict access;
        int lookups;
        int accessChecks;
        RuntimeException defect;
        boolean isDefault;
        final AtomicInteger hits = new AtomicInteger();
        private Everything policy = new Everything(action, translation, redirection, synRelay, spoken, isDefault, hits);

        @Override
        public AccessControl.Verdict check(Packet packet, NetworkInterface in) {
            accessChecks++;
            return access;
        }

        @Override
        public Policy lookup(
                NetworkInterface in,
                NetworkInterface out,
                long sourceHigh,
                long sourceLow,
                long destinationHigh,
                long destinationLow,
                int protocol,
                int sourcePort,
                int destinationPort,
                int extensions) {
            lookups++;
            if (defect != null) {
                throw defect;
            }
            if (policy.action() != action
                    || policy.sourceTranslation() != translation
                    || !Objects.equals(policy.redirection(), redirection)
                    || policy.synRelay() != synRelay
                    || policy.spoken() != spoken
                    || policy.isDefault() != isDefault) {
                policy = new Everything(action, translation, redirection, synRelay, spoken, isDefault, hits);
            }
            return policy;
        }
    }

    private record Everything(
            Action action,
            SourceTranslation sourceTranslation,
            Redirection redirection,
            SynRelay synRelay,
            Application spoken,
            boolean isDefault,
            AtomicInteger hits)
            implements Policy {
        @Override
        public String name() {
            return "everything";
        }

        @Override
        public Application application(int protocol, int sourcePort, int destinationPort) {
            return spoken;
        }

        @Override
        public boolean logs() {
            return true;
        }

        @Override
        public void hit(long now) {
            hits.incrementAndGet();
        }
    }

    TestFirewall() {
        this(true, true, ConnectionLimits.DEFAULT);
    }

    /**
     * @param offload whether ports take partial checksums and super-packets
     * @param sockets whether {@code core} has a TUN device
     */
    TestFirewall(boolean offload, boolean sockets, ConnectionLimits limits) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        lanPort = new MemoryPort(LAN_MAC, offload);
        wanPort = new MemoryPort(WAN_MAC, offload);
        lanLink = new EthernetLink(lanPort);
        wanLink = new EthernetLink(wanPort);
        lan = new EthernetInterface(
                "lan", 1, lanLink, VlanTagging.NONE, 1500, addresses(LAN_MAC, LAN + "/24", LAN6 + "/64"), events::add);
        wan = new EthernetInterface(
                "wan",
                2,
                wanLink,
                VlanTagging.NONE,
                1500,
                addresses(WAN_MAC, WAN + "/24", "2001:db8:2::1/64"),
                events::add);
        Worker[] self = new Worker[1];
        echo = new EchoClient(command -> self[0].execute(command), random);
        tcp = new TcpClient(command -> self[0].execute(command), random);
        core = new CoreInterface(0, tunnel, echo, tcp, sockets ? tunPort : null);
        published = new PublishedConfiguration(configuration(1, routes(wan), PipelineSettings.DEFAULT));
        ConnectionTable connections = new ConnectionTable(limits, events::add, random, clock.nanos());
        pipeline = new Pipeline(published, pool, connections, tunnel, events::add);
        worker = new Worker("test", pipeline, clock, new ParkingWaiter());
        self[0] = worker;
        worker.attach(lanLink);
        worker.attach(wanLink);
        worker.attach(core);
        worker.attach(lanLink, lan);
        worker.attach(wanLink, wan);
        worker.step(clock.nanos());
        clear();
    }

    /** The firewall with neighbours that it has heard of. */
    static TestFirewall withNeighbours() {
        TestFirewall firewall = new TestFirewall();
        firewall.meetNeighbours();
        return firewall;
    }

    void meetNeighbours() {
        arpRequest(HOST, LAN, HOST_MAC);
        fromWan(
                EtherType.ARP,
                arp(Arp.REQUEST, ROUTER_MAC, ROUTER, new MacAddress(0), WAN),
                MacAddress.BROADCAST,
                ROUTER_MAC);
        fromLan(NeighbourMessages.solicitation(HOST6, HOST_MAC, LAN6), HOST_MAC);
        fromWan(NeighbourMessages.solicitation(NEAR6, ROUTER_MAC, "2001:db8:2::1"), ROUTER_MAC);
        clear();
    }

    void arpRequest(String from, String target, MacAddress mac) {
        lanPort.arrive(MemoryPort.Frame.of(Datagrams.framed(
                arp(Arp.REQUEST, mac, from, new MacAddress(0), target), MacAddress.BROADCAST, mac, EtherType.ARP)));
        step();
    }

    static byte[] arp(int operation, MacAddress mac, String from, MacAddress targetMac, String target) {
        byte[] message = new byte[Arp.LENGTH];
        Arp.write(
                MemorySegment.ofArray(message),
                0,
                operation,
                mac.bits(),
                IpAddress.literal(from).v4Bits(),
                targetMac.bits(),
                IpAddress.literal(target).v4Bits());
        return message;
    }

    List<Route> routes(NetworkInterface internet) {
        return List.of(
                Route.own(IpAddress.literal(LAN), core),
                Route.own(IpAddress.literal(WAN), core),
                Route.own(IpAddress.literal(LAN6), core),
                route("192.168.1.0/24", lan, null),
                route("203.0.113.0/24", wan, null),
                route("2001:db8:1::/64", lan, null),
                route("2001:db8:2::/64", wan, null),
                route("10.9.0.0/16", tunnel, null),
                route("198.51.100.0/24", internet, ROUTER));
    }

    static Route route(String network, NetworkInterface iface, String gateway) {
        return new Route(
                IpNetwork.literal(network),
                iface,
                gateway == null ? null : IpAddress.literal(gateway),
                100,
                Route.Origin.STATIC);
    }

    ActiveConfiguration configuration(long generation, List<Route> routes, PipelineSettings settings) {
        List<IpRange> own = new ArrayList<>();
        for (String address : List.of(LAN, WAN, LAN6, "2001:db8:2::1")) {
            own.add(IpRange.of(IpAddress.literal(address)));
        }
        return new ActiveConfiguration(
                generation,
                List.of(core, lan, wan, tunnel),
                core,
                new RoutingTables(List.of(new RoutingTable(RoutingTables.MAIN, routes))),
                decisions,
                decisions,
                pipes,
                AddressSet.of(own),
                settings);
    }

    void settings(PipelineSettings settings) {
        published.publish(configuration(
                published.active().generation() + 1,
                published.active().routes().main().routes(),
                settings));
    }

    private static LinkAddresses addresses(MacAddress mac, String... addresses) {
        List<LinkAddresses.OnLink> all = new ArrayList<>();
        for (String text : addresses) {
            IpAddress address = IpAddress.literal(text.substring(0, text.indexOf('/')));
            int prefix = Integer.parseInt(text.substring(text.indexOf('/') + 1));
            all.add(new LinkAddresses.OnLink(address, IpNetwork.around(address, prefix)));
        }
        return new LinkAddresses(mac, all);
    }

    /** The host on lan sends this IP packet through the firewall. */
    void fromLan(byte[] datagram) {
        fromLan(datagram, HOST_MAC);
    }

    void fromLan(byte[] datagram, MacAddress station) {
        fromLan(MemoryPort.Frame.of(Datagrams.framed(datagram, LAN_MAC, station, type(datagram))));
    }

    void fromLan(MemoryPort.Frame frame) {
        lanPort.arrive(frame);
        step();
    }

    /** The router on wan sends this IP packet through the firewall. */
    void fromWan(byte[] datagram) {
        fromWan(datagram, ROUTER_MAC);
    }

    void fromWan(byte[] datagram, MacAddress station) {
        fromWan(type(datagram), datagram, WAN_MAC, station);
    }

    void fromWan(int type, byte[] payload, MacAddress to, MacAddress station) {
        wanPort.arrive(MemoryPort.Frame.of(Datagrams.framed(payload, to, station, type)));
        step();
    }

    static int type(byte[] datagram) {
        return datagram[0] >>> 4 == 4 ? EtherType.IPV4 : EtherType.IPV6;
    }

    void step() {
        worker.step(clock.nanos());
    }

    /** Lets time pass, in steps of a tick. */
    void pass(Duration time) {
        long steps = Math.max(1, time.toMillis() / 250);
        for (long i = 0; i < steps; i++) {
            clock.advance(time.dividedBy(steps));
            step();
        }
    }

    void clear() {
        lanPort.taken();
        wanPort.taken();
        tunPort.taken();
        events.clear();
    }

    /** The one frame that left by wan, parsed. */
    Packet onWan() {
        return only(wanPort);
    }

    Packet onLan() {
        return only(lanPort);
    }

    /** Frames that left since the last time, but for questions to neighbours. */
    static List<MemoryPort.Frame> datagrams(MemoryPort port) {
        return port.taken().stream()
                .filter(frame -> !isQuestion(frame.octets()))
                .toList();
    }

    private static boolean isQuestion(byte[] frame) {
        MemorySegment b = MemorySegment.ofArray(frame);
        int type = Ethernet.type(b, 0);
        return type == EtherType.ARP
                || (type == EtherType.IPV6
                        && Ipv6.nextHeader(b, Ethernet.HEADER) == IpProtocol.ICMPV6
                        && Icmpv6.isDiscovery(Icmpv6.type(b, Ethernet.HEADER + Ipv6.HEADER)));
    }

    private static Packet only(MemoryPort port) {
        List<MemoryPort.Frame> sent = datagrams(port);
        assertEquals(1, sent.size(), "frames sent");
        return Datagrams.parsed(sent.getFirst().octets());
    }

    void assertNothingSent() {
        assertEquals(0, datagrams(lanPort).size(), "frames on lan");
        assertEquals(0, datagrams(wanPort).size(), "frames on wan");
        assertEquals(0, tunPort.taken().size(), "packets to sockets");
    }

    void assertDropped(DropReason reason) {
        assertEquals(1, pipeline.drops(reason), reason + " counted");
        assertNoLeak(0);
    }

    /** All packets are back, but for so many that somebody holds on purpose. */
    void assertNoLeak(int held) {
        assertEquals(pool.size() - held, pool.available(), "packets in the pool");
    }

    List<String> eventNames() {
        return events.stream().map(event -> event.type().name()).toList();
    }
}
