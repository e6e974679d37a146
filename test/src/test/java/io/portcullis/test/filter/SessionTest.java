package io.portcullis.test.filter;

import static io.portcullis.core.packet.Tcp.ACK;
import static io.portcullis.core.packet.Tcp.FIN;
import static io.portcullis.core.packet.Tcp.RST;
import static io.portcullis.core.packet.Tcp.SYN;
import static io.portcullis.test.filter.FilterLab.DMZ_HOST;
import static io.portcullis.test.filter.FilterLab.LAN_HOST;
import static io.portcullis.test.filter.FilterLab.LAN_HOST6;
import static io.portcullis.test.filter.FilterLab.LAN_OTHER;
import static io.portcullis.test.filter.FilterLab.WAN_HOST;
import static io.portcullis.test.filter.FilterLab.WAN_HOST6;
import static io.portcullis.test.filter.FilterLab.WAN_OTHER;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What belongs to a session that the rules allowed passes by itself; what only resembles it, or comes late, does not.
 */
@DisplayName("FFW_RUL_EXT.1.5: established sessions")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionTest {
    private static final int PORT = 40_000;

    private FilterLab lab;

    @BeforeAll
    void start(@TempDir Path folder) {
        lab = new FilterLab(folder);
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    /** Sessions may be opened from the LAN only: whatever the WAN sends needs one. */
    @BeforeEach
    void onlyTheLanOpens() {
        lab.configure(
                FilterLab.policy(
                        "out",
                        "SourceInterface=lan SourceNetwork=all-nets",
                        "all-nets",
                        "Action=Allow",
                        "all_services"),
                FilterLab.policy(
                        "out6",
                        "SourceInterface=lan SourceNetwork=all-nets6",
                        "all-nets6",
                        "Action=Allow",
                        "all_services"));
    }

    private static Datagram client(int flags, int sequence, int acknowledgement, int data) {
        return Datagram.tcp(LAN_HOST, PORT, WAN_HOST, 80, flags, 1000 + sequence, 5000 + acknowledgement, data);
    }

    private static Datagram server(int flags, int sequence, int acknowledgement, int data) {
        return Datagram.tcp(WAN_HOST, 80, LAN_HOST, PORT, flags, 5000 + sequence, 1000 + acknowledgement, data);
    }

    private void passes(String wire, Datagram datagram) {
        lab.sent(wire, datagram).assertPassed(datagram);
    }

    private void handshake() {
        passes("lan", client(SYN, 0, -5000, 0));
        passes("wan", server(SYN | ACK, 0, 1, 0));
        passes("lan", client(ACK, 1, 1, 0));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.5 TCP: both directions pass by the session alone")
    void tcpPasses() {
        handshake();
        passes("lan", client(ACK, 1, 1, 100));
        passes("wan", server(ACK, 1, 101, 200));
        passes("lan", client(ACK, 101, 201, 0));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.5 TCP: an address or port of another session")
    void tcpAddressesAndPorts() {
        handshake();
        Datagram[] strangers = {
            Datagram.tcp(WAN_OTHER, 80, LAN_HOST, PORT, ACK, 5001, 1001, 10),
            Datagram.tcp(WAN_HOST, 80, LAN_OTHER, PORT, ACK, 5001, 1001, 10),
            Datagram.tcp(WAN_HOST, 81, LAN_HOST, PORT, ACK, 5001, 1001, 10),
            Datagram.tcp(WAN_HOST, 80, LAN_HOST, PORT + 1, ACK, 5001, 1001, 10),
            Datagram.udp(WAN_HOST, 80, LAN_HOST, PORT),
        };
        for (Datagram stranger : strangers) {
            lab.sent("wan", stranger).assertDropped("no_policy", "ruleset_drop_packet", "rule=Default_Rule");
        }
        lab.sent("dmz", Datagram.tcp(DMZ_HOST, 80, LAN_HOST, PORT, ACK, 5001, 1001, 10))
                .assertDropped("no_policy", "ruleset_drop_packet", "recvif=dmz");
        passes("wan", server(ACK, 1, 1, 10));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.5 TCP: the same session from another interface")
    void tcpInterface() {
        handshake();
        lab.sent("dmz", server(ACK, 1, 1, 10))
                .assertDropped("access_denied", "ruleset_drop_packet", "rule=Default_Access_Rule");
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.5 TCP: {0}")
    @CsvSource({
        // the window is 8192
        "sequence number beyond the window, 16, 20000, 1, 10",
        "sequence number long acknowledged, 16, -70000, 1, 10",
        "acknowledgement of what was not sent, 16, 1, 5000, 10",
        "no ACK, 8, 1, 1, 10",
        "reset outside the window, 4, 30000, 0, 0",
    })
    void tcpNumbersAndFlags(String what, int flags, int sequence, int acknowledgement, int data) {
        handshake();
        Outcome outcome = lab.sent("wan", server(flags, sequence, acknowledgement, data));
        if (outcome.dropped("bad_flags") > 0) {
            outcome.assertDropped("bad_flags", "malformed_packet");
        } else {
            outcome.assertDropped("bad_state", "tcp_out_of_state", "rule=out", "state=TCP_OPEN");
        }
        passes("wan", server(ACK, 1, 1, 10));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.5 TCP: an answer before there was a question")
    void tcpOrder() {
        lab.sent("wan", server(SYN | ACK, 0, 1, 0)).assertDropped("no_policy", "rule=Default_Rule");
        lab.sent("lan", client(ACK, 1, 1, 10)).assertDropped("no_new_connection", "no_new_conn_for_this_packet");
        passes("lan", client(SYN, 0, -5000, 0));
        lab.sent("lan", client(ACK, 1, 1, 10)).assertDropped("bad_state", "tcp_out_of_state", "state=SYN_RECV");
        passes("wan", server(SYN | ACK, 0, 1, 0));
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.5 TCP: after the closing exchange nothing more is carried")
    void tcpCloses() {
        handshake();
        passes("lan", client(FIN | ACK, 1, 1, 0));
        lab.sent("lan", client(ACK, 2, 1, 10)).assertDropped("bad_state", "tcp_out_of_state", "state=FIN_RECV");
        passes("wan", server(FIN | ACK, 1, 2, 0));
        passes("lan", client(ACK, 2, 2, 0));
        lab.sent("wan", server(ACK, 2, 2, 10)).assertDropped("bad_state", "tcp_out_of_state", "state=TIME_WAIT");
        lab.sent("lan", client(ACK, 2, 2, 10)).assertDropped("bad_state", "tcp_out_of_state", "state=TIME_WAIT");
        Outcome later = lab.passTime(Duration.ofSeconds(11));
        assertEquals(1, later.logged("conn_close", "rule=out"), later::toString);
        lab.sent("wan", server(ACK, 2, 2, 0)).assertDropped("no_policy", "rule=Default_Rule");
        lab.sent("lan", client(ACK, 2, 2, 0)).assertDropped("no_new_connection", "no_new_conn_for_this_packet");
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.5 TCP: a reset ends the session")
    void tcpResets() {
        handshake();
        passes("wan", server(RST | ACK, 1, 1, 0));
        lab.passTime(Duration.ofSeconds(11));
        lab.sent("wan", server(ACK, 1, 1, 10)).assertDropped("no_policy", "rule=Default_Rule");
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.5 TCP: idle for too long")
    void tcpIdles() {
        lab.type("set Settings ConnTimeoutSettings ConnLife_TCP=100", "activate", "commit");
        handshake();
        lab.passTime(Duration.ofSeconds(90));
        passes("wan", server(ACK, 1, 1, 10));
        Outcome idle = lab.passTime(Duration.ofSeconds(101));
        assertEquals(1, idle.logged("conn_close", "rule=out"), idle::toString);
        lab.sent("wan", server(ACK, 1, 1, 10)).assertDropped("no_policy", "rule=Default_Rule");
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.5 UDP: answers pass, others do not, and none after the time-out")
    void udp() {
        passes("lan", Datagram.udp(LAN_HOST, PORT, WAN_HOST, 53));
        Datagram answer = Datagram.udp(WAN_HOST, 53, LAN_HOST, PORT);
        passes("wan", answer);
        Datagram[] strangers = {
            Datagram.udp(WAN_OTHER, 53, LAN_HOST, PORT),
            Datagram.udp(WAN_HOST, 54, LAN_HOST, PORT),
            Datagram.udp(WAN_HOST, 53, LAN_HOST, PORT + 1),
            Datagram.udp(WAN_HOST, 53, LAN_OTHER, PORT),
        };
        for (Datagram stranger : strangers) {
            lab.sent("wan", stranger).assertDropped("no_policy", "ruleset_drop_packet", "rule=Default_Rule");
        }
        Outcome idle = lab.passTime(Duration.ofSeconds(131));
        assertEquals(1, idle.logged("conn_close", "rule=out"), idle::toString);
        lab.sent("wan", answer).assertDropped("no_policy", "ruleset_drop_packet", "rule=Default_Rule");
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.5 ICMP: from {0}")
    @CsvSource({LAN_HOST + "," + WAN_HOST + ",8,0", LAN_HOST6 + "," + WAN_HOST6 + ",128,129"})
    void icmp(String from, String to, int question, int answer) {
        passes("lan", Datagram.icmp(from, to, question, 0, 7));
        passes("wan", Datagram.icmp(to, from, answer, 0, 7));
        lab.sent("wan", Datagram.icmp(to, from, answer, 0, 8)).assertDropped("no_policy", "rule=Default_Rule");
        lab.sent("wan", Datagram.icmp(to, from, question, 0, 7)).assertDropped("no_policy", "rule=Default_Rule");
        Outcome idle = lab.passTime(Duration.ofSeconds(9));
        assertEquals(1, idle.logged("conn_close"), idle::toString);
        lab.sent("wan", Datagram.icmp(to, from, answer, 0, 7)).assertDropped("no_policy", "rule=Default_Rule");
    }
}
