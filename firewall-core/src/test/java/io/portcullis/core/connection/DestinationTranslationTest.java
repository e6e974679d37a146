package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.Redirection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DestinationTranslationTest {
    private static final IpAddress OUTSIDE = Bench.SERVER;
    private static final IpAddress PUBLIC = Objects.requireNonNull(Bench.WAN.v4());
    private static final IpAddress INSIDE = Bench.CLIENT;

    /** Allows, and sends elsewhere. */
    private record Sat(SourceTranslation sourceTranslation, Redirection redirection) implements AllowingPolicy {}

    private static Sat to(IpAddress address, int port) {
        return new Sat(Policy.SourceTranslation.NONE, new Redirection(address, port));
    }

    private static void assertEnds(IpAddress from, int fromPort, IpAddress to, int toPort, Packet packet) {
        assertEquals(
                from + ":" + fromPort + " > " + to + ":" + toPort,
                new IpAddress(packet.sourceHigh(), packet.sourceLow()) + ":" + packet.sourcePort() + " > "
                        + new IpAddress(packet.destinationHigh(), packet.destinationLow()) + ":"
                        + packet.destinationPort());
        Packets.assertChecksumsRight(packet);
    }

    @Test
    void aConnectionGoesToTheServerAndItsAnswersComeFromWhereItWasAddressed() {
        Bench bench = new Bench();
        Packet asked = Packets.udp(Bench.WAN, OUTSIDE, 4000, PUBLIC, 53, 30);
        bench.pass(asked, Bench.LAN, to(INSIDE, 5353));
        assertEnds(OUTSIDE, 4000, INSIDE, 5353, asked);
        Packet answer = Packets.udp(Bench.LAN, INSIDE, 5353, OUTSIDE, 4000, 31);
        bench.pass(answer, Bench.WAN, null);
        assertEnds(PUBLIC, 53, OUTSIDE, 4000, answer);
        Packet again = Packets.udp(Bench.WAN, OUTSIDE, 4000, PUBLIC, 53, 32);
        bench.pass(again, Bench.LAN, null);
        assertEnds(OUTSIDE, 4000, INSIDE, 5353, again);
        assertEquals(1, bench.table.size());
    }

    @Test
    void withoutAPortItStaysAsItIs() {
        Bench bench = new Bench();
        Packet syn = Packets.tcp(Bench.WAN, OUTSIDE, 4000, PUBLIC, 80, Tcp.SYN, 1, 0, 1000, -1, 0);
        bench.pass(syn, Bench.LAN, to(INSIDE, 0));
        assertEnds(OUTSIDE, 4000, INSIDE, 80, syn);
    }

    @Test
    void pingsAreRedirectedWithoutTheirType() {
        Bench bench = new Bench();
        Packet ping = Packets.echo(Bench.WAN, OUTSIDE, PUBLIC, true, 77);
        bench.pass(ping, Bench.LAN, to(INSIDE, 8080));
        assertEquals(INSIDE, new IpAddress(ping.destinationHigh(), ping.destinationLow()));
        assertEquals(77, ping.sourcePort());
        Packets.assertChecksumsRight(ping);
        Packet pong = Packets.echo(Bench.LAN, INSIDE, OUTSIDE, false, 77);
        bench.pass(pong, Bench.WAN, null);
        assertEquals(PUBLIC, new IpAddress(pong.sourceHigh(), pong.sourceLow()));
        Packets.assertChecksumsRight(pong);
    }

    @Test
    void bothEndsMayBeTranslated() {
        Bench bench = new Bench();
        IpAddress lan = Objects.requireNonNull(Bench.LAN.v4());
        Packet asked = Packets.udp(Bench.WAN, OUTSIDE, 4000, PUBLIC, 53, 30);
        bench.pass(asked, Bench.LAN, new Sat(Policy.SourceTranslation.NAT, new Redirection(INSIDE, 5353)));
        int port = asked.sourcePort();
        assertEnds(lan, port, INSIDE, 5353, asked);
        Packet answer = Packets.udp(Bench.LAN, INSIDE, 5353, lan, port, 31);
        bench.pass(answer, Bench.WAN, null);
        assertEnds(PUBLIC, 53, OUTSIDE, 4000, answer);
    }

    /** Whether Auto translates the source depends on where the packets go in the end. */
    @Test
    void autoJudgesTheAddressThatPacketsGoTo() {
        Bench bench = new Bench();
        Packet inside = Packets.udp(Bench.LAN, INSIDE, 4000, PUBLIC, 53, 30);
        IpAddress other = IpAddress.literal("192.168.1.20");
        bench.pass(inside, Bench.LAN, new Sat(Policy.SourceTranslation.AUTO, new Redirection(other, 0)));
        assertEnds(INSIDE, 4000, other, 53, inside);
        Packet outward = Packets.udp(Bench.LAN, INSIDE, 4001, IpAddress.literal("10.9.9.9"), 53, 30);
        bench.pass(outward, Bench.WAN, new Sat(Policy.SourceTranslation.AUTO, new Redirection(OUTSIDE, 0)));
        assertEnds(PUBLIC, outward.sourcePort(), OUTSIDE, 53, outward);
    }

    /** The server's error quotes a packet to its own address; who asked had sent it to the public one. */
    @Test
    void anErrorQuotesWhatTheClientHadSent() {
        Bench bench = new Bench();
        Packet before = Packets.udp(Bench.WAN, OUTSIDE, 4000, PUBLIC, 53, 30);
        Packet asked = Packets.arrived(before, Bench.WAN);
        bench.pass(asked, Bench.LAN, to(INSIDE, 5353));
        Packet error = Packets.unreachable(Bench.LAN, INSIDE, OUTSIDE, asked, 1280);
        assertEquals(DropReason.NONE, bench.through(error, Bench.WAN, null));
        assertEquals(PUBLIC, new IpAddress(error.sourceHigh(), error.sourceLow()), "the server stays hidden");
        assertEquals(OUTSIDE, new IpAddress(error.destinationHigh(), error.destinationLow()));
        Packets.assertChecksumsRight(error);
        int quote = error.transportAt() + Icmp.HEADER;
        for (int i = 0; i < before.length(); i++) {
            assertEquals(
                    Octets.u8(before.buffer(), before.start() + i), Octets.u8(error.buffer(), quote + i), "octet " + i);
        }
    }

    @Test
    void ipv6GoesThereToo() {
        Bench bench = new Bench();
        IpAddress published = Objects.requireNonNull(Bench.WAN.v6());
        Packet asked = Packets.udp(Bench.WAN, Bench.SERVER6, 4000, published, 53, 30);
        bench.pass(asked, Bench.LAN, to(Bench.CLIENT6, 5353));
        assertEnds(Bench.SERVER6, 4000, Bench.CLIENT6, 5353, asked);
        Packet answer = Packets.udp(Bench.LAN, Bench.CLIENT6, 5353, Bench.SERVER6, 4000, 31);
        bench.pass(answer, Bench.WAN, null);
        assertEnds(published, 53, Bench.SERVER6, 4000, answer);
    }

    /**
     * Answers and errors about them come to the worker that has the connection; the source port is what can be chosen.
     */
    @Test
    void answersComeToTheWorkerThatHasTheConnection() {
        int workers = 3;
        List<Steering> steerings = Steering.group(workers, new Random(5));
        SourceCounts sources = new SourceCounts(new Random(6));
        ConnectionTable[] tables = new ConnectionTable[workers];
        for (int i = 0; i < workers; i++) {
            tables[i] = new ConnectionTable(
                    ConnectionLimits.DEFAULT,
                    _ -> {},
                    steerings.get(i),
                    sources,
                    new Announcements(new Random(1)),
                    new Random(i),
                    0);
        }
        int kept = 0;
        Set<Integer> seen = new HashSet<>();
        for (int port = 4000; port < 4300; port++) {
            Packet asked = Packets.udp(Bench.WAN, OUTSIDE, port, PUBLIC, 53, 30);
            // Whoever the packet comes in by says the same.
            int owner = steerings.getFirst().owner(asked);
            Flow flow = tables[owner].open(asked, Bench.LAN, null, Bench.WAN, null, to(INSIDE, 5353), 1, 0);
            assertNotNull(flow);
            tables[owner].translate(flow, asked);
            assertEquals(OUTSIDE, new IpAddress(asked.sourceHigh(), asked.sourceLow()), "the server sees who asks");
            assertTrue(seen.add(asked.sourcePort()), "port " + asked.sourcePort() + " twice");
            kept += asked.sourcePort() == port ? 1 : 0;
            Packet answer = Packets.udp(Bench.LAN, INSIDE, 5353, OUTSIDE, asked.sourcePort(), 31);
            Packet error = Packets.unreachable(Bench.LAN, INSIDE, OUTSIDE, asked, 28);
            for (Steering steering : steerings) {
                assertEquals(owner, steering.owner(answer), "port " + port);
                assertEquals(owner, steering.owner(error), "port " + port);
            }
            assertNotNull(tables[owner].find(error, 0));
            Flow back = tables[owner].find(answer, 0);
            assertNotNull(back);
            tables[owner].translate(back, answer);
            assertEnds(PUBLIC, 53, OUTSIDE, port, answer);
        }
        assertTrue(kept > 60 && kept < 140, "one of three keeps its port: " + kept);
    }

    /** Clients use a port again for another destination, and know nothing of what both become. */
    @Test
    void noTwoConnectionsLookAlikeToTheServer() {
        Bench bench = new Bench();
        IpAddress other = IpAddress.literal("203.0.113.2");
        Packet first = Packets.udp(Bench.WAN, OUTSIDE, 4000, PUBLIC, 53, 30);
        Packet second = Packets.udp(Bench.WAN, OUTSIDE, 4000, other, 53, 30);
        bench.pass(first, Bench.LAN, to(INSIDE, 53));
        bench.pass(second, Bench.LAN, to(INSIDE, 53));
        assertEnds(OUTSIDE, 4000, INSIDE, 53, first);
        assertNotEquals(4000, second.sourcePort());
        assertEquals(2, bench.table.size());
        Packet answer = Packets.udp(Bench.LAN, INSIDE, 53, OUTSIDE, second.sourcePort(), 31);
        bench.pass(answer, Bench.WAN, null);
        assertEnds(other, 53, OUTSIDE, 4000, answer);
        Packet toFirst = Packets.udp(Bench.LAN, INSIDE, 53, OUTSIDE, 4000, 31);
        bench.pass(toFirst, Bench.WAN, null);
        assertEnds(PUBLIC, 53, OUTSIDE, 4000, toFirst);
    }

    @Test
    void aProtocolWithoutPortsGoesThereToo() {
        Bench bench = new Bench();
        Packet asked = Packets.raw(Bench.WAN, OUTSIDE, PUBLIC, IpProtocol.GRE, 20);
        bench.pass(asked, Bench.LAN, to(INSIDE, 5353));
        assertEquals(INSIDE, new IpAddress(asked.destinationHigh(), asked.destinationLow()));
        Packet answer = Packets.raw(Bench.LAN, INSIDE, OUTSIDE, IpProtocol.GRE, 20);
        bench.pass(answer, Bench.WAN, null);
        assertEquals(PUBLIC, new IpAddress(answer.sourceHigh(), answer.sourceLow()));
    }
}
