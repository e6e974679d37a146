package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.BEHIND;
import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.HOST6;
import static io.portcullis.core.pipeline.TestFirewall.LAN;
import static io.portcullis.core.pipeline.TestFirewall.NEAR6;
import static io.portcullis.core.pipeline.TestFirewall.PEER;
import static io.portcullis.core.pipeline.TestFirewall.ROUTER;
import static io.portcullis.core.pipeline.TestFirewall.WAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.connection.ConnectionScan;
import io.portcullis.core.iface.EquivalentInterfaces;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.routing.Route;
import io.portcullis.core.trace.TraceReport;
import io.portcullis.core.trace.TraceStep;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a trace says is what the pipeline does, and nothing is different after it was asked. */
class PacketTraceTest {
    private static final List<String> V4 = List.of(
            HOST, "192.168.1.77", LAN, WAN, ROUTER, FAR, BEHIND, PEER, "8.8.8.8", "169.254.1.1", "10.9.255.255");
    private static final List<String> V6 = List.of(HOST6, NEAR6, "2001:db8:1::1", "2001:db8:9::1", "fe80::7");
    private static final int[] FLAGS = {
        Tcp.SYN, Tcp.SYN, Tcp.SYN | Tcp.ACK, Tcp.ACK, Tcp.ACK, Tcp.RST, Tcp.RST | Tcp.ACK, Tcp.FIN | Tcp.ACK, Tcp.FIN
    };

    /** All of it that can be seen from outside. */
    private record State(
            Map<DropReason, Long> drops, int events, int buffers, int hits, List<String> connections, int neighbours) {
        static State of(TestFirewall firewall) {
            Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
            for (DropReason reason : DropReason.values()) {
                drops.put(reason, firewall.pipeline.drops(reason));
            }
            ConnectionScan scan = ConnectionScan.list((_, _) -> true, 10_000);
            scan.advance(firewall.pipeline.connections(), 10_000, firewall.clock.nanos());
            return new State(
                    drops,
                    firewall.events.size(),
                    firewall.pool.available() + firewall.pipeline.fragments().waiting(),
                    firewall.decisions.hits.get(),
                    scan.result().join().views().stream()
                            .map(Object::toString)
                            .sorted()
                            .toList(),
                    neighbours(firewall.lan, firewall) + neighbours(firewall.wan, firewall));
        }

        private static int neighbours(EthernetInterface iface, TestFirewall firewall) {
            return iface.neighbours().list(firewall.clock.nanos()).hashCode();
        }

        /** What died meanwhile. */
        long died(State after) {
            return Arrays.stream(DropReason.values())
                    .mapToLong(reason -> after.drops.get(reason) - drops.get(reason))
                    .sum();
        }
    }

    /** A packet of the test's own. */
    static Packet packet(byte[] datagram) {
        return filled(new Packet(Arena.ofAuto().allocate(Packet.CAPACITY)), datagram);
    }

    private static Packet filled(Packet packet, byte[] datagram) {
        MemorySegment.copy(
                datagram, 0, packet.buffer(), ValueLayout.JAVA_BYTE, packet.append(datagram.length), datagram.length);
        return packet;
    }

    private static TraceReport trace(TestFirewall firewall, byte[] datagram, NetworkInterface in) {
        var answer = PacketTrace.of(List.of(firewall.worker), packet(datagram), in);
        firewall.step();
        return answer.join();
    }

    private static String told(TraceReport report) {
        return report.steps().stream()
                .map(step -> "  ".repeat(step.depth()) + step.stage() + ": " + step.text())
                .collect(Collectors.joining("\n", "", "\n" + report.verdict()));
    }

    private static String stages(TraceReport report) {
        return report.steps().stream().map(TraceStep::stage).collect(Collectors.joining(" "));
    }

    /** Random packets, decisions and times: first the question, then the packet itself. */
    @Test
    void whatIsSaidIsWhatHappens() {
        for (int round = 0; round < 40; round++) {
            long seed = new SplittableRandom().nextLong();
            run(seed, new SplittableRandom(seed));
        }
    }

