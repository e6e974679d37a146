package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.connection.ConnectionView;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.packet.Udp;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConnectionsCommandTest {
    private static final FakeInterface LAN = FakeInterface.of("lan", 1, "10.0.0.1");
    private static final FakeInterface WAN = FakeInterface.of("wan", 2, "198.51.100.2");
    private static final IpAddress SERVER = IpAddress.literal("198.51.100.9");

    private final PacketPool pool = new PacketPool(1);
    private final ConnectionTable table =
            new ConnectionTable(ConnectionLimits.DEFAULT, _ -> {}, new SplittableRandom(1), 0);
    private final ConnectionsCommand connections = on(table);

    @AfterEach
    void close() {
        pool.close();
    }

    /** A worker that does what it is told at once, one command after the other. */
    private static ConnectionsCommand on(ConnectionTable table) {
        Queue<Runnable> mailbox = new ArrayDeque<>();
        boolean[] busy = new boolean[1];
        WorkerMailbox worker = command -> {
            mailbox.add(() -> command.run(null, 1_000_000_000L));
            if (!busy[0]) {
                busy[0] = true;
                for (Runnable next = mailbox.poll(); next != null; next = mailbox.poll()) {
                    next.run();
                }
                busy[0] = false;
            }
            return true;
        };
        return new ConnectionsCommand(() -> List.of(ConnectionsCommand.of(table, worker)), () -> List.of("lan", "wan"));
    }

    /** Opens a UDP connection from 10.0.x.y, numbered by {@code host}. */
    private void open(int host, int port) {
        Packet packet = pool.take();
        assertNotNull(packet);
        int at = packet.append(Ipv4.HEADER + Udp.HEADER);
        int from = 0x0a00_0000 + host;
        Ipv4.write(
                packet.buffer(), at, 0, Ipv4.HEADER + Udp.HEADER, 1, false, 64, IpProtocol.UDP, from, SERVER.v4Bits());
        Udp.write(packet.buffer(), at + Ipv4.HEADER, 40_000, port, Udp.HEADER);
        packet.ingress(LAN);
        assertEquals(DropReason.NONE, Headers.parse(packet));
        assertNotNull(table.open(packet, WAN, null, LAN, null, null, 1, 0));
        pool.give(packet);
    }

    @Test
    void connectionsAreListedAsTheirOpenersSeeThem() {
        open(5, 53);
        String text = Typed.run(connections, "connections");
        assertEquals("UDP UDP lan:10.0.0.5:40000 wan:198.51.100.9:53 129", Typed.line(text, "10.0.0.5"));
        String verbose = Typed.run(connections, "connections -verbose");
        assertTrue(verbose.contains("    the firewall's own, age 1s, sent 0 packets"), verbose);
    }

    @Test
    void filtersChoose() {
        open(5, 53);
        open(6, 53);
        open(6, 123);
        assertEquals(
                2, Typed.run(connections, "connections -srcip=10.0.0.6").lines().count() - 2);
        assertEquals(
                2,
                Typed.run(connections, "connections -destport=53 -ipproto=udp")
                                .lines()
                                .count()
                        - 2);
        assertEquals(
                3,
                Typed.run(connections, "connections -srcip=10.0.0.0/8 -srciface=lan -ipproto=17")
                                .lines()
                                .count()
                        - 2);
        assertEquals("No connection matches.\n", Typed.run(connections, "connections -ipproto=TCP"));
        assertEquals("No connection matches.\n", Typed.run(connections, "connections -destiface=lan"));
    }

    @Test
    void wrongFiltersAreSaid() {
        assertTrue(Typed.failure(connections, "connections -srcip=10.0.0.1/8").contains("not an address or a network"));
        assertEquals(
                "there is no interface 'eth'; there are lan, wan",
                Typed.failure(connections, "connections -destiface=eth"));
        assertTrue(Typed.failure(connections, "connections -ipproto=IPX").contains("'IPX' is not a protocol"));
        assertTrue(Typed.failure(connections, "connections -srcport=70000").contains("from 0 to 65535"));
    }

    @Test
    void thoseChosenAreClosedAndNoOthers() {
        open(5, 53);
        open(6, 53);
        assertTrue(Typed.failure(connections, "connections -close").contains("needs to know which"));
        String text = Typed.run(connections, "connections -close -srcip=10.0.0.5");
        assertTrue(text.startsWith("Closed:") && text.contains("10.0.0.5"), text);
        String left = Typed.run(connections, "connections");
        assertTrue(left.contains("10.0.0.6") && !left.contains("10.0.0.5"), left);
    }

    @Test
    void thousandsAreListedInPart() {
        for (int host = 0; host < 5_000; host++) {
            open(host, 53);
        }
        String text = Typed.run(connections, "connections");
        assertEquals(2 + 20 + 1, text.lines().count());
        assertTrue(text.endsWith("(there are more: -num=all shows them, -srcip and the like choose)\n"), text);
        assertEquals(
                5_002, Typed.run(connections, "connections -num=all").lines().count());
        String closed = Typed.run(connections, "connections -close -destport=53");
        assertTrue(closed.endsWith("(and 4980 more)\n"), closed);
        assertEquals("No connections.\n", Typed.run(connections, "connections"));
    }

    @Test
    void translationAndFamiliesAreToldApart() {
        ConnectionView view = new ConnectionView(
                "TCP_OPEN",
                IpProtocol.TCP,
                "lan",
                IpAddress.literal("2001:db8::5"),
                1025,
                "wan",
                IpAddress.literal("2001:db8:1::9"),
                443,
                IpAddress.literal("2001:db8:f::2"),
                50_000,
                IpAddress.literal("2001:db8:1::9"),
                443,
                true,
                3,
                300,
                2,
                2_000,
                61,
                262_144,
                "out");
        ConnectionsCommand fixed = new ConnectionsCommand(
                () -> List.of(scan -> scan.result().complete(List.of(view))), () -> List.of("lan", "wan"));
        String text = Typed.run(fixed, "connections -verbose");
        assertEquals(
                "TCP_OPEN TCP lan:[2001:db8::5]:1025 wan:[2001:db8:1::9]:443 262144", Typed.line(text, "TCP_OPEN"));
        assertEquals("translated to [2001:db8:f::2]:50000 -> [2001:db8:1::9]:443", Typed.line(text, "translated"));
        assertEquals(
                "policy out, age 1m 1s, sent 3 packets 300 octets, received 2 packets 2000 octets",
                Typed.line(text, "policy"));
    }

    @Test
    void aBusyWorkerIsSaid() {
        ConnectionsCommand busy = new ConnectionsCommand(() -> List.of(_ -> false), List::of);
        assertTrue(Typed.failure(busy, "connections").contains("too busy"));
    }
}
