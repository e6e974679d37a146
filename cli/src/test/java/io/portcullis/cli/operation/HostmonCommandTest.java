package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.hostmon.Cause;
import io.portcullis.hostmon.HostCheck;
import io.portcullis.hostmon.HttpPage;
import io.portcullis.hostmon.Protocol;
import io.portcullis.hostmon.SessionView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostmonCommandTest {
    private final List<SessionView> sessions = new ArrayList<>();
    private final HostmonCommand command = new HostmonCommand(() -> sessions, Duration.ofMillis(1));

    private static SessionView.Host host(Protocol method, String host, int port, boolean reachable, int lost) {
        HostCheck check = new HostCheck(
                method,
                IpAddress.literal(host),
                port,
                IpAddress.literal(host.contains(":") ? "2001:db8::9" : "192.168.1.254"),
                null,
                new HttpPage("", port, "/", ""),
                Duration.ofSeconds(1),
                5,
                4,
                4,
                Duration.ofSeconds(3),
                false);
        return new SessionView.Host(check, reachable, lost, reachable ? 20 : 0);
    }

    /**
     * The listing of the administrator's guide, section "IPsec Tunnel Monitoring", its blanks as wide as its dashes.
     */
    @Test
    void printsTheReferencesTable() {
        sessions.add(new SessionView(
                "branch",
                null,
                List.of(
                        host(Protocol.ICMP, "192.168.1.1", 0, true, 0),
                        host(Protocol.ICMP, "192.168.3.1", 0, true, 0))));
        assertEquals("""
                Monitor sessions:
                Session #1:
                                                                    Failed      Latency ms
                Reachable Proto Host           Port Interval Sample (act / max) (act / max)
                --------- ----- -------------- ---- -------- ------ ----------- -----------
                YES       ICMP  192.168.1.1         1000     5      0 / 4       20 / 3000
                YES       ICMP  192.168.3.1         1000     5      0 / 4       20 / 3000
                """, Typed.run(command, "hostmon"));
    }

    @Test
    void verboselyAlsoWhatItIsAboutAndWhoAsks() {
        sessions.add(new SessionView(
                "RoutingTable main/Route 1",
                Cause.HOSTS,
                List.of(
                        host(Protocol.HTTP, "192.168.1.1", 8080, false, 5),
                        host(Protocol.TCP, "2001:db8:0:1:2:3:4:5", 22, true, 1))));
        String listing = Typed.run(command, "hostmon -verbose");
        assertTrue(
                listing.contains("\nRoutingTable main/Route 1 does not work: too few hosts are reachable\n"), listing);
        assertEquals(
                "NO HTTP 192.168.1.1 8080 1000 5 5 / 4 0 / 3000 192.168.1.254", Typed.line(listing, "192.168.1.1"));
        assertEquals(
                "YES TCP 2001:db8:0:1:2:3:4:5 22 1000 5 1 / 4 20 / 3000 2001:db8::9", Typed.line(listing, "2001:db8"));
        List<String> lines = listing.lines().toList();
        assertEquals(lines.get(4).indexOf("(act"), lines.get(6).indexOf("5 / 4"), "columns of long cells stay aligned");
    }

    @Test
    void printsSoManySessionsAsAskedFor() {
        for (int i = 0; i < 3; i++) {
            sessions.add(new SessionView("r" + i, null, List.of(host(Protocol.ICMP, "192.0.2.1", 0, true, 0))));
        }
        sessions.add(new SessionView("only a link", Cause.LINK, List.of()));
        String listing = Typed.run(command, "hostmon -num=2");
        assertTrue(listing.contains("Session #2:") && !listing.contains("Session #3:"), listing);
        assertTrue(listing.endsWith("(1 more: -num=all shows all)\n"), listing);
        assertTrue(Typed.run(command, "hostmon -verbose").contains("only a link does not work: no link\n"));
        assertEquals("No hosts are monitored.\n", Typed.run(new HostmonCommand(List::of, Duration.ZERO), "hostmon"));
    }

    @Test
    void goesOnUntilItIsInterrupted() {
        List<String> shown = new ArrayList<>();
        Typed.until(command, "hostmon -live", text -> {
            shown.add(text);
            if (shown.size() == 3) {
                Thread.currentThread().interrupt();
            }
        });
        assertEquals(4, shown.size());
        assertEquals("(interrupted)", shown.getLast());
    }
}