    private static void run(long seed, SplittableRandom random) {
        TestFirewall firewall = new TestFirewall(
                true, random.nextBoolean(), random.nextInt(4) == 0 ? fewConnections() : ConnectionLimits.DEFAULT);
        firewall.meetNeighbours();
        Queue<byte[]> waiting = new ArrayDeque<>();
        for (int i = 0; i < 120; i++) {
            change(firewall, random);
            boolean fromLan = random.nextBoolean();
            byte[] datagram = waiting.isEmpty() ? datagram(random) : waiting.remove();
            if (waiting.isEmpty() && random.nextInt(8) == 0) {
                waiting.addAll(pieces(datagram, random));
                datagram = waiting.remove();
            }
            String what = "seed " + seed + ", packet " + i;
            State before = State.of(firewall);
            TraceReport report = trace(firewall, datagram, fromLan ? firewall.lan : firewall.wan);
            String told = what + "\n" + told(report);
            assertEquals(before, State.of(firewall), told);
            assertEquals(
                    0,
                    firewall.lanPort.taken().size() + firewall.wanPort.taken().size(),
                    told);
            if (fromLan) {
                firewall.fromLan(datagram);
            } else {
                firewall.fromWan(datagram);
            }
            assertHappened(firewall, report, before, told);
            firewall.clear();
        }
    }

    private static void assertHappened(TestFirewall firewall, TraceReport report, State before, String told) {
        State after = State.of(firewall);
        // An answer of the firewall's own is another packet, and may die of its own faults.
        boolean isAnswered = report.verdict().startsWith("answered");
        if (report.why() == DropReason.NONE && !isAnswered) {
            assertEquals(0, before.died(after), () -> told + "\n" + after.drops);
        } else if (!isAnswered) {
            assertTrue(after.drops.get(report.why()) > before.drops.get(report.why()), () -> told + "\n" + after.drops);
        }
        int onLan = firewall.lanPort.taken().size();
        int onWan = firewall.wanPort.taken().size();
        if (report.verdict().startsWith("forwarded to lan")) {
            assertTrue(onLan > 0 || before.buffers > after.buffers, told);
        } else if (report.verdict().startsWith("forwarded to wan")) {
            assertTrue(onWan > 0 || before.buffers > after.buffers, told);
        } else if (report.verdict().startsWith("handed to the sockets")) {
            assertEquals(1, firewall.tunPort.taken().size(), told);
        } else if (isAnswered) {
            assertTrue(onLan + onWan > 0 || before.died(after) > 0 || before.buffers > after.buffers, told);
        }
        boolean opens = report.steps().stream().anyMatch(step -> step.text().startsWith("none yet, this packet opens"));
        if (opens && report.why() == DropReason.NONE) {
            assertTrue(
                    firewall.events.stream()
                            .anyMatch(event -> event.type().name().startsWith("conn_open")),
                    told);
        }
    }

    private static ConnectionLimits fewConnections() {
        ConnectionLimits all = ConnectionLimits.DEFAULT;
        return all.share(Math.max(1, all.connections() / 4));
    }

    private static void change(TestFirewall firewall, SplittableRandom random) {
        if (random.nextInt(6) == 0) {
            TestFirewall.Decisions decisions = firewall.decisions;
            decisions.action = switch (random.nextInt(6)) {
                case 0 -> Policy.Action.DROP;
                case 1 -> Policy.Action.REJECT;
                default -> Policy.Action.ALLOW;
            };
            decisions.translation = Policy.SourceTranslation.values()[random.nextInt(3)];
            decisions.redirection = random.nextInt(4) == 0
                    ? new Redirection(
                            IpAddress.literal(List.of(HOST, "192.168.1.77", BEHIND, "8.8.8.8")
                                    .get(random.nextInt(4))),
                            random.nextInt(3) * 40)
                    : null;
            decisions.access = switch (random.nextInt(8)) {
                case 0 -> new AccessControl.Verdict("refuse", false, true);
                case 1, 2 -> new AccessControl.Verdict("accept", true, true);
                default -> null;
            };
            if (random.nextInt(3) == 0) {
                firewall.settings(PipelineSettings.DEFAULT);
            }
        }
        if (random.nextInt(10) == 0) {
            firewall.pass(Duration.ofSeconds(random.nextInt(1, 40)));
            firewall.meetNeighbours();
        }
        firewall.clear();
    }

    /** Both fragments of an IPv4 datagram, in either order; others as they are. */
    private static List<byte[]> pieces(byte[] datagram, SplittableRandom random) {
        if (datagram[0] != 0x45 || datagram.length < Ipv4.HEADER + 9) {
            return List.of(datagram);
        }
        int eights = random.nextInt(1, (datagram.length - Ipv4.HEADER - 1) / 8 + 1);
        List<byte[]> halves = Datagrams.halves(datagram, random.nextInt(0x1_0000), 8 * eights);
        return random.nextBoolean() ? halves : halves.reversed();
    }

