package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.Tcp.ACK;
import static io.portcullis.core.packet.Tcp.FIN;
import static io.portcullis.core.packet.Tcp.SYN;
import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST6;
import static io.portcullis.core.pipeline.TestFirewall.NEAR6;
import static io.portcullis.core.pipeline.TestFirewall.WAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Control connections of FTP whose ends know each other by other addresses than they have. */
class FtpTranslationTest {
    /** Its address is longer in a PORT command than the firewall's. */
    static final String INSIDE = "192.168.1.200";

    private static final int FTP = 21;
    private static final int CLIENT = 5000;
    private static final int SERVERS = 700_000;
    private static final int DATA = 50_000;

    private final TestFirewall firewall = TestFirewall.withNeighbours();
    private String client = INSIDE;
    private String server = FAR;
    private String seen = WAN;
    private int port;
    /** What is added to the server's numbers for the client, where he was answered in the server's place. */
    private int shift;

    @BeforeEach
    void meet() {
        firewall.arpRequest(INSIDE, TestFirewall.LAN, TestFirewall.HOST_MAC);
        firewall.clear();
    }

    private Packet client(int flags, int sequence, int acknowledgement, String text) {
        send(flags, sequence, acknowledgement, text);
        return firewall.onWan();
    }

    private void send(int flags, int sequence, int acknowledgement, String text) {
        firewall.fromLan(
                Datagrams.tcp(client, CLIENT, server, FTP, flags, sequence, acknowledgement + shift, 0, 0, text));
    }

    private Packet server(int flags, int sequence, int acknowledgement, String text) {
        return server(flags, sequence, acknowledgement, 0, 0, text);
    }

    private Packet server(int flags, int sequence, int acknowledgement, int left, int right, String text) {
        firewall.fromWan(Datagrams.tcp(server, FTP, seen, port, flags, sequence, acknowledgement, left, right, text));
        return firewall.onLan();
    }

    private static void assertSegment(Packet packet, int sequence, int acknowledgement, String text) {
        int at = packet.transportAt();
        assertEquals(text, text(packet));
        assertEquals(sequence, Tcp.sequence(packet.buffer(), at), "sequence");
        assertEquals(acknowledgement, Tcp.acknowledgement(packet.buffer(), at), "acknowledgement");
        assertEquals(DropReason.NONE, Headers.verifyTransport(packet));
    }

    static String text(Packet packet) {
        int at = packet.transportAt() + Tcp.headerLength(packet.buffer(), packet.transportAt());
        return new String(
                packet.buffer().asSlice(at, packet.payloadEnd() - at).toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.US_ASCII);
    }

    /** Nothing but the control connection is allowed from here on. */
    private void established() {
        firewall.decisions.spoken = Policy.Application.FTP;
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        firewall.fromLan(Datagrams.syn(client, CLIENT, server, FTP));
        Packet syn = firewall.onWan();
        port = syn.sourcePort();
        seen = new IpAddress(syn.sourceHigh(), syn.sourceLow()).toString();
        assertEquals(1460 - 128, Tcp.mss(syn.buffer(), syn.transportAt()), "room for longer lines");
        server(SYN | ACK, SERVERS, 1001, "");
        client(ACK, 1001, SERVERS + 1, "");
        firewall.decisions.action = Policy.Action.DROP;
    }

    static String six(String address, int port) {
        return address.replace('.', ',') + "," + port / 256 + "," + port % 256;
    }

    private static void assertEnds(String from, int fromPort, String to, int toPort, Packet packet) {
        assertEquals(IpAddress.literal(from), new IpAddress(packet.sourceHigh(), packet.sourceLow()));
        assertEquals(IpAddress.literal(to), new IpAddress(packet.destinationHigh(), packet.destinationLow()));
        assertEquals(fromPort, packet.sourcePort());
        assertEquals(toPort, packet.destinationPort());
        assertEquals(DropReason.NONE, Headers.verifyTransport(packet));
    }

    @Test
    void whatAClientAnnouncesIsTheFirewallsAddressAndNumbersAreShifted() {
        established();
        String said = "PORT " + six(INSIDE, DATA) + "\r\n";
        String heard = "PORT " + six(WAN, DATA) + "\r\n";
        assertTrue(said.length() != heard.length(), "or nothing is shown");
        int by = heard.length() - said.length();
        assertSegment(client(ACK, 1001, SERVERS + 1, said), 1001, SERVERS + 1, heard);
        int next = 1001 + said.length();
        assertSegment(server(ACK, SERVERS + 1, next + by, "200 ok\r\n"), SERVERS + 1, next, "200 ok\r\n");
        assertSegment(client(ACK, next, SERVERS + 9, "NOOP\r\n"), next + by, SERVERS + 9, "NOOP\r\n");
        assertSegment(client(ACK, 1001, SERVERS + 9, said), 1001 + by, SERVERS + 9, said);
    }

