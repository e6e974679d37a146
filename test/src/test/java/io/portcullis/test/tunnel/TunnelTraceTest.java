package io.portcullis.test.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.SwanConnection;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What {@code trace} says about a tunnel to a real peer, before it is up and when it is; and of packets that were
 * captured.
 */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN})
class TunnelTraceTest {
    private static final String TO_BRANCH = "trace lan tcp " + TwoSites.HOST + ":4000 " + TwoSites.BRANCH + ":443";

    @Test
    void theWholeWayIsToldAndNothingIsSent() {
        try (TwoSites sites = TwoSites.open()) {
            Charon branch = Charon.asPeer(sites);
            branch.load(SwanConnection.ofPeer("aes128gcm16-prfsha256-ecp256", "aes128gcm16-ecp256", Scenario.KEY));
            Firewall office = Firewall.start(
                    sites.lab(),
                    sites.gateway,
                    GatewayScript.gateway(Scenario.KEY).text());
            String before = said(office, TO_BRANCH, 0);
            assertTold(before, "no SA carries it, one is negotiated");
            assertTold(before, "IKE_SA_INIT " + TwoSites.GATEWAY + ":500 -> " + TwoSites.PEER + ":500");
            assertTrue(before.endsWith("Waits until tunnel branch has an SA.\n"), before);
            assertFalse(said(office, "ike", 0).contains(TwoSites.PEER), "nobody was called");

            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 3), branch::log);
            String usage = usage(office);
            String up = said(office, TO_BRANCH, 0);
            assertTold(up, "branch: SA 0x[0-9a-f]{8}");
            assertTold(up, "(ESP|UDP) " + TwoSites.GATEWAY + ".* -> " + TwoSites.PEER);
            assertTold(up, "Neighbour +" + TwoSites.ROUTER_NEAR + " is ");
            assertTrue(
                    up.endsWith("Forwarded to wan by way of " + TwoSites.ROUTER_NEAR + ", inside tunnel branch.\n"),
                    up);
            assertTrue(up.lines().allMatch(line -> line.length() <= 100), up);
            assertEquals(usage, usage(office), "no sequence number was used");
            assertTrue(said(office, "connections -destport=443", 0).startsWith("No connection"));

            String back = said(office, "trace branch icmp " + TwoSites.BRANCH + " " + TwoSites.HOST, 0);
            assertTold(back, "branch: from SA 0x");
            assertTrue(back.contains("Forwarded to lan"), back);
            String foreign = said(office, "trace branch icmp 10.1.1.1 " + TwoSites.HOST, 1);
            assertTold(foreign, "Dropped: selector_mismatch");
            String spi = said(office, "trace wan esp " + TwoSites.PEER + " " + TwoSites.GATEWAY + " -spi=0x1234", 1);
            assertTold(spi, "unknown_spi");

            said(office, "pcapdump -start lan -out=one", 0);
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 1), branch::log);
            said(office, "pcapdump -stop", 0);
            String captured = said(office, "trace -file=one.pcapng -interface=lan", 0);
            assertTrue(captured.contains("Forwarded to wan by way of"), captured);
            for (String elsewhere : List.of("/etc/passwd", "../configuration", "..", ".")) {
                assertTold(
                        said(office, "trace -file=" + elsewhere + " -interface=lan", 1),
                        "-file: (.* is no name of a file|there is no file)");
            }
            assertEquals(0, office.stop(), office::complaints);
        }
    }

    private static String usage(Firewall firewall) {
        return said(firewall, "ipsec -usage", 0).replaceAll(", last [0-9.]+ s ago", "");
    }

    private static String said(Firewall firewall, String command, int status) {
        Command.Result result = firewall.command(command);
        assertEquals(status, result.status(), result::output);
        return result.output();
    }

    private static void assertTold(String text, String pattern) {
        assertTrue(
                Pattern.compile(pattern).matcher(text.replaceAll("\\s+", " ")).find(), () -> pattern + "\n" + text);
    }
}
