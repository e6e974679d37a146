package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.Tcp.ACK;
import static io.portcullis.core.packet.Tcp.FIN;
import static io.portcullis.core.packet.Tcp.RST;
import static io.portcullis.core.packet.Tcp.SYN;
import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.HOST6;
import static io.portcullis.core.pipeline.TestFirewall.NEAR6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Openers that are answered in their server's place. */
class SynRelayTest {
    private static final int SERVERS = 700_000;

    private TestFirewall firewall = TestFirewall.withNeighbours();
    private String client = HOST;
    private String server = FAR;
    private String seen = HOST;
    private int port = 5000;
    private int cookie;

    private static Stream<Arguments> ways() {
        return Stream.of(
                Arguments.of(HOST, FAR, Policy.SourceTranslation.NONE),
                Arguments.of(HOST, FAR, Policy.SourceTranslation.NAT),
                Arguments.of(HOST6, NEAR6, Policy.SourceTranslation.NONE),
                Arguments.of(HOST6, NEAR6, Policy.SourceTranslation.NAT));
    }

    private void client(int flags, int sequence, int acknowledgement, int data) {
        firewall.fromLan(Datagrams.tcp(client, 5000, server, 80, flags, sequence, acknowledgement, 0, data));
    }

    private void server(int flags, int sequence, int acknowledgement, int data) {
        int mss = (flags & SYN) != 0 ? 1460 : 0;
        firewall.fromWan(Datagrams.tcp(server, 80, seen, port, flags, sequence, acknowledgement, mss, data));
    }

    private static void assertSegment(Packet packet, int flags, int sequence, int acknowledgement, int data) {
        int at = packet.transportAt();
        String what = Tcp.describe(packet.buffer(), at);
        assertEquals(flags, Tcp.flags(packet.buffer(), at), what);
        assertEquals(sequence, Tcp.sequence(packet.buffer(), at), what);
        assertEquals(acknowledgement, Tcp.acknowledgement(packet.buffer(), at), what);
        assertEquals(data, packet.payloadEnd() - at - Tcp.headerLength(packet.buffer(), at), what);
        assertEquals(DropReason.NONE, Headers.verifyTransport(packet), what);
    }

    private static int window(Packet packet) {
        return Tcp.window(packet.buffer(), packet.transportAt());
    }

    private static int options(Packet packet) {
        return Tcp.headerLength(packet.buffer(), packet.transportAt()) - Tcp.HEADER;
    }

    /** A SYN, and the answer to it. */
    private void opens() {
        firewall.decisions.synRelay = Policy.SynRelay.ALWAYS;
        firewall.fromLan(Datagrams.syn(client, 5000, server, 80));
        Packet answer = firewall.onLan();
        cookie = Tcp.sequence(answer.buffer(), answer.transportAt());
        assertSegment(answer, SYN | ACK, cookie, 1001, 0);
        assertEquals(IpAddress.literal(client), new IpAddress(answer.destinationHigh(), answer.destinationLow()));
        assertEquals(IpAddress.literal(server), new IpAddress(answer.sourceHigh(), answer.sourceLow()));
        assertEquals(0, window(answer), "nothing may be sent before the server is there");
        assertEquals(answer.ipVersion() == 4 ? 1460 : 1440, Tcp.mss(answer.buffer(), answer.transportAt()));
        assertEquals(4, options(answer), "no other options");
        firewall.assertNothingSent();
        assertEquals(0, firewall.pipeline.connections().size(), "nothing is kept");
        firewall.assertNoLeak(0);
    }

    /** The segment that acknowledges the answer, and the SYN that the server gets. */
    private void proves() {
        client(ACK, 1001, cookie + 1, 0);
        Packet syn = firewall.onWan();
        assertSegment(syn, SYN, 1000, 0, 0);
        assertEquals(syn.ipVersion() == 4 ? 1460 : 1440, Tcp.mss(syn.buffer(), syn.transportAt()));
        assertEquals(4, options(syn), "no other options");
        assertEquals(65_535, window(syn));
        assertEquals(1, firewall.pipeline.connections().size());
        seen = new IpAddress(syn.sourceHigh(), syn.sourceLow()).toString();
        port = syn.sourcePort();
    }

    /** The server's answer, and what both hear of it. */
    private void answers() {
        server(SYN | ACK, SERVERS, 1001, 0);
        assertSegment(firewall.onWan(), ACK, 1001, SERVERS + 1, 0);
        Packet opening = firewall.onLan();
        assertSegment(opening, ACK, cookie + 1, 1001, 0);
        assertEquals(65_535, window(opening));
        firewall.assertNoLeak(0);
    }

