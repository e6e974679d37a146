package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.LAN;
import static io.portcullis.core.pipeline.TestFirewall.ROUTER;
import static io.portcullis.core.pipeline.TestFirewall.WAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.routing.Route;
import io.portcullis.core.tcp.TcpClient;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the firewall asks others: by which way the questions leave, and whose answers count. */
class OwnTrafficTest {
    private static final int PORT = 80;
    private static final int HOSTS_SEQUENCE = 0xffff_fffe;

    private final TestFirewall firewall = TestFirewall.withNeighbours();
    private final List<String> heard = new ArrayList<>();
    private TcpClient.Connection connection;
    private int ownPort;
    private int ownNext;

    @BeforeEach
    void nobodyIsAllowedAnything() {
        // Nothing here needs a policy.
        firewall.decisions.action = Policy.Action.DROP;
    }

    private final class Ear implements TcpClient.Listener {
        private final int enough;
        private int octets;

        Ear(int enough) {
            this.enough = enough;
        }

        @Override
        public void connected(long roundTrip) {
            heard.add("connected " + roundTrip / 1_000_000);
        }

        @Override
        public boolean received(MemorySegment from, long at, int length, long sinceOpening) {
            byte[] part = from.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
            heard.add(new String(part, StandardCharsets.US_ASCII));
            octets += length;
            return octets >= enough;
        }
    }

    /** Connects to the far host; the SYN has left. */
    private void connect(String request, int enough) {
        connection = firewall.tcp
                .open(
                        IpAddress.literal(WAN),
                        IpAddress.literal(FAR),
                        PORT,
                        null,
                        request.getBytes(StandardCharsets.US_ASCII),
                        new Ear(enough))
                .orElseThrow();
        firewall.step();
        Packet syn = firewall.onWan();
        assertSegment(syn, Tcp.SYN, 0);
        assertEquals(1220, Tcp.mss(syn.buffer(), syn.transportAt()));
        ownPort = syn.sourcePort();
        ownNext = Tcp.sequence(syn.buffer(), syn.transportAt()) + 1;
        assertTrue(ownPort >= 61_000, "sockets of the program have the ports below");
        firewall.clock.advance(Duration.ofMillis(30));
    }

    private static void assertSegment(Packet packet, int flags, int data) {
        int at = packet.transportAt();
        assertEquals(IpProtocol.TCP, packet.protocol());
        assertEquals(flags, Tcp.flags(packet.buffer(), at), () -> Tcp.describe(packet.buffer(), at));
        assertEquals(data, packet.payloadEnd() - at - Tcp.headerLength(packet.buffer(), at));
        assertEquals(DropReason.NONE, Headers.verifyTransport(packet));
    }

    private void host(int flags, int sequence, int ack, String data) {
        byte[] octets = data.getBytes(StandardCharsets.US_ASCII);
        firewall.fromWan(Datagrams.ip(FAR, WAN, IpProtocol.TCP, Tcp.HEADER + octets.length, p -> {
            MemorySegment b = p.buffer();
            int at = p.transportAt();
            Tcp.write(b, at, PORT, ownPort, sequence, ack, flags, 65_535);
            MemorySegment.copy(octets, 0, b, ValueLayout.JAVA_BYTE, at + Tcp.HEADER, octets.length);
            Tcp.computeChecksum(b, at, p.payloadEnd(), Headers.pseudoHeader(p, Tcp.HEADER + octets.length));
        }));
    }

    private Packet answer(int flags, int data) {
        Packet packet = firewall.onWan();
        assertSegment(packet, flags, data);
        return packet;
    }

    private static int ack(Packet packet) {
        return Tcp.acknowledgement(packet.buffer(), packet.transportAt());
    }

    @Test
    void aConnectionIsMadeAndEnded() {
        connect("", 0);
        host(Tcp.SYN | Tcp.ACK, HOSTS_SEQUENCE, ownNext, "");
        assertEquals(List.of("connected 30"), heard);
        assertEquals(HOSTS_SEQUENCE + 1, ack(answer(Tcp.ACK | Tcp.FIN, 0)));
        host(Tcp.ACK | Tcp.FIN, HOSTS_SEQUENCE + 1, ownNext + 1, "");
        assertEquals(HOSTS_SEQUENCE + 2, ack(answer(Tcp.ACK, 0)));
        connection.close();
        firewall.step();
        firewall.assertNothingSent();
        firewall.assertNoLeak(0);
    }

    @Test
    void aRequestIsAnsweredInPieces() {
        connect("GET", 10);
        host(Tcp.SYN | Tcp.ACK, HOSTS_SEQUENCE, ownNext, "");
        Packet request = answer(Tcp.ACK | Tcp.PSH, 3);
        assertEquals(ownNext, Tcp.sequence(request.buffer(), request.transportAt()));
        ownNext += 3;
        // Across the end of the numbers; the second piece comes twice and the third too early.
        host(Tcp.ACK, HOSTS_SEQUENCE + 1, ownNext, "abcd");
        assertEquals(HOSTS_SEQUENCE + 5, ack(answer(Tcp.ACK, 0)));
        host(Tcp.ACK, HOSTS_SEQUENCE + 7, ownNext, "gh");
        assertEquals(HOSTS_SEQUENCE + 5, ack(answer(Tcp.ACK, 0)), "what came too early is not acknowledged");
        host(Tcp.ACK, HOSTS_SEQUENCE + 3, ownNext, "cdef");
        assertEquals(HOSTS_SEQUENCE + 7, ack(answer(Tcp.ACK, 0)));
        host(Tcp.ACK, HOSTS_SEQUENCE + 3, ownNext, "cdef");
        assertEquals(HOSTS_SEQUENCE + 7, ack(answer(Tcp.ACK, 0)));
        host(Tcp.ACK, HOSTS_SEQUENCE + 7, ownNext, "ghij");
        assertEquals(HOSTS_SEQUENCE + 11, ack(answer(Tcp.ACK | Tcp.FIN, 0)));
        assertEquals(List.of("connected 30", "abcd", "ef", "ghij"), heard);
        host(Tcp.ACK, HOSTS_SEQUENCE + 11, ownNext + 1, "more");
        answer(Tcp.RST | Tcp.ACK, 0);
        assertEquals(4, heard.size());
        connection.close();
        firewall.step();
        firewall.assertNothingSent();
    }

