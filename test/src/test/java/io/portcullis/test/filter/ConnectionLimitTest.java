package io.portcullis.test.filter;

import static io.portcullis.core.packet.Tcp.ACK;
import static io.portcullis.core.packet.Tcp.SYN;
import static io.portcullis.test.filter.FilterLab.LAN_HOST;
import static io.portcullis.test.filter.FilterLab.LAN_OTHER;
import static io.portcullis.test.filter.FilterLab.WAN_HOST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.filter.FilterLab.Outcome;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Half-open TCP sessions are bounded, and those that are established outlive every flood. */
@DisplayName("FFW_RUL_EXT.1.10: half-open sessions")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionLimitTest {
    private FilterLab lab;

    @BeforeAll
    void start(@TempDir Path folder) {
        lab = new FilterLab(folder);
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    private void establish(int port) {
        Datagram answer = Datagram.tcp(WAN_HOST, 80, LAN_HOST, port, SYN | ACK, 5000, 1001, 0);
        lab.sent("lan", Datagram.syn(LAN_HOST, port, WAN_HOST, 80));
        lab.sent("wan", answer).assertPassed(answer);
        lab.sent("lan", Datagram.tcp(LAN_HOST, port, WAN_HOST, 80, ACK, 1001, 5001, 0));
    }

    private void assertLives(int port) {
        Datagram data = Datagram.tcp(WAN_HOST, 80, LAN_HOST, port, ACK, 5001, 1001, 100);
        lab.sent("wan", data).assertPassed(data);
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.10 for each source: what exceeds the limit of the policy is dropped and logged")
    void perSource() {
        lab.configure(FilterLab.policy(
                "limited",
                "SourceInterface=lan SourceNetwork=all-nets",
                "all-nets",
                "Action=Allow MaxConnectionsPerSource=5",
                "all_tcp"));
        establish(1025);
        for (int port = 1026; port < 1030; port++) {
            Datagram syn = Datagram.syn(LAN_HOST, port, WAN_HOST, 80);
            lab.sent("lan", syn).assertPassed(syn);
        }
        lab.sent("lan", Datagram.syn(LAN_HOST, 1030, WAN_HOST, 80))
                .assertDropped("source_limit", "connections_per_source_exceeded", "rule=limited", "limit=5");
        assertLives(1025);
        Datagram others = Datagram.syn(LAN_OTHER, 1030, WAN_HOST, 80);
        lab.sent("lan", others).assertPassed(others);
    }

    @Test
    @DisplayName(
            "FFW_RUL_EXT.1.10 for all: the oldest half-open one makes room, which is logged; established ones live")
    void tableFull() {
        lab.configure(
                "set Settings StateSettings MaxConnections=16 MaxHalfOpenConnections=10000\n", FilterLab.ALLOW_ALL);
        establish(1025);
        int flood = 200;
        Datagram[] syns = new Datagram[flood];
        for (int i = 0; i < flood; i++) {
            syns[i] = Datagram.syn(LAN_OTHER, 2000 + i, WAN_HOST, 80);
        }
        Outcome outcome = lab.sent("lan", syns);
        assertTrue(outcome.logged("connection_table_full") >= 1, outcome::toString);
        assertEquals(
                List.of("16"),
                lab.type("stats")
                        .lines()
                        .filter(line -> line.startsWith("Connections"))
                        .map(line -> line.replaceAll(".* of ", ""))
                        .toList());
        assertTrue(lab.type("connections -num=all")
                        .lines()
                        .filter(line -> line.contains(LAN_OTHER))
                        .count()
                < 16);
        assertLives(1025);
        Datagram newest = Datagram.tcp(WAN_HOST, 80, LAN_OTHER, 2000 + flood - 1, SYN | ACK, 5000, 1001, 0);
        lab.sent("wan", newest).assertPassed(newest);
    }

    @Test
    @DisplayName(
            "FFW_RUL_EXT.1.10 half-open sessions are proxied above a limit of their own, and logged; established live")
    void proxied() {
        int limit = 8;
        lab.configure(
                "set Settings StateSettings MaxConnections=1000 MaxHalfOpenConnections=" + limit + "\n",
                FilterLab.policy("logged", "Action=Allow", "all_services"));
        establish(1025);
        int flood = 200;
        Datagram[] syns = new Datagram[flood];
        for (int i = 0; i < flood; i++) {
            syns[i] = Datagram.syn(LAN_OTHER, 2000 + i, WAN_HOST, 80);
        }
        Outcome outcome = lab.sent("lan", syns);
        assertEquals(limit, Arrays.stream(syns).filter(outcome::passed).count(), "openers that the server heard of");
        assertEquals(flood, outcome.arrived().size(), "the others were answered");
        assertTrue(outcome.logged("syn_flood_protection", "halfopen=" + limit) >= 1, outcome::toString);
        assertLives(1025);
    }
}
