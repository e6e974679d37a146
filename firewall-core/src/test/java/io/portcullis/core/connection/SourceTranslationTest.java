package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.pipeline.Policy.SourceTranslation;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SourceTranslationTest {
    private static IpAddress source(Packet packet) {
        return new IpAddress(packet.sourceHigh(), packet.sourceLow());
    }

    private static IpAddress destination(Packet packet) {
        return new IpAddress(packet.destinationHigh(), packet.destinationLow());
    }

    /** Everything that tells two conversations apart for a host outside. */
    private record Outside(
            int protocol, IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {}

    /** Everything that tells them apart inside. */
    private record Inside(int protocol, IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {}

    @Test
    void noTwoConversationsLookAlikeOutsideAndAnswersFindTheirWayBack() {
        for (long seed = 1; seed <= 10; seed++) {
            Random random = new Random(seed);
            Bench bench = new Bench(Bench.atMost(4096), seed);
            Map<Outside, Inside> known = new HashMap<>();
            for (int i = 0; i < 1500; i++) {
                boolean v6 = random.nextInt(4) == 0;
                IpAddress client = IpAddress.literal((v6 ? "fd00:1::" : "192.168.1.") + (10 + random.nextInt(3)));
                IpAddress server = IpAddress.literal((v6 ? "2001:db8:1::" : "198.51.100.") + (1 + random.nextInt(2)));
                int clientPort = 1 + random.nextInt(200);
                Packet packet = switch (random.nextInt(3)) {
                    case 0 -> Packets.udp(Bench.LAN, client, clientPort, server, 53, random.nextInt(100));
                    case 1 -> Packets.tcp(Bench.LAN, client, clientPort, server, 80, Tcp.SYN, i, 0, 1000, -1, 0);
                    default -> Packets.echo(Bench.LAN, client, server, true, clientPort);
                };
                Inside inside = new Inside(packet.protocol(), client, clientPort, server, packet.destinationPort());
                String what = "seed " + seed + ", packet " + i;
                assertEquals(DropReason.NONE, bench.through(packet, Bench.WAN, TestPolicy.NAT), what);
                assertEquals(v6 ? Bench.WAN.v6() : Bench.WAN.v4(), source(packet), what);
                Packets.assertChecksumsRight(packet);
                Outside outside = new Outside(
                        packet.protocol(),
                        source(packet),
                        packet.sourcePort(),
                        destination(packet),
                        packet.destinationPort());
                Inside before = known.putIfAbsent(outside, inside);
                assertTrue(before == null || before.equals(inside), what + ": " + before + " and " + inside);

                Packet answer = answer(packet);
                assertEquals(DropReason.NONE, bench.through(answer, Bench.LAN, null), what);
                assertEquals(client, destination(answer), what);
                assertEquals(server, source(answer), what);
                boolean icmp = answer.protocol() == IpProtocol.ICMP || answer.protocol() == IpProtocol.ICMPV6;
                assertEquals(clientPort, icmp ? answer.sourcePort() : answer.destinationPort(), what);
                Packets.assertChecksumsRight(answer);
            }
        }
    }

    private static Packet answer(Packet to) {
        return switch (to.protocol()) {
            case IpProtocol.UDP ->
                Packets.udp(Bench.WAN, destination(to), to.destinationPort(), source(to), to.sourcePort(), 33);
            case IpProtocol.TCP ->
                Packets.tcp(
                        Bench.WAN,
                        destination(to),
                        to.destinationPort(),
                        source(to),
                        to.sourcePort(),
                        Tcp.SYN | Tcp.ACK,
                        5,
                        Tcp.sequence(to.buffer(), to.transportAt()) + 1,
                        1000,
                        -1,
                        0);
            default -> Packets.echo(Bench.WAN, destination(to), source(to), false, to.sourcePort());
        };
    }

    @Test
    void partialChecksumsFollowAddressesOnly() {
        for (boolean v6 : new boolean[] {false, true}) {
            Bench bench = new Bench();
            IpAddress client = v6 ? Bench.CLIENT6 : Bench.CLIENT;
            IpAddress server = v6 ? Bench.SERVER6 : Bench.SERVER;
            Packet packet = Packets.tcp(Bench.LAN, client, 40_000, server, 80, Tcp.SYN, 1, 0, 1000, -1, 0);
            int at = packet.transportAt();
            int length = packet.payloadEnd() - at;
            Octets.u16(packet.buffer(), at + Tcp.CHECKSUM, Checksum.fold(Headers.pseudoHeader(packet, length)));
            packet.partialChecksum(at, Tcp.CHECKSUM);
            bench.pass(packet, Bench.WAN, TestPolicy.NAT);
            Checksums.complete(packet);
            Packets.assertChecksumsRight(packet);
        }
    }

    @Test
    void udpWithoutChecksumStaysWithout() {
        Bench bench = new Bench();
        Packet packet = Packets.udp(Bench.LAN, Bench.CLIENT, 4000, Bench.SERVER, 53, 10);
        Octets.u16(packet.buffer(), packet.transportAt() + 6, 0);
        bench.pass(packet, Bench.WAN, TestPolicy.NAT);
        assertEquals(0, Octets.u16(packet.buffer(), packet.transportAt() + 6));
        Packets.assertChecksumsRight(packet);
    }

    @Test
    void autoTranslatesPrivateToPublicOnly() {
        assertTrue(translated("192.168.1.10", "198.51.100.20", Bench.WAN));
        assertFalse(translated("192.168.1.10", "10.1.2.3", Bench.WAN), "both private");
        assertFalse(translated("198.51.100.7", "198.51.100.20", Bench.WAN), "public source");
        assertFalse(translated("192.168.1.10", "198.51.100.20", Bench.TUNNEL), "no address to leave with");
        assertTrue(translated("fd00:1::10", "2001:db8:1::20", Bench.WAN));
        assertFalse(translated("fd00:1::10", "fd00:2::20", Bench.WAN));
    }

    private static boolean translated(String from, String to, TestInterface out) {
        Bench bench = new Bench();
        Packet packet = Packets.udp(Bench.LAN, IpAddress.literal(from), 4000, IpAddress.literal(to), 53, 10);
        bench.pass(packet, out, TestPolicy.AUTO);
        return !source(packet).equals(IpAddress.literal(from));
    }

    @Test
    void ownTrafficIsNotTranslated() {
        Bench bench = new Bench();
        Packet own = Packets.udp(Bench.CORE, Objects.requireNonNull(Bench.WAN.v4()), 500, Bench.SERVER, 500, 10);
        bench.pass(own, Bench.WAN, null);
        assertEquals(500, own.sourcePort());
        Packet asked = Packets.udp(Bench.CORE, Objects.requireNonNull(Bench.WAN.v4()), 501, Bench.SERVER, 500, 10);
        bench.pass(asked, Bench.WAN, TestPolicy.NAT);
        assertEquals(501, asked.sourcePort());
    }

    @Test
    void ownTrafficTakesItsPortBackFromATranslatedConnection() {
        Bench bench = new Bench();
        Packet theirs = Packets.udp(Bench.LAN, Bench.CLIENT, 4000, Bench.SERVER, 53, 10);
        bench.pass(theirs, Bench.WAN, TestPolicy.NAT);
        Packet own = Packets.udp(
                Bench.CORE, Objects.requireNonNull(Bench.WAN.v4()), theirs.sourcePort(), Bench.SERVER, 53, 10);
        bench.pass(own, Bench.WAN, null);
        assertEquals(1, bench.table.size());
        Packet again = Packets.udp(Bench.LAN, Bench.CLIENT, 4000, Bench.SERVER, 53, 10);
        bench.pass(again, Bench.WAN, TestPolicy.NAT);
        assertNotEquals(theirs.sourcePort(), again.sourcePort());
    }

    @Test
    void aProtocolWithoutPortsIsTranslatedForOneInsideHost() {
        Bench bench = new Bench();
        IpAddress other = IpAddress.literal("192.168.1.11");
        bench.pass(Packets.raw(Bench.LAN, Bench.CLIENT, Bench.SERVER, IpProtocol.GRE, 20), Bench.WAN, TestPolicy.NAT);
        assertEquals(
                DropReason.TRANSLATION_FULL,
                bench.through(
                        Packets.raw(Bench.LAN, other, Bench.SERVER, IpProtocol.GRE, 20), Bench.WAN, TestPolicy.NAT));
        assertEquals(1, bench.table.size());
    }

    @Test
    void everyPortIsTriedBeforeOneIsTakenTwice() {
        SourcePorts ports = new SourcePorts(new Random(3), 1);
        for (int round = 0; round < 20; round++) {
            ports.restart();
            Map<Integer, Integer> seen = new HashMap<>();
            int port;
            while ((port = ports.next()) >= 0) {
                assertEquals(null, seen.put(port, port), "port " + port + " twice");
                assertTrue(port >= SourcePorts.FIRST && port <= SourcePorts.LAST);
            }
            assertEquals(SourcePorts.TRIES + SourcePorts.LAST_TRIES, seen.size());
        }
    }

    @Test
    void nearlyEveryPortIsFound() {
        SourcePorts ports = new SourcePorts(new Random(4), 1);
        BitSet taken = new BitSet();
        int all = SourcePorts.LAST - SourcePorts.FIRST + 1;
        for (int i = 0; i < all * 97 / 100; i++) {
            ports.restart();
            int port;
            do {
                port = ports.next();
            } while (port >= 0 && taken.get(port));
            assertTrue(port >= 0, "after " + i + " connections");
            taken.set(port);
        }
    }

    @Test
    void anEgressWithoutAddressCannotTranslate() {
        Bench bench = new Bench();
        Packet packet = Packets.udp(Bench.LAN, Bench.CLIENT, 4000, Bench.SERVER, 53, 10);
        TestPolicy nat = new TestPolicy("nat", false, SourceTranslation.NAT);
        assertEquals(DropReason.TRANSLATION_FULL, bench.through(packet, Bench.TUNNEL, nat));
        assertEquals(0, bench.table.size());
    }
}
