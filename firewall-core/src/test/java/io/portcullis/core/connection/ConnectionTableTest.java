package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.event.Event;
import io.portcullis.core.event.EventType;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.pipeline.Policy.SourceTranslation;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
    private static Packet query(int port) {
        return Packets.udp(Bench.LAN, Bench.CLIENT, port, Bench.SERVER, 53, 20);
    }

    private static Packet answer(int port) {
        return Packets.udp(Bench.WAN, Bench.SERVER, 53, Bench.CLIENT, port, 20);
    }

    @Test
    void bothDirectionsAreFoundByInterface() {
        Bench bench = new Bench();
        bench.pass(query(1000), Bench.WAN, TestPolicy.PLAIN);
        Flow there = bench.flow(query(1000));
        Flow back = bench.flow(answer(1000));
        assertSame(there.connection(), back.connection());
        assertSame(back, there.reverse());
        assertEquals(Bench.WAN, there.egress());
        assertEquals(Bench.LAN, back.egress());
        assertNull(
                bench.table.find(Packets.udp(Bench.TUNNEL, Bench.SERVER, 53, Bench.CLIENT, 1000, 20), bench.now),
                "the same packet by another interface is a new one");
    }

    @Test
    void onlyTheOpenerKeepsUdpUnlessBothMay() {
        for (boolean both : new boolean[] {false, true}) {
            Bench bench = new Bench(new ConnectionLimits(100, 100, 60, 262_144, 80, 130, 8, 130, both), 1);
            bench.pass(query(1000), Bench.WAN, TestPolicy.PLAIN);
            bench.after(100);
            bench.pass(answer(1000), Bench.LAN, null);
            bench.after(60);
            assertEquals(both ? 1 : 0, bench.table.size());
            bench.after(100);
            assertEquals(0, bench.table.size());
        }
    }

    @Test
    void pingAndOtherProtocolsHaveTheirOwnTimes() {
        Bench bench = new Bench();
        bench.pass(Packets.echo(Bench.LAN, Bench.CLIENT, Bench.SERVER, true, 5), Bench.WAN, TestPolicy.PLAIN);
        bench.pass(Packets.raw(Bench.LAN, Bench.CLIENT, Bench.SERVER, IpProtocol.GRE, 20), Bench.WAN, TestPolicy.PLAIN);
        bench.after(7);
        assertEquals(2, bench.table.size());
        bench.after(3);
        assertEquals(1, bench.table.size());
        bench.after(119);
        assertEquals(1, bench.table.size());
        bench.after(3);
        assertEquals(0, bench.table.size());
    }

    @Test
    void aLongSilenceOfTheWorkerExpiresAllInSlices() {
        Bench bench = new Bench();
        for (int port = 1; port <= 500; port++) {
            bench.pass(query(port), Bench.WAN, TestPolicy.PLAIN);
        }
        bench.now += 1_000_000 * Bench.SECOND;
        assertTrue(bench.table.expire(bench.now, 100) <= 100);
        assertEquals(400, bench.table.size());
        for (int i = 0; i < 4; i++) {
            bench.table.expire(bench.now, 100);
        }
        assertEquals(0, bench.table.size());
    }

    @Test
    void aTickLooksAtNoMoreThanItsBudget() {
        Bench bench = new Bench();
        for (int port = 1; port <= 500; port++) {
            bench.pass(query(port), Bench.WAN, TestPolicy.PLAIN);
        }
        bench.now += 131 * Bench.SECOND;
        for (int port = 2; port <= 500; port += 2) {
            bench.pass(query(port), Bench.WAN, TestPolicy.PLAIN);
        }
        bench.now += 2 * Bench.SECOND;
        // All have their turn, every second of them to be closed.
        for (int tick = 1; tick <= 5; tick++) {
            assertEquals(50, bench.table.expire(bench.now, 100));
        }
        assertEquals(0, bench.table.expire(bench.now, 100));
        assertEquals(250, bench.table.size());
    }

    @Test
    void aMillionConnectionsFitInto256Megabytes() {
        // An eighth of a million: the index grows by doubling, so that a million take eight times as much.
        int many = 125_000;
        ConnectionTable table = new ConnectionTable(Bench.atMost(many), _ -> {}, new Random(1), 0);
        assertTrue(table.octets() < 10_000, "empty");
        Packet packet = query(1);
        long most = 0;
        for (int i = 0; i < many; i++) {
            packet.addresses(0, Bench.CLIENT.low() + i / 1000, 0, Bench.SERVER.low());
            packet.ports(1 + i % 1000, 53);
            assertNotNull(table.open(packet, Bench.WAN, Bench.SERVER, Bench.LAN, null, TestPolicy.PLAIN, 1, i));
            most = Math.max(most, table.octets());
        }
        assertEquals(many, table.size());
        assertTrue(most * 8 <= 256_000_000, most + " octets");
        for (int i = 0; i < many; i += 997) {
            packet.addresses(0, Bench.CLIENT.low() + i / 1000, 0, Bench.SERVER.low());
            packet.ports(1 + i % 1000, 53);
            Flow flow = table.find(packet, many);
            assertNotNull(flow);
            assertEquals(1 + i % 1000, flow.reverse().destinationPort());
        }
        long later = 200 * Bench.SECOND;
        while (table.size() > 0) {
            assertEquals(Math.min(table.size(), 4096), table.expire(later, 4096));
        }
        assertEquals(most, table.octets(), "what is closed is used again");
    }

    @Test
    void whenFullTheOldestThatIsNotEstablishedMakesRoom() {
        Bench bench = new Bench(Bench.atMost(3), 1);
        bench.pass(query(1), Bench.WAN, TestPolicy.PLAIN);
        bench.pass(answer(1), Bench.LAN, null);
        bench.pass(query(1), Bench.WAN, TestPolicy.PLAIN);
        bench.pass(answer(1), Bench.LAN, null);
        for (int port = 2; port <= 50; port++) {
            bench.pass(query(port), Bench.WAN, TestPolicy.PLAIN);
            assertTrue(bench.table.size() <= 3);
        }
        assertNotNull(bench.table.find(query(1), bench.now), "established");
        assertNotNull(bench.table.find(query(49), bench.now));
        assertNotNull(bench.table.find(query(50), bench.now));
        assertNull(bench.table.find(query(48), bench.now));
        assertEquals(
                1,
                bench.events.stream()
                        .filter(event -> event.type().equals(ConnectionEvents.FULL))
                        .count(),
                "said once a second at most");
    }

    @Test
    void whenFullOfEstablishedConnectionsNewOnesAreRefused() {
        Bench bench = new Bench(Bench.atMost(2), 1);
        for (int port = 1; port <= 2; port++) {
            for (int i = 0; i < 2; i++) {
                bench.pass(query(port), Bench.WAN, TestPolicy.PLAIN);
                bench.pass(answer(port), Bench.LAN, null);
            }
        }
        assertEquals(DropReason.CONNECTIONS_FULL, bench.through(query(3), Bench.WAN, TestPolicy.PLAIN));
        assertEquals(ConnectionEvents.OUT_OF_CONNECTIONS, bench.events.getLast().type());
        assertEquals(2, bench.table.size());
    }

    @Test
    void connectionsOfAnInterfaceThatIsGoneAreClosed() {
        Bench bench = new Bench();
        for (int port = 1; port <= 300; port++) {
            bench.pass(query(port), port % 3 == 0 ? Bench.TUNNEL : Bench.WAN, TestPolicy.PLAIN);
        }
        bench.table.forget(Bench.TUNNEL);
        bench.table.expire(bench.now, 200);
        bench.table.expire(bench.now, 200);
        assertEquals(200, bench.table.size());
        assertNull(bench.table.find(query(3), bench.now));
        assertNotNull(bench.table.find(query(4), bench.now));
    }

    @Test
    void aConnectionThatComesByAnotherInterfaceReplacesItself() {
        Bench bench = new Bench();
        bench.pass(query(1), Bench.WAN, TestPolicy.PLAIN);
        bench.pass(Packets.udp(Bench.TUNNEL, Bench.CLIENT, 1, Bench.SERVER, 53, 20), Bench.WAN, TestPolicy.PLAIN);
        assertEquals(1, bench.table.size());
        assertEquals(Bench.TUNNEL, bench.flow(answer(1)).egress());
    }

    @Test
    void openingAndClosingAreLoggedWhenThePolicySaysSo() {
        Bench bench = new Bench();
        bench.pass(query(1), Bench.WAN, TestPolicy.PLAIN);
        assertTrue(bench.events.isEmpty());
        bench.pass(query(2), Bench.WAN, new TestPolicy("web", true, SourceTranslation.NONE));
        Packet translated = query(3);
        bench.pass(translated, Bench.WAN, new TestPolicy("out", true, SourceTranslation.NAT));
        bench.after(140);
        Set<EventType> seen = bench.events.stream().map(Event::type).collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        ConnectionEvents.OPEN,
                        ConnectionEvents.OPEN_TRANSLATED,
                        ConnectionEvents.CLOSE,
                        ConnectionEvents.CLOSE_TRANSLATED),
                seen);
        assertEquals(
                "CONN: prio=6 id=00600001 rev=1 event=conn_open action=open rule=web connipproto=UDP connrecvif=lan"
                        + " connsrcip=192.168.1.10 connsrcport=2 conndestif=wan conndestip=198.51.100.20"
                        + " conndestport=53",
                bench.events.getFirst().toString());
        assertTrue(bench.events
                .get(1)
                .toString()
                .contains("connnewsrcip=203.0.113.1 connnewsrcport=" + translated.sourcePort()));
    }

    @Test
    void aFloodOfConnectionsMakesFewEvents() {
        Bench bench = new Bench(Bench.atMost(10_000), 1);
        for (int port = 1; port <= 5000; port++) {
            bench.pass(query(port), Bench.WAN, new TestPolicy("web", true, SourceTranslation.NONE));
        }
        assertEquals(ConnectionEvents.PER_SECOND, bench.events.size());
    }

    @Test
    void listsAndClosesInSlices() {
        Bench bench = new Bench();
        for (int port = 1; port <= 100; port++) {
            bench.pass(query(port), Bench.WAN, TestPolicy.NAT);
        }
        ConnectionFilter ours =
                (connection, _) -> connection.original().source().equals(Bench.CLIENT);
        ConnectionFilter some =
                ours.and((connection, now) -> connection.original().sourcePort() == 7 && connection.openedAt() <= now);
        ConnectionScan scan = ConnectionScan.list(some, 1000);
        int slices = 1;
        while (!scan.advance(bench.table, 10, bench.now)) {
            slices++;
        }
        assertEquals(10, slices);
        List<ConnectionView> found = scan.result().join().views();
        assertEquals(1, found.size());
        ConnectionView view = found.getFirst();
        assertEquals("UDP", view.state());
        assertEquals(Bench.CLIENT, view.source());
        assertEquals(7, view.sourcePort());
        assertEquals(Bench.WAN.v4(), view.newSource());
        assertTrue(view.translated());
        assertEquals(130, view.timeoutSeconds());
        assertEquals(1, view.packetsOut());
        assertEquals(48, view.octetsOut());
        assertEquals("nat", view.policy());

        ConnectionScan close =
                ConnectionScan.close((connection, _) -> connection.original().sourcePort() > 10, 30);
        while (!close.advance(bench.table, 10, bench.now)) {
            assertFalse(close.result().isDone());
        }
        assertEquals(30, close.result().join().views().size());
        assertEquals(90, close.result().join().count());
        assertEquals(10, bench.table.size());
    }

    @Test
    void fragmentsFollowTheirConnectionAndOpenNone() {
        Bench bench = new Bench();
        Packet later = query(1);
        later.fragment(1480, false);
        assertEquals(DropReason.NO_NEW_CONNECTION, bench.through(later, Bench.WAN, TestPolicy.PLAIN));
        bench.pass(query(1), Bench.WAN, TestPolicy.NAT);
        Packet fragment = query(1);
        fragment.fragment(1480, false);
        int firstWord = Tcp.sequence(fragment.buffer(), fragment.transportAt());
        bench.pass(fragment, Bench.WAN, TestPolicy.NAT);
        assertEquals(Bench.WAN.v4(), new IpAddress(fragment.sourceHigh(), fragment.sourceLow()));
        assertEquals(firstWord, Tcp.sequence(fragment.buffer(), fragment.transportAt()), "data is no header");
    }

    @Test
    void surfacesNothingButItsOwnAfterRandomLife() {
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            Bench bench = new Bench(Bench.atMost(200), seed);
            for (int i = 0; i < 20_000; i++) {
                int port = 1 + random.nextInt(600);
                Packet packet = random.nextBoolean() ? query(port) : answer(port);
                bench.through(packet, Bench.LAN.equals(packet.ingress()) ? Bench.WAN : Bench.LAN, TestPolicy.PLAIN);
                Flow flow = bench.table.find(packet, bench.now);
                assertNotNull(flow, "seed " + seed + ", step " + i);
                assertTrue(flow.connection().isOpen());
                assertEquals(packet.sourcePort(), flow.sourcePort());
                assertTrue(bench.table.size() <= 200);
                if (random.nextInt(10) == 0) {
                    bench.table.close(flow.connection(), CloseReason.OPERATOR, bench.now);
                }
                if (random.nextInt(50) == 0) {
                    bench.after(random.nextInt(40));
                }
            }
            bench.after(300);
            assertEquals(0, bench.table.size(), "seed " + seed);
        }
    }
}