    @Test
    void theSameSegmentIsTheSameUntilItIsAcknowledged() {
        established();
        String said = "PORT " + six(INSIDE, DATA) + "\r\n";
        String heard = "PORT " + six(WAN, DATA) + "\r\n";
        for (int i = 0; i < 3; i++) {
            assertSegment(client(ACK, 1001, SERVERS + 1, said), 1001, SERVERS + 1, heard);
        }
        int next = 1001 + said.length();
        int by = heard.length() - said.length();
        Packet late = client(ACK, next, SERVERS + 1, "NOOP\r\n");
        assertSegment(late, next + by, SERVERS + 1, "NOOP\r\n");
        // The server has got the second and not the first (RFC 2018).
        Packet partly = server(ACK, SERVERS + 1, 1001, next + by, next + by + 6, "");
        assertSegment(partly, SERVERS + 1, 1001, "");
        int option = Tcp.optionAt(partly.buffer(), partly.transportAt(), Tcp.OPTION_SACK);
        assertEquals(next, partly.buffer().get(BIG_ENDIAN, option + 2L));
        assertEquals(next + 6, partly.buffer().get(BIG_ENDIAN, option + 6L));
    }

    private static final ValueLayout.OfInt BIG_ENDIAN = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    @Test
    void theServerReachesTheClientOnce() {
        established();
        client(ACK, 1001, SERVERS + 1, "PORT " + six(INSIDE, DATA) + "\r\n");
        firewall.fromWan(Datagrams.syn("198.51.100.99", 20, WAN, DATA));
        firewall.assertNothingSent();
        firewall.fromWan(Datagrams.syn(FAR, 20, WAN, DATA));
        assertEnds(FAR, 20, INSIDE, DATA, firewall.onLan());
        firewall.fromLan(Datagrams.tcp(INSIDE, DATA, FAR, 20, SYN | ACK, 1, 1001, 0, 0));
        assertEnds(WAN, DATA, FAR, 20, firewall.onWan());
        firewall.fromWan(Datagrams.syn(FAR, 21, WAN, DATA));
        firewall.assertNothingSent();
        assertTrue(firewall.eventNames().contains("ftp_data_announced"));
    }

    @Test
    void theClientReachesTheServerWithTheAddressOfItsControlConnection() {
        established();
        client(ACK, 1001, SERVERS + 1, "PASV\r\n");
        server(ACK, SERVERS + 1, 1007, "227 Passive (" + six(FAR, DATA) + ")\r\n");
        firewall.fromLan(Datagrams.syn(INSIDE, 6000, FAR, DATA));
        Packet out = firewall.onWan();
        assertEnds(WAN, out.sourcePort(), FAR, DATA, out);
        firewall.fromLan(Datagrams.syn(INSIDE, 6001, FAR, DATA));
        firewall.assertNothingSent();
    }

    @Test
    void ipv6IsTranslatedToo() {
        client = HOST6;
        server = NEAR6;
        established();
        String heard = text(client(ACK, 1001, SERVERS + 1, "EPRT |2|" + HOST6 + "|" + DATA + "|\r\n"));
        assertEquals("EPRT |2|" + seen + "|" + DATA + "|\r\n", heard);
        firewall.fromWan(Datagrams.syn(NEAR6, 20, seen, DATA));
        assertEnds(NEAR6, 20, HOST6, DATA, firewall.onLan());
    }

    @Test
    void twoClientsWithOnePortAreToldApart() {
        established();
        client(ACK, 1001, SERVERS + 1, "PORT " + six(INSIDE, DATA) + "\r\n");
        firewall.decisions.action = Policy.Action.ALLOW;
        String other = "192.168.1.77";
        firewall.arpRequest(other, TestFirewall.LAN, TestFirewall.HOST_MAC);
        firewall.clear();
        firewall.fromLan(Datagrams.syn(other, CLIENT, FAR, FTP));
        int theirs = firewall.onWan().sourcePort();
        firewall.fromWan(Datagrams.tcp(FAR, FTP, WAN, theirs, SYN | ACK, SERVERS, 1001, 0, 0));
        firewall.clear();
        firewall.fromLan(Datagrams.tcp(
                other, CLIENT, FAR, FTP, ACK, 1001, SERVERS + 1, 0, 0, "PORT " + six(other, DATA) + "\r\n"));
        String[] numbers = text(firewall.onWan()).strip().split(",", -1);
        int announced = Integer.parseInt(numbers[4]) * 256 + Integer.parseInt(numbers[5]);
        assertTrue(announced != DATA && announced >= 1024, "port " + announced);
        firewall.decisions.action = Policy.Action.DROP;
        firewall.fromWan(Datagrams.syn(FAR, 20, WAN, announced));
        assertEnds(FAR, 20, other, DATA, firewall.onLan());
        firewall.fromWan(Datagrams.syn(FAR, 20, WAN, DATA));
        assertEnds(FAR, 20, INSIDE, DATA, firewall.onLan());
    }