    @Test
    void theHostMayEndItFirst() {
        connect("GET", 1000);
        host(Tcp.SYN | Tcp.ACK, HOSTS_SEQUENCE, ownNext, "");
        answer(Tcp.ACK | Tcp.PSH, 3);
        host(Tcp.ACK | Tcp.FIN, HOSTS_SEQUENCE + 1, ownNext + 3, "ab");
        assertEquals(HOSTS_SEQUENCE + 4, ack(answer(Tcp.ACK | Tcp.FIN, 0)));
        assertEquals(List.of("connected 30", "ab"), heard);
    }

    @Test
    void aRefusalOrAnAnswerToSomethingElseIsNone() {
        connect("", 0);
        host(Tcp.SYN | Tcp.ACK, HOSTS_SEQUENCE, ownNext + 1, "");
        host(Tcp.RST | Tcp.ACK, 0, ownNext - 1, "");
        firewall.assertNothingSent();
        host(Tcp.RST | Tcp.ACK, 0, ownNext, "");
        host(Tcp.SYN | Tcp.ACK, HOSTS_SEQUENCE, ownNext, "");
        firewall.assertNothingSent();
        assertEquals(List.of(), heard);
    }

    @Test
    void whatIsClosedInBetweenIsReset() {
        connect("", 0);
        connection.close();
        firewall.step();
        answer(Tcp.RST | Tcp.ACK, 0);
        host(Tcp.SYN | Tcp.ACK, HOSTS_SEQUENCE, ownNext, "");
        assertEquals(List.of(), heard);
        firewall.assertNoLeak(0);
    }

    @Test
    void connectionsAreBounded() {
        for (int i = 0; i < TcpClient.MOST; i++) {
            assertTrue(open().isPresent());
            firewall.step();
        }
        assertFalse(open().isPresent());
    }

    private java.util.Optional<TcpClient.Connection> open() {
        return firewall.tcp.open(IpAddress.literal(WAN), IpAddress.literal(FAR), PORT, null, new byte[0], new Ear(0));
    }

    @Test
    void aChosenWayIsTakenWhateverTheRoutesSayAndItsAnswersAreHeard() {
        Route byWan = TestFirewall.route("0.0.0.0/0", firewall.wan, ROUTER);
        // The routes lead to the far host by lan.
        firewall.published.publish(firewall.configuration(2, firewall.routes(firewall.lan), PipelineSettings.DEFAULT));
        EchoClient.Ping ping = firewall.echo
                .open(
                        IpAddress.literal(WAN),
                        IpAddress.literal(FAR),
                        byWan,
                        (sequence, time, _, _) -> heard.add(sequence + " " + time / 1_000_000))
                .orElseThrow();
        for (int i = 0; i < 3; i++) {
            ping.send(i, 4);
            firewall.step();
            Packet request = firewall.onWan();
            PipelineTest.assertIcmp(request, Icmp.ECHO_REQUEST, 0);
            firewall.clock.advance(Duration.ofMillis(20));
            // Routes come and go while the answer is under way.
            firewall.published.publish(
                    firewall.configuration(3 + i, firewall.routes(firewall.lan), PipelineSettings.DEFAULT));
            firewall.fromWan(WorkerTest.reply(request, FAR));
        }
        assertEquals(List.of("0 20", "1 20", "2 20"), heard);
        firewall.assertNothingSent();
        firewall.assertNoLeak(0);
    }

    @Test
    void anInterfaceThatIsGoneIsNoWay() {
        Route byNothing = TestFirewall.route("0.0.0.0/0", new FakeTunnel(WAN, FAR, 1400), null);
        firewall.echo
                .open(IpAddress.literal(WAN), IpAddress.literal(FAR), byNothing, (_, _, _, _) -> {})
                .orElseThrow()
                .send(0, 4);
        firewall.step();
        firewall.assertNothingSent();
        firewall.assertDropped(DropReason.INTERFACE_DOWN);
    }

    @Test
    void othersAreNotSentByTheWayThatAPacketOfOursTook() {
        Route byWan = TestFirewall.route("0.0.0.0/0", firewall.wan, ROUTER);
        firewall.decisions.action = Policy.Action.ALLOW;
        for (int i = 0; i < 600; i++) {
            EchoClient.Ping ping = firewall.echo
                    .open(IpAddress.literal(LAN), IpAddress.literal(HOST), byWan, (_, _, _, _) -> {})
                    .orElseThrow();
            ping.send(i, 4);
            firewall.step();
            ping.close();
        }
        firewall.clear();
        for (int i = 0; i < 600; i++) {
            firewall.fromWan(Datagrams.udp(FAR, 1000 + i, HOST, 53, 10));
        }
        assertEquals(600, TestFirewall.datagrams(firewall.lanPort).size());
    }
}
