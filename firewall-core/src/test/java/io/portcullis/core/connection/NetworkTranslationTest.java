package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.Transposition;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.Redirection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whole networks are translated one to one, sources and destinations. */
class NetworkTranslationTest {
    private static final Transposition SOURCES = network("192.168.1.0", "10.77.0.0");

    /** Allows, and translates networks. */
    private record Networks(
            @Nullable Transposition newSources, @Nullable Redirection redirection) implements AllowingPolicy {
        @Override
        public SourceTranslation sourceTranslation() {
            return newSources == null ? SourceTranslation.NONE : SourceTranslation.SAT;
        }
    }

    private static Transposition network(String first, String onto) {
        return new Transposition(IpAddress.literal(first), IpAddress.literal(onto));
    }

    private static Redirection onto(Transposition network, int port, int firstPort) {
        return new Redirection(network.onto(), network, port, firstPort);
    }

    private static void assertEnds(String ends, Packet packet) {
        assertEquals(
                ends,
                new IpAddress(packet.sourceHigh(), packet.sourceLow()).withPort(packet.sourcePort()) + " > "
                        + new IpAddress(packet.destinationHigh(), packet.destinationLow())
                                .withPort(packet.destinationPort()));
        Packets.assertChecksumsRight(packet);
    }

    @Test
    void eachAddressAndPortGoesToItsOwnCounterpart() {
        Bench bench = new Bench();
        Policy policy = new Networks(SOURCES, onto(network("203.0.113.64", "198.51.100.32"), 9000, 8000));
        Packet syn = Packets.tcp(
                Bench.LAN,
                IpAddress.literal("192.168.1.7"),
                4000,
                IpAddress.literal("203.0.113.70"),
                8005,
                Tcp.SYN,
                1,
                0,
                1000,
                -1,
                0);
        bench.pass(syn, Bench.WAN, policy);
        assertEnds("10.77.0.7:4000 > 198.51.100.38:9005", syn);
        Packet answer = Packets.tcp(
                Bench.WAN,
                IpAddress.literal("198.51.100.38"),
                9005,
                IpAddress.literal("10.77.0.7"),
                4000,
                Tcp.SYN | Tcp.ACK,
                1,
                2,
                1000,
                -1,
                0);
        bench.pass(answer, Bench.LAN, null);
        assertEnds("203.0.113.70:8005 > 192.168.1.7:4000", answer);
    }

    @Test
    void ipv6Too() {
        Bench bench = new Bench();
        Policy policy =
                new Networks(network("2001:db8:1::", "2001:db8:f1::"), onto(network("2001:db8:2::", "fd00::"), 0, -1));
        Packet asked = Packets.udp(
                Bench.LAN, IpAddress.literal("2001:db8:1::7"), 4000, IpAddress.literal("2001:db8:2:0:1::9"), 53, 30);
        bench.pass(asked, Bench.WAN, policy);
        assertEnds("[2001:db8:f1::7]:4000 > [fd00::1:0:0:9]:53", asked);
    }

    /** With several workers, and servers that several addresses lead to. */
    @Test
    void mappingsAreABijectionWhileTheyLive() {
        long seed = 20261123;
        System.out.println("NetworkTranslationTest: seed " + seed);
        Random random = new Random(seed);
        List<Steering> steerings = Steering.group(3, random);
        SourceCounts sources = new SourceCounts(random);
        List<ConnectionTable> tables = steerings.stream()
                .map(steering -> new ConnectionTable(
                        ConnectionLimits.DEFAULT,
                        _ -> {},
                        steering,
                        sources,
                        new Announcements(new Random(1)),
                        random,
                        0))
                .toList();
        Transposition servers = network("203.0.113.0", "198.51.100.0");
        List<Policy> policies = List.of(
                new Networks(SOURCES, null),
                new Networks(SOURCES, onto(servers, 0, Redirection.ALL_PORTS)),
                new Networks(SOURCES, onto(servers, 60, 50)),
                new Networks(SOURCES, new Redirection(IpAddress.literal("198.51.100.1"), 60)),
                new Networks(null, onto(servers, 0, Redirection.ALL_PORTS)));
        Map<String, String> live = new HashMap<>();
        int kept = 0;
        for (int i = 0; i < 20_000; i++) {
            int host = 10 + random.nextInt(20);
            int port = 20_000 + random.nextInt(50);
            String server = (random.nextBoolean() ? "203.0.113." : "198.51.100.") + (1 + random.nextInt(2));
            Packet packet = Packets.udp(
                    Bench.LAN,
                    IpAddress.literal("192.168.1." + host),
                    port,
                    IpAddress.literal(server),
                    50 + random.nextInt(3),
                    0);
            String before = host + ":" + port + " > " + server + ":" + packet.destinationPort();
            ConnectionTable table = tables.get(steerings.getFirst().owner(packet));
            Flow flow = table.find(packet, 0);
            if (flow != null && random.nextInt(3) == 0) {
                assertEquals(before, live.remove(outside(flow)));
                table.close(flow.connection(), CloseReason.OPERATOR, 0);
                continue;
            }
            if (flow == null) {
                Policy policy = server.startsWith("203")
                        ? policies.get(1 + random.nextInt(policies.size() - 1))
                        : policies.getFirst();
                flow = table.open(packet, Bench.WAN, null, Bench.LAN, null, policy, 1, 0);
                assertNotNull(flow, "round " + i);
                assertNull(live.put(outside(flow), before), "round " + i);
                IpAddress expected =
                        IpAddress.literal((policy.newSources() == null ? "192.168.1." : "10.77.0.") + host);
                assertEquals(expected, flow.newSource(), "round " + i);
                kept += flow.newSourcePort() == port ? 1 : 0;
            }
            assertEquals(before, live.get(outside(flow)), "round " + i);
            table.translate(flow, packet);
            assertEquals(table, tables.get(steerings.getFirst().owner(packet)), "answers go to another worker");
        }
        assertTrue(kept > 1_000, "some keep their ports: " + kept);
    }

    private static String outside(Flow flow) {
        return flow.newSource() + ":" + flow.newSourcePort() + " > " + flow.newDestination() + ":"
                + flow.newDestinationPort();
    }
}