    @ParameterizedTest
    @EnumSource(
            value = Policy.SynRelay.class,
            names = {"NEVER", "ALWAYS"})
    void aPublishedServerAnnouncesTheFirewallsAddress(Policy.SynRelay relay) {
        firewall.decisions.spoken = Policy.Application.FTP;
        firewall.decisions.redirection = new Redirection(IpAddress.literal(INSIDE), 0);
        firewall.decisions.synRelay = relay;
        firewall.fromWan(Datagrams.syn(FAR, CLIENT, WAN, FTP));
        if (relay == Policy.SynRelay.ALWAYS) {
            Packet cookie = firewall.onWan();
            shift = Tcp.sequence(cookie.buffer(), cookie.transportAt()) - SERVERS;
            outside(ACK, 1001, SERVERS + 1, "");
        }
        assertEnds(FAR, CLIENT, INSIDE, FTP, firewall.onLan());
        inside(SYN | ACK, SERVERS, 1001, "");
        firewall.clear();
        outside(ACK, 1001, SERVERS + 1, "PASV\r\n");
        assertSegment(firewall.onLan(), 1001, SERVERS + 1, "PASV\r\n");
        firewall.decisions.action = Policy.Action.DROP;
        String said = "227 Passive (" + six(INSIDE, DATA) + ").\r\n";
        String heard = "227 Passive (" + six(WAN, DATA) + ").\r\n";
        int by = heard.length() - said.length();
        inside(ACK, SERVERS + 1, 1007, said);
        assertSegment(firewall.onWan(), SERVERS + 1 + shift, 1007, heard);
        outside(ACK, 1007, SERVERS + 1 + heard.length(), "NOOP\r\n");
        assertSegment(firewall.onLan(), 1007, SERVERS + 1 + said.length(), "NOOP\r\n");
        inside(FIN | ACK, SERVERS + 1 + said.length(), 1013, "221 Bye\r\n");
        assertSegment(firewall.onWan(), SERVERS + 1 + said.length() + by + shift, 1013, "221 Bye\r\n");
        firewall.fromWan(Datagrams.syn(FAR, 6000, WAN, DATA));
        assertEnds(FAR, 6000, INSIDE, DATA, firewall.onLan());
    }

    private void outside(int flags, int sequence, int acknowledgement, String text) {
        firewall.fromWan(Datagrams.tcp(FAR, CLIENT, WAN, FTP, flags, sequence, acknowledgement + shift, 0, 0, text));
    }

    private void inside(int flags, int sequence, int acknowledgement, String text) {
        firewall.fromLan(Datagrams.tcp(INSIDE, FTP, FAR, CLIENT, flags, sequence, acknowledgement, 0, 0, text));
    }

    @Test
    void aCommandInPiecesGoesOnWhenItIsWholeAndItsSenderNeedNotWait() {
        established();
        String said = "PORT " + six(INSIDE, DATA) + "\r\n";
        String heard = "PORT " + six(WAN, DATA) + "\r\n";
        send(ACK, 1001, SERVERS + 1, "PO");
        assertSegment(firewall.onLan(), SERVERS + 1, 1003, "");
        assertSegment(firewall.onWan(), 1001, SERVERS + 1, "");
        send(ACK, 1003, SERVERS + 1, said.substring(2, 20));
        assertSegment(firewall.onLan(), SERVERS + 1, 1021, "");
        firewall.clear();
        assertSegment(client(ACK, 1021, SERVERS + 1, said.substring(20)), 1001, SERVERS + 1, heard);
        int next = 1001 + said.length();
        assertSegment(server(ACK, SERVERS + 1, 1001 + heard.length(), "200 ok\r\n"), SERVERS + 1, next, "200 ok\r\n");
        firewall.assertNoLeak(0);
    }

    @Test
    void onlySoManyControlConnectionsAreFollowed() {
        firewall.decisions.spoken = Policy.Application.FTP;
        for (int i = 0; i < 4096; i++) {
            firewall.fromLan(Datagrams.syn(INSIDE, 1024 + i, FAR, FTP));
        }
        firewall.clear();
        firewall.fromLan(Datagrams.syn(INSIDE, 60_000, FAR, FTP));
        firewall.assertDropped(DropReason.FTP_FULL);
        assertTrue(firewall.eventNames().contains("ftp_sessions_full"));
        firewall.assertNothingSent();
        firewall.fromWan(Datagrams.tcp(FAR, FTP, INSIDE, 1024, Tcp.RST | ACK, 0, 1001, 0, 0));
        firewall.pass(Duration.ofSeconds(100));
        firewall.clear();
        assertEquals(0, firewall.pipeline.connections().size());
        firewall.fromLan(Datagrams.syn(INSIDE, 60_000, FAR, FTP));
        assertEquals(1, firewall.pipeline.connections().size(), "those that ended are followed no more");
    }
}