    private void established() {
        opens();
        proves();
        answers();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void bothEndsHaveTheirOwnNumbersFromTheFirstToTheLastSegment(
            String from, String to, Policy.SourceTranslation translation) {
        client = from;
        server = to;
        firewall.decisions.translation = translation;
        established();
        client(ACK, 1001, cookie + 1, 500);
        assertSegment(firewall.onWan(), ACK, 1001, SERVERS + 1, 500);
        server(ACK, SERVERS + 1, 1501, 900);
        assertSegment(firewall.onLan(), ACK, cookie + 1, 1501, 900);
        client(FIN | ACK, 1501, cookie + 901, 0);
        assertSegment(firewall.onWan(), FIN | ACK, 1501, SERVERS + 901, 0);
        server(FIN | ACK, SERVERS + 901, 1502, 0);
        assertSegment(firewall.onLan(), FIN | ACK, cookie + 901, 1502, 0);
        client(ACK, 1502, cookie + 902, 0);
        assertSegment(firewall.onWan(), ACK, 1502, SERVERS + 902, 0);
        firewall.assertNoLeak(0);
        assertEquals(0, firewall.pipeline.drops(DropReason.BAD_STATE));
    }

    @Test
    void whoHasNoCookieOpensNothing() {
        opens();
        client(ACK, 1001, cookie + 2, 0);
        client(ACK, 1002, cookie + 1, 0);
        client(ACK | RST, 1001, cookie + 1, 0);
        assertEquals(3, firewall.pipeline.drops(DropReason.NO_NEW_CONNECTION));
        assertEquals(0, firewall.pipeline.connections().size());
        firewall.assertNothingSent();
        proves();
    }

    @Test
    void aServerThatRefusesIsHeard() {
        opens();
        proves();
        server(RST | ACK, 0, 1001, 0);
        assertSegment(firewall.onLan(), RST | ACK, cookie + 1, 1001, 0);
    }

    @Test
    void whatGetsLostIsRepeated() {
        opens();
        proves();
        // The SYN to the server was lost; the opener asks whether its window is open, which is the number before the
        // next.
        client(ACK, 1000, cookie + 1, 0);
        assertSegment(firewall.onWan(), SYN, 1000, 0, 0);
        answers();
        // The server did not hear its third segment.
        answers();
        client(ACK, 1001, cookie + 1, 10);
        assertSegment(firewall.onWan(), ACK, 1001, SERVERS + 1, 10);
    }

    @Test
    void theProbeOfAnOpenerWhoseThirdSegmentWasLostIsAsGood() {
        opens();
        client(ACK, 1000, cookie + 1, 0);
        assertSegment(firewall.onWan(), SYN, 1000, 0, 0);
    }

    @Test
    void errorsQuoteTheServersNumbersAsTheServerKnowsThem() {
        established();
        server(ACK, SERVERS + 1, 1001, 900);
        Packet data = firewall.onLan();
        int quote = 28;
        firewall.fromLan(Datagrams.ip(HOST, FAR, IpProtocol.ICMP, Icmp.HEADER + quote, error -> {
            int at = error.transportAt();
            Icmp.write(error.buffer(), at, Icmp.UNREACHABLE, 4, 1400);
            MemorySegment.copy(data.buffer(), data.networkAt(), error.buffer(), at + Icmp.HEADER, quote);
            Icmp.computeChecksum(error.buffer(), at, at + Icmp.HEADER + quote);
        }));
        Packet error = firewall.onWan();
        int quoted = error.transportAt() + 8 + 20;
        assertEquals(SERVERS + 1, Tcp.sequence(error.buffer(), quoted));
        assertEquals(DropReason.NONE, Headers.verifyTransport(error));
    }

    @Test
    void anOpenerThatBeginsAnewAndItsServerNeedNoHelpAnyMore() {
        established();
        firewall.fromLan(Datagrams.tcp(client, 5000, server, 80, SYN, 50_000, 0, 1460, 0));
        assertSegment(firewall.onWan(), SYN, 50_000, 0, 0);
        server(SYN | ACK, 90_000, 50_001, 0);
        assertSegment(firewall.onLan(), SYN | ACK, 90_000, 50_001, 0);
        client(ACK, 50_001, 90_001, 7);
        assertSegment(firewall.onWan(), ACK, 50_001, 90_001, 7);
    }

    @Test
    void aboveTheLimitOpenersAreAnsweredAndThatIsSaid() {
        ConnectionLimits few = new ConnectionLimits(1000, 3, 60, 262_144, 80, 130, 8, 130, false);
        firewall = new TestFirewall(true, true, few);
        firewall.meetNeighbours();
        firewall.decisions.synRelay = Policy.SynRelay.AUTO;
        for (int from = 1; from <= 10; from++) {
            firewall.fromLan(Datagrams.syn(HOST, from, FAR, 80));
        }
        assertEquals(3, TestFirewall.datagrams(firewall.wanPort).size());
        assertEquals(7, TestFirewall.datagrams(firewall.lanPort).size());
        assertEquals(3, firewall.pipeline.connections().size());
        assertEquals(
                1,
                firewall.eventNames().stream()
                        .filter("syn_flood_protection"::equals)
                        .count());
        // One that is established makes room for one more.
        firewall.fromWan(Datagrams.tcp(FAR, 80, HOST, 1, SYN | ACK, SERVERS, 1001, 1460, 0));
        firewall.fromLan(Datagrams.tcp(HOST, 1, FAR, 80, ACK, 1001, SERVERS + 1, 0, 0));
        firewall.clear();
        firewall.fromLan(Datagrams.syn(HOST, 20, FAR, 80));
        firewall.fromLan(Datagrams.syn(HOST, 21, FAR, 80));
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
        assertEquals(1, TestFirewall.datagrams(firewall.lanPort).size());
        firewall.decisions.synRelay = Policy.SynRelay.NEVER;
        firewall.fromLan(Datagrams.syn(HOST, 22, FAR, 80));
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
        assertTrue(firewall.eventNames().containsAll(List.of("conn_open")));
    }
}
