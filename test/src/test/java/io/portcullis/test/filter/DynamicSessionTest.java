package io.portcullis.test.filter;

import static io.portcullis.core.packet.Tcp.ACK;
import static io.portcullis.core.packet.Tcp.FIN;
import static io.portcullis.core.packet.Tcp.PSH;
import static io.portcullis.core.packet.Tcp.SYN;
import static io.portcullis.test.filter.FilterLab.LAN_HOST;
import static io.portcullis.test.filter.FilterLab.LAN_HOST6;
import static io.portcullis.test.filter.FilterLab.LAN_OTHER;
import static io.portcullis.test.filter.FilterLab.WAN_HOST;
import static io.portcullis.test.filter.FilterLab.WAN_HOST6;
import static io.portcullis.test.filter.FilterLab.WAN_OTHER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.filter.FilterLab.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A data connection of FTP passes only after its control connection has announced it, and only once. */
@DisplayName("FFW_RUL_EXT.2: dynamic sessions (FTP)")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DynamicSessionTest {
    private static final int CONTROL = 40_000;
    private static final int DATA = 50_000;
    private static final int FTP = 21;
    private static final int FTP_DATA = 20;

    private FilterLab lab;
    private String client = LAN_HOST;
    private String server = WAN_HOST;
    private int sent;
    private int answered;

    @BeforeAll
    void start(@TempDir Path folder) {
        lab = new FilterLab(folder);
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    /** Nothing but control connections is allowed, from the LAN to the WAN. */
    @BeforeEach
    void onlyControlConnectionsAreAllowed() {
        lab.configure(policies("ftp"));
        client = LAN_HOST;
        server = WAN_HOST;
        sent = 1000;
        answered = 5000;
    }

    private static String policies(String service) {
        return FilterLab.policy(
                        "ftp", "SourceInterface=lan SourceNetwork=all-nets", "all-nets", "Action=Allow", service)
                + FilterLab.policy(
                        "ftp6", "SourceInterface=lan SourceNetwork=all-nets6", "all-nets6", "Action=Allow", service);
    }

    private Outcome fromClient(int flags, String text) {
        Datagram segment = Datagram.tcp(client, CONTROL, server, FTP, flags, sent, answered, text);
        return lab.sent("lan", segment);
    }

    private Outcome fromServer(int flags, String text) {
        return lab.sent("wan", Datagram.tcp(server, FTP, client, CONTROL, flags, answered, sent, text));
    }

    private void handshake() {
        Datagram syn = Datagram.tcp(client, CONTROL, server, FTP, SYN, sent, 0, "");
        lab.sent("lan", syn).assertPassed(syn);
        sent++;
        assertEquals(1, fromServer(SYN | ACK, "").arrived().size());
        answered++;
        assertEquals(1, fromClient(ACK, "").arrived().size());
        replies("220 Ready");
    }

    private void says(String command) {
        assertEquals(1, fromClient(ACK | PSH, command + "\r\n").arrived().size(), command);
        sent += command.length() + 2;
    }

    private void replies(String reply) {
        assertEquals(1, fromServer(ACK | PSH, reply + "\r\n").arrived().size(), reply);
        answered += reply.length() + 2;
    }

    private static String six(String address, int port) {
        return address.replace('.', ',') + "," + port / 256 + "," + port % 256;
    }

    private void assertOpens(String wire, Datagram syn) {
        Outcome outcome = lab.sent(wire, syn);
        outcome.assertPassed(syn);
        assertEquals(1, outcome.logged("conn_open", "rule=ftp"), outcome::toString);
    }

    private void assertRefused(String wire, Datagram syn) {
        lab.sent(wire, syn).assertDropped("no_policy", "ruleset_drop_packet", "rule=Default_Rule");
    }

    private Datagram passive(int from) {
        return Datagram.syn(client, from, server, DATA);
    }

    private Datagram active(int to) {
        return Datagram.syn(server, FTP_DATA, client, to);
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 passive: after PASV and its reply, once, between the two hosts")
    void passivePasses() {
        handshake();
        assertRefused("lan", passive(41_000));
        says("PASV");
        assertRefused("lan", passive(41_000));
        replies("227 Entering Passive Mode (" + six(WAN_HOST, DATA) + ").");
        assertRefused("lan", Datagram.syn(LAN_OTHER, 41_000, WAN_HOST, DATA));
        assertRefused("lan", Datagram.syn(LAN_HOST, 41_000, WAN_OTHER, DATA));
        assertRefused("lan", Datagram.syn(LAN_HOST, 41_000, WAN_HOST, DATA + 1));
        assertRefused("dmz", Datagram.syn(FilterLab.DMZ_HOST, 41_000, WAN_HOST, DATA));
        String traced = lab.type("trace lan tcp " + LAN_HOST + ":41000 " + WAN_HOST + ":" + DATA);
        assertTrue(traced.contains("announced by the FTP control connection " + LAN_HOST + ":" + CONTROL), traced);
        assertOpens("lan", passive(41_000));
        assertRefused("lan", passive(41_001));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 passive: data pass in both directions, and end with their own connection")
    void dataPass() {
        handshake();
        says("PASV");
        replies("227 Entering Passive Mode (" + six(WAN_HOST, DATA) + ")");
        assertOpens("lan", passive(41_000));
        Datagram answer = Datagram.tcp(server, DATA, client, 41_000, SYN | ACK, 1, 1001, 0);
        lab.sent("wan", answer).assertPassed(answer);
        Datagram data = Datagram.tcp(server, DATA, client, 41_000, ACK, 2, 1001, 500);
        lab.sent("wan", data).assertPassed(data);
        // The control connection may go first.
        assertEquals(1, fromClient(FIN | ACK, "").arrived().size());
        Datagram last = Datagram.tcp(client, 41_000, server, DATA, ACK, 1001, 502, 0);
        lab.sent("lan", last).assertPassed(last);
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 active: after PORT, once, between the two hosts")
    void activePasses() {
        handshake();
        assertRefused("wan", active(DATA));
        says("PORT " + six(LAN_HOST, DATA));
        assertRefused("wan", Datagram.syn(WAN_OTHER, FTP_DATA, LAN_HOST, DATA));
        assertRefused("wan", Datagram.syn(WAN_HOST, FTP_DATA, LAN_OTHER, DATA));
        assertRefused("wan", active(DATA + 1));
        assertOpens("wan", active(DATA));
        assertRefused("wan", Datagram.syn(WAN_HOST, FTP_DATA + 1, LAN_HOST, DATA));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 IPv6: EPSV and EPRT")
    void ipv6Passes() {
        client = LAN_HOST6;
        server = WAN_HOST6;
        handshake();
        says("EPSV");
        replies("229 Entering Extended Passive Mode (|||" + DATA + "|)");
        assertOpens("lan", passive(41_000));
        says("EPRT |2|" + LAN_HOST6 + "|" + DATA + "|");
        assertOpens("wan", active(DATA));
        assertRefused("wan", Datagram.syn(WAN_HOST6, FTP_DATA + 1, LAN_HOST6, DATA));
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.2 refused: {0}")
    @ValueSource(
            strings = {
                "PORT 192,0,2,11,195,80",
                "EPRT |1|192.0.2.11|50000|",
                "PORT 198,51,100,10,195,80",
                "PORT 192,0,2,10,0,22",
                "PORT 192,0,2,10,195,80,1",
                "EPRT |2|2001:db8:1::10|50000|",
            })
    void nobodyElseIsAnnounced(String command) {
        handshake();
        fromClient(ACK | PSH, command + "\r\n")
                .assertDropped("ftp_refused", "ftp_command_refused", "rule=ftp", "sender=client");
        assertRefused("wan", Datagram.syn(WAN_HOST, FTP_DATA, LAN_OTHER, DATA));
        assertRefused("wan", active(DATA));
        says("NOOP");
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 refused: a server that names another host")
    void aServerNamesItselfOnly() {
        handshake();
        says("PASV");
        fromServer(ACK | PSH, "227 Entering Passive Mode (" + six(WAN_OTHER, DATA) + ")\r\n")
                .assertDropped("ftp_refused", "ftp_command_refused", "sender=server");
        assertRefused("lan", Datagram.syn(LAN_HOST, 41_000, WAN_OTHER, DATA));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 what nobody asked for announces nothing")
    void repliesNeedTheirCommand() {
        handshake();
        replies("227 Entering Passive Mode (" + six(WAN_HOST, DATA) + ")");
        assertRefused("lan", passive(41_000));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 what is announced and not opened is over after a minute")
    void announcementsEnd() {
        handshake();
        says("PORT " + six(LAN_HOST, DATA));
        lab.passTime(Duration.ofSeconds(61));
        assertRefused("wan", active(DATA));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 what is announced ends with the next announcement and with the control session")
    void announcementsEndWithTheirSession() {
        handshake();
        says("PORT " + six(LAN_HOST, DATA));
        says("PORT " + six(LAN_HOST, DATA + 1));
        assertRefused("wan", active(DATA));
        lab.type("connections -close -all");
        assertRefused("wan", active(DATA + 1));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 a service without the helper announces nothing")
    void onlyWhatIsFollowedAnnounces() {
        lab.configure("add Service ServiceTCPUDP plain DestinationPorts=21\n", policies("plain"));
        handshake();
        says("PORT " + six(LAN_HOST, DATA));
        assertRefused("wan", active(DATA));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 data sessions go on as long as the control session would be allowed")
    void dataSessionsAreJudgedByTheirControlSession() {
        handshake();
        says("PORT " + six(LAN_HOST, DATA));
        assertOpens("wan", active(DATA));
        Datagram again = active(DATA);
        lab.load(policies("ftp"));
        lab.sent("wan", again).assertPassed(again);
        lab.load("add Service ServiceTCPUDP plain DestinationPorts=21\n", policies("plain"));
        assertRefused("wan", again);
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 commands in one segment, and in several")
    void segmentsNeedNotBeLines() {
        handshake();
        String both = "NOOP\r\nPORT " + six(LAN_HOST, DATA) + "\r\nPO";
        assertEquals(1, fromClient(ACK, both).arrived().size());
        sent += both.length();
        assertOpens("wan", active(DATA));
        String rest = "RT " + six(LAN_HOST, DATA + 1) + "\r";
        assertEquals(1, fromClient(ACK, rest).arrived().size());
        sent += rest.length();
        assertRefused("wan", active(DATA + 1));
        assertEquals(1, fromClient(ACK, "\n").arrived().size());
        sent++;
        assertOpens("wan", active(DATA + 1));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 a segment that comes too early is not read, and comes again")
    void segmentsAreReadInOrder() {
        handshake();
        String late = "NOOP\r\n";
        sent += late.length();
        Outcome early = fromClient(ACK, "PORT " + six(LAN_HOST, DATA) + "\r\n");
        assertEquals(1, early.dropped("ftp_waits"), early::toString);
        assertEquals(0, early.arrived().size(), early::toString);
        assertRefused("wan", active(DATA));
        sent -= late.length();
        says("NOOP");
        says("PORT " + six(LAN_HOST, DATA));
        assertOpens("wan", active(DATA));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 a line that is too long")
    void longLinesAreBounded() {
        handshake();
        says("STOR " + "x".repeat(1000));
        fromClient(ACK, "PORT " + " ".repeat(600) + six(LAN_HOST, DATA) + "\r\n")
                .assertDropped("ftp_refused", "ftp_command_refused", "too long");
        says("NOOP");
    }

    @Test
    @DisplayName("FFW_RUL_EXT.2 what is encrypted is not read")
    void encryptedSessionsAnnounceNothing() {
        handshake();
        says("AUTH TLS");
        replies("234 Go ahead");
        says("PORT " + six(LAN_OTHER, DATA));
        assertRefused("wan", Datagram.syn(WAN_HOST, FTP_DATA, LAN_OTHER, DATA));
    }
}
