package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.time.SystemClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PingCommandTest {
    private static final RoutingTables ROUTES = new RoutingTables(List.of(
            new RoutingTable(
                    "main",
                    List.of(
                            new Route(
                                    IpNetwork.literal("198.51.100.0/24"),
                                    FakeInterface.of("wan", 1, "198.51.100.2"),
                                    null,
                                    100,
                                    Route.Origin.INTERFACE),
                            new Route(
                                    IpNetwork.literal("192.168.11.0/24"),
                                    FakeInterface.tunnel("branch", 2),
                                    null,
                                    90,
                                    Route.Origin.TUNNEL))),
            new RoutingTable(
                    "isp2",
                    List.of(new Route(
                            IpNetwork.ALL_V4,
                            FakeInterface.of("dsl", 3, "192.0.2.2"),
                            IpAddress.literal("192.0.2.1"),
                            100,
                            Route.Origin.STATIC)))));
    private static final AddressSet OWN = AddressSet.of(IpAddress.literal("198.51.100.2"));

    private final List<String> sent = new ArrayList<>();
    private int closed;

    /** A far end that answers all requests but these, each after 1.5 milliseconds; those of {@code doubled} twice. */
    private PingCommand silentAbout(List<Integer> silent, List<Integer> doubled) {
        return new PingCommand(
                (source, destination, by, listener) -> {
                    sent.add(source + ">" + destination
                            + (by == null ? "" : " by " + by.iface().name()));
                    return Optional.of(new Far(listener, silent, doubled));
                },
                () -> ROUTES,
                () -> OWN,
                new SystemClock(),
                Duration.ofMillis(20));
    }

    private final class Far implements PingCommand.Requests {
        private final EchoClient.Listener listener;
        private final List<Integer> silent;
        private final List<Integer> doubled;

        Far(EchoClient.Listener listener, List<Integer> silent, List<Integer> doubled) {
            this.listener = listener;
            this.silent = silent;
            this.doubled = doubled;
        }

        @Override
        public boolean send(int sequence, int payload) {
            sent.add(sequence + "/" + payload);
            if (!silent.contains(sequence)) {
                listener.replied(sequence, 1_500_000, 63, payload);
            }
            if (doubled.contains(sequence)) {
                listener.replied(sequence, 1_900_000, 63, payload);
            }
            return true;
        }

        @Override
        public void close() {
            closed++;
        }
    }

    @Test
    void oneReplyIsReportedInTheReferencesWords() {
        assertEquals("""
                Sending 1 4-byte ICMP ping to 198.51.100.9 from 198.51.100.2 using PBR table "main"
                ICMP Reply from 198.51.100.9 seq=0 time=1.5 ms TTL=63
                Ping Results: Sent: 1, Received:1, Avg RTT: 1.5 ms
                """, Typed.run(silentAbout(List.of(), List.of()), "ping 198.51.100.9"));
        assertEquals(List.of("198.51.100.2>198.51.100.9", "0/4"), sent);
        assertEquals(1, closed);
    }

    @Test
    void aTableSaysTheWay() {
        PingCommand ping = silentAbout(List.of(), List.of());
        String text = Typed.run(ping, "ping 198.51.100.9 -pbr=isp2");
        assertTrue(text.contains("from 192.0.2.2 using PBR table \"isp2\""), text);
        assertEquals(List.of("192.0.2.2>198.51.100.9 by dsl", "0/4"), sent);
        assertTrue(Typed.failure(ping, "ping 198.51.100.9 -pbr=isp3").contains("there are main, isp2"));
        assertTrue(Typed.failure(ping, "ping ::1 -pbr=isp2").contains("by table isp2"));
    }

    @Test
    void lossAndDoublesAreCountedRight() {
        String text = Typed.run(silentAbout(List.of(1), List.of(0)), "ping 198.51.100.9 -count=3 -size=100");
        assertTrue(text.contains("seq=0 time=1.9 ms TTL=63 (again)"), text);
        assertTrue(!text.contains("seq=1 ") && text.contains("seq=2 "), text);
        assertTrue(text.endsWith("Ping Results: Sent: 3, Received:2, Avg RTT: 1.5 ms\n"), text);
        assertTrue(sent.contains("2/100"), sent.toString());
    }

    @Test
    void silenceEndsToo() {
        String text = Typed.run(silentAbout(List.of(0), List.of()), "ping 198.51.100.9");
        assertTrue(text.endsWith("Ping Results: Sent: 1, Received:0\n"), text);
        assertEquals(1, closed);
    }

    @Test
    void whatCanNotWorkIsSaidBeforeAnythingIsSent() {
        PingCommand ping = silentAbout(List.of(), List.of());
        assertTrue(Typed.failure(ping, "ping 10.9.9.9").contains("no route leads to 10.9.9.9"));
        assertTrue(Typed.failure(ping, "ping 192.168.11.1").contains("give -srcip="));
        assertTrue(
                Typed.failure(ping, "ping 192.168.11.1 -srcip=10.1.1.1").contains("not an address of this firewall"));
        assertTrue(Typed.failure(ping, "ping 192.168.11.1 -srcip=::1").contains("not of one family"));
        assertTrue(Typed.failure(ping, "ping host").contains("'host' is not an IP address"));
        assertTrue(Typed.failure(ping, "ping").contains("ping needs IP"));
        assertTrue(Typed.failure(ping, "ping 198.51.100.9 -size=70000").contains("not a number from 0 to"));
        assertEquals(List.of(), sent);
        String through = Typed.run(ping, "ping 192.168.11.1 -srcip=198.51.100.2 -verbose");
        assertTrue(through.contains("by route 192.168.11.0/24 branch metric 90"), through);
    }

    @Test
    void tooManyPingsAreRefused() {
        PingCommand full = new PingCommand(
                (_, _, _, _) -> Optional.empty(), () -> ROUTES, () -> OWN, new SystemClock(), Duration.ofMillis(20));
        assertTrue(Typed.failure(full, "ping 198.51.100.9").contains("pings run already"));
    }
}
