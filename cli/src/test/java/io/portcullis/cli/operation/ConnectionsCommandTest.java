package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.address.AddressObjects;
import io.portcullis.core.address.Ip4Address;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.connection.ConnectionScan;
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
import io.portcullis.core.pipeline.Policy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConnectionsCommandTest {
    private static final FakeInterface LAN = FakeInterface.of("lan", 1, "10.0.0.1");
    private static final FakeInterface WAN = FakeInterface.of("wan", 2, "198.51.100.2");
    private static final IpAddress SERVER = IpAddress.literal("198.51.100.9");

    private final PacketPool pool = new PacketPool(1);
    private static final Configuration ADDRESSES = Configuration.empty(ObjectTypes.of(List.of(Ip4Address.class)))
            .add(ConfigObject.TOP, new Ip4Address("server", AddressObjects.literal("198.51.100.9"), ""));

    private final ConnectionTable table =
            new ConnectionTable(ConnectionLimits.DEFAULT, _ -> {}, new SplittableRandom(1), 0);
    private final ConnectionTable otherTable =
            new ConnectionTable(ConnectionLimits.DEFAULT, _ -> {}, new SplittableRandom(2), 0);
    private final ConnectionsCommand connections = on(table, otherTable);

    @AfterEach
    void close() {
        pool.close();
    }

    /** Workers that do what they are told at once, one command after the other. */
    private static ConnectionsCommand on(ConnectionTable... tables) {
        return new ConnectionsCommand(
                () -> Stream.of(tables)
                        .map(table -> ConnectionsCommand.of(table, mailbox()))
                        .toList(),
                names());
    }

    private static ConnectionCriteria.Names names() {
        return new ConnectionCriteria.Names(
                () -> List.of("lan", "wan"),
                () -> List.of("out", "Default_Rule"),
                () -> ADDRESSES.byCategory("Address").stream()
                        .map(ConfigObject::name)
                        .toList(),
                ADDRESSES::resolve);
    }

    private static WorkerMailbox mailbox() {
        Queue<Runnable> mailbox = new ArrayDeque<>();
        boolean[] busy = new boolean[1];
        return command -> {
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
    }

    /** Hides who it allows. */
    private static final Policy OUT = new Policy() {
        @Override
        public String name() {
            return "out";
        }

        @Override
        public Action action() {
            return Action.ALLOW;
        }

        @Override
        public boolean logs() {
            return false;
        }

        @Override
        public SourceTranslation sourceTranslation() {
            return SourceTranslation.NAT;
        }

        @Override
        public void hit(long now) {}
    };

    private void open(int host, int port) {
        open(table, host, port, null);
    }

    /** Opens a UDP connection from 10.0.x.y, numbered by {@code host}. */
    private void open(ConnectionTable in, int host, int port, @Nullable Policy policy) {
        Packet packet = pool.take();
        assertNotNull(packet);
        int at = packet.append(Ipv4.HEADER + Udp.HEADER);
        int from = 0x0a00_0000 + host;
        Ipv4.write(
                packet.buffer(), at, 0, Ipv4.HEADER + Udp.HEADER, 1, false, 64, IpProtocol.UDP, from, SERVER.v4Bits());
        Udp.write(packet.buffer(), at + Ipv4.HEADER, 40_000, port, Udp.HEADER);
        packet.ingress(LAN);
        assertEquals(DropReason.NONE, Headers.parse(packet));
        assertNotNull(in.open(packet, WAN, null, LAN, null, policy, 1, 0));
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

    private long chosen(String filters) {
        String text = Typed.run(connections, "connections " + filters);
        return text.equals("No connection matches.\n") ? 0 : text.lines().count() - 2;
    }

    @Test
    void filtersChoose() {
        open(5, 53);
        open(6, 53);
        open(6, 123);
        open(otherTable, 7, 53, OUT);
        assertEquals(2, chosen("-srcip=10.0.0.6"));
        assertEquals(3, chosen("-destport=53 -ipproto=udp"));
        assertEquals(4, chosen("-srcip=10.0.0.0/8 -srciface=lan -ipproto=17"));
        assertEquals(3, chosen("-srcip=10.0.0.5-10.0.0.6"));
        assertEquals(2, chosen("-srcip=10.0.0.5,10.0.0.7"));
        assertEquals(4, chosen("-destip=server"));
        assertEquals(0, chosen("-srcip=server"));
        assertEquals(1, chosen("-destport=100-200"));
        assertEquals(4, chosen("-srcport=40000"));
        assertEquals(0, chosen("-ipproto=TCP"));
        assertEquals(0, chosen("-destiface=lan"));
        assertEquals(4, chosen("-destiface=wan -state=udp"));
        assertEquals(0, chosen("-state=TCP_OPEN"));
        assertEquals(1, chosen("-policy=out"));
        assertEquals(0, chosen("-policy=other"));
        assertEquals(1, chosen("-worker=1"));
        assertEquals(3, chosen("-worker=0"));
        assertEquals(4, chosen("-minage=1"));
        assertEquals(0, chosen("-minage=2"));
        assertEquals(4, chosen("-minoctets=0"));
        assertEquals(0, chosen("-minoctets=1"));
    }

    @Test
    void whatIsTranslatedIsChosenByWhatItBecomes() {
        open(5, 53);
        open(otherTable, 7, 53, OUT);
        assertEquals(1, chosen("-translated"));
        assertEquals(1, chosen("-newsrcip=198.51.100.2"));
        assertEquals(1, chosen("-newsrcip=10.0.0.0/8"), "the one that is not translated");
        assertEquals(2, chosen("-newdestip=198.51.100.9 -newdestport=53"));
        assertEquals(1, chosen("-newsrcport=40000"));
        assertEquals(1, chosen("-newsrcport=10240-39999"));
    }

    @Test
    void wrongFiltersAreSaid() {
        assertTrue(Typed.failure(connections, "connections -srcip=nobody").contains("nobody is neither an address"));
        assertTrue(Typed.failure(connections, "connections -srcip=dns:host.example")
                .contains("stands for no address"));
        assertEquals(
                "there is no interface 'eth'; there are lan, wan",
                Typed.failure(connections, "connections -destiface=eth"));
        assertTrue(Typed.failure(connections, "connections -ipproto=IPX").contains("'IPX' is not a protocol"));
        assertTrue(Typed.failure(connections, "connections -srcport=70000").contains("from 0 to 65535"));
        assertTrue(Typed.failure(connections, "connections -srcport=20-10").contains("nor a range"));
        assertTrue(Typed.failure(connections, "connections -srcport=1-2-3").contains("'1-2-3' is not a port"));
        assertTrue(Typed.failure(connections, "connections -state=OPEN").contains("none of SYN_RECV, "));
        assertTrue(Typed.failure(connections, "connections -worker=2").contains("from 0 to 1"));
        assertTrue(Typed.failure(connections, "connections -minage=old").contains("'old' is not a number"));
    }

    @Test
    void whatMayBeNamedIsOffered() {
        assertEquals(List.of("lan", "wan"), offered("srciface"));
        assertEquals(List.of("out", "Default_Rule"), offered("policy"));
        assertTrue(offered("newdestip").contains("server"));
        assertTrue(offered("state").containsAll(List.of("TCP_OPEN", "UDP")));
        assertEquals(List.of("0", "1"), offered("worker"));
    }

    private List<String> offered(String option) {
        return connections.options().stream()
                .filter(known -> known.name().equals(option))
                .findFirst()
                .orElseThrow()
                .values()
                .now();
    }

    @Test
    void thoseChosenAreClosedAndNoOthers() {
        open(5, 53);
        open(6, 53);
        open(otherTable, 5, 80, OUT);
        String text = Typed.run(connections, "connections -close -srcip=10.0.0.5");
        assertTrue(text.startsWith("Closed 2 connections:\n") && text.contains("10.0.0.5"), text);
        String left = Typed.run(connections, "connections");
        assertTrue(left.contains("10.0.0.6") && !left.contains("10.0.0.5"), left);
        assertEquals("No connection matches.\n", Typed.run(connections, "connections -close -policy=out"));
    }

    @Test
    void allAreClosedWhenThatIsSaid() {
        open(5, 53);
        assertTrue(Typed.failure(connections, "connections -close").contains("or -all for every one"));
        assertTrue(
                Typed.failure(connections, "connections -close -all -srcport=1").contains("chooses nothing else"));
        assertTrue(Typed.failure(connections, "connections -all").contains("is for -close"));
        assertEquals(1, table.size());
        assertTrue(Typed.run(connections, "connections -close -all").startsWith("Closed 1 connection:\n"));
        assertEquals(0, table.size());
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
        assertTrue(closed.startsWith("Closed 5000 connections:\n"), closed);
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
                () -> List.of(scan -> scan.result().complete(new ConnectionScan.Found(List.of(view), 1))), names());
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
        ConnectionsCommand busy = new ConnectionsCommand(() -> List.of(_ -> false), names());
        assertTrue(Typed.failure(busy, "connections").contains("too busy"));
    }
}