    private static byte[] datagram(SplittableRandom random) {
        List<String> hosts = random.nextInt(5) == 0 ? V6 : V4;
        // Mostly the same few, so that connections go on.
        String from = hosts.get(random.nextInt(random.nextInt(3) == 0 ? hosts.size() : 1));
        String to = hosts.get(random.nextInt(hosts.size()));
        if (random.nextBoolean()) {
            String swapped = from;
            from = to;
            to = swapped;
        }
        int port = 4000 + random.nextInt(2);
        int other = 80 * random.nextInt(1, 3);
        int size = random.nextInt(8) == 0 ? random.nextInt(1200, 3000) : random.nextInt(60);
        byte[] datagram = switch (random.nextInt(8)) {
            case 0, 1, 2 ->
                Datagrams.tcp(
                        from,
                        random.nextBoolean() ? port : other,
                        to,
                        random.nextBoolean() ? port : other,
                        FLAGS[random.nextInt(FLAGS.length)],
                        1000 + random.nextInt(3),
                        1000 + random.nextInt(3),
                        random.nextInt(2) * 1460,
                        random.nextInt(2) * size);
            case 3, 4 -> Datagrams.udp(from, port, to, random.nextBoolean() ? port : other, size);
            case 5 -> Datagrams.ping(from, to, random.nextInt(3), size);
            case 6 -> error(from, to, Datagrams.udp(to, port, from, other, 20));
            default -> Datagrams.ip(from, to, random.nextInt(256), Math.max(8, size), _ -> {});
        };
        return spoil(datagram, random);
    }

    private static byte[] error(String from, String to, byte[] quoted) {
        if (!IpAddress.literal(from).isV4()) {
            return Datagrams.ping(from, to, 9, 8);
        }
        return Datagrams.ip(from, to, IpProtocol.ICMP, Icmp.HEADER + quoted.length, p -> {
            int at = p.transportAt();
            Icmp.write(p.buffer(), at, Icmp.UNREACHABLE, 1, 0);
            MemorySegment.copy(quoted, 0, p.buffer(), ValueLayout.JAVA_BYTE, at + Icmp.HEADER, quoted.length);
            Icmp.computeChecksum(p.buffer(), at, at + Icmp.HEADER + quoted.length);
        });
    }

    private static byte[] spoil(byte[] datagram, SplittableRandom random) {
        boolean v4 = datagram[0] >>> 4 == 4;
        return switch (random.nextInt(14)) {
            case 0 -> Datagrams.ttl(datagram, random.nextInt(3));
            case 1 -> v4 ? Datagrams.dontFragment(datagram) : datagram;
            case 2 -> v4 ? Datagrams.changed(datagram, b -> Octets.u16(b, 6, 0x2000)) : datagram;
            case 3 -> Arrays.copyOf(datagram, random.nextInt(1, datagram.length));
            case 4 ->
                Datagrams.changed(datagram, b -> {
                    int at = random.nextInt(1, datagram.length);
                    Octets.u8(b, at, Octets.u8(b, at) ^ 1 << random.nextInt(8));
                });
            default -> datagram;
        };
    }

    @Test
    void itFollowsTheOuterPacket() {
        TestFirewall firewall = TestFirewall.withNeighbours();
        TraceReport report = trace(firewall, Datagrams.udp(HOST, 4000, BEHIND, 53, 20), firewall.lan);
        assertEquals("forwarded to wan by way of " + ROUTER + ", inside tunnel tunnel", report.verdict());
        assertEquals(
                "Headers Access Route Policy Connection Translation MTU"
                        + " Packet Route Connection Translation MTU Neighbour",
                stages(report),
                () -> told(report));
        assertEquals(1, report.steps().getLast().depth());
    }

    @Test
    void theLastFragmentIsFollowedAsItsWholeDatagram() {
        TestFirewall firewall = TestFirewall.withNeighbours();
        List<byte[]> halves = Datagrams.halves(Datagrams.udp(HOST, 4000, BEHIND, 53, 40), 9, 24);
        assertEquals(
                "kept until its datagram is whole",
                trace(firewall, halves.getLast(), firewall.lan).verdict());
        firewall.fromLan(halves.getLast());
        TraceReport report = trace(firewall, halves.getFirst(), firewall.lan);
        assertEquals("forwarded to wan by way of " + ROUTER + ", inside tunnel tunnel", report.verdict());
        assertEquals(
                "Headers Fragments Fragments Headers Access Route Policy Connection Translation MTU"
                        + " Packet Route Connection Translation MTU Neighbour",
                stages(report),
                () -> told(report));
        firewall.fromLan(halves.getFirst());
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size(), "nothing was kept of the traces");
    }

    @Test
    void aFragmentThatRewritesAnotherDies() {
        TestFirewall firewall = TestFirewall.withNeighbours();
        byte[] first = Datagrams.udp(HOST, 4000, BEHIND, 53, 40);
        byte[] other = Datagrams.udp(HOST, 4001, BEHIND, 53, 40);
        firewall.fromLan(Datagrams.halves(first, 9, 24).getFirst());
        TraceReport report = trace(firewall, Datagrams.halves(other, 9, 24).getFirst(), firewall.lan);
        assertEquals(DropReason.BAD_FRAGMENT, report.why(), () -> told(report));
    }

    @Test
    void theObjectThatRefusesIsNamed() {
        TestFirewall firewall = TestFirewall.withNeighbours();
        firewall.decisions.access = new AccessControl.Verdict("no_guests", false, true);
        byte[] datagram = Datagrams.udp(HOST, 4000, FAR, 53, 20);
        assertEquals(
                "dropped: access_denied by no_guests",
                trace(firewall, datagram, firewall.lan).verdict());
        firewall.decisions.access = null;
        firewall.decisions.action = Policy.Action.REJECT;
        assertEquals(
                "dropped: policy_denied by everything",
                trace(firewall, datagram, firewall.lan).verdict());
        assertEquals(
                "dropped: access_denied by Default_Access_Rule",
                trace(firewall, datagram, firewall.wan).verdict());
    }

    @Test
    void aConnectionThatMovesIsTheOneThatIsThere() {
        TestFirewall firewall = TestFirewall.withNeighbours();
        List<Route> routes = new ArrayList<>(firewall.routes(firewall.wan));
        routes.add(new Route(IpNetwork.literal("192.168.1.0/24"), firewall.tunnel, null, 200, Route.Origin.STATIC));
        long generation = firewall.published.active().generation() + 1;
        firewall.published.publish(firewall.configuration(generation, routes, PipelineSettings.DEFAULT)
                .withEquivalents(EquivalentInterfaces.of(List.of(List.of(firewall.lan, firewall.tunnel)))));
        byte[] datagram = Datagrams.udp(HOST, 4000, FAR, 53, 20);
        firewall.fromLan(datagram);
        firewall.clear();
        State before = State.of(firewall);
        TraceReport report = trace(firewall, datagram, firewall.tunnel);
        assertEquals(before, State.of(firewall), told(report));
        assertEquals(
                List.of(
                        "comes by tunnel, as good as lan where its connection is: it goes on, and answers follow",
                        "UDP, lan to wan, 0 s old, by policy everything"),
                report.steps().stream()
                        .filter(step -> step.stage().equals("Connection"))
                        .map(TraceStep::text)
                        .toList());
        assertEquals("forwarded to wan by way of " + ROUTER, report.verdict());
        TraceReport answer = trace(firewall, Datagrams.udp(FAR, 53, HOST, 4000, 20), firewall.wan);
        assertTrue(answer.verdict().startsWith("forwarded to lan"), () -> told(answer));
        Packet moved = filled(firewall.pool.take(), datagram);
        firewall.pipeline.decapsulated(moved, firewall.tunnel, firewall.clock.nanos());
        assertEquals(1, firewall.pipeline.connections().size(), "so it is");
    }

    @Test
    void aFullPipeIsForetold() {
        TestFirewall firewall = TestFirewall.withNeighbours();
        firewall.pipes = ShapingTest.Everything.of(ShapingTest.pipe(400, 0), null);
        firewall.settings(PipelineSettings.DEFAULT);
        byte[] datagram = Datagrams.udp(HOST, 4000, FAR, 53, 972);
        int died = 0;
        for (int i = 0; i < 200; i++) {
            State before = State.of(firewall);
            TraceReport report = trace(firewall, datagram, firewall.lan);
            assertEquals(before, State.of(firewall), told(report));
            firewall.fromLan(datagram);
            boolean dies = report.why() == DropReason.PIPE_FULL;
            assertEquals(dies ? 1 : 0, before.died(State.of(firewall)), "packet " + i + "\n" + told(report));
            assertEquals(
                    dies ? "dropped: pipe_full by pipe" : "forwarded to wan by way of " + ROUTER, report.verdict());
            died += dies ? 1 : 0;
            if (i % 10 == 9) {
                firewall.clock.advance(Duration.ofMillis(50));
                firewall.step();
                firewall.clear();
            }
        }
        assertTrue(died > 20 && died < 150, died + " died");
    }

    @Test
    void anUnknownNeighbourIsNotAskedFor() {
        TestFirewall firewall = new TestFirewall();
        TraceReport report = trace(firewall, Datagrams.udp(HOST, 4000, FAR, 53, 20), firewall.lan);
        assertEquals("Neighbour", report.steps().getLast().stage());
        assertEquals(
                ROUTER + " is not known: the packet waits for its link address",
                report.steps().getLast().text());
        firewall.step();
        assertEquals(List.of(), firewall.wanPort.taken());
    }
}
