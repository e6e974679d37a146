package io.portcullis.test.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.DatagramStream;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.SwanConnection;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import org.junit.jupiter.api.Test;

/** What an activation does not touch goes on; what it takes away ends. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN})
class ActivationTest {
    @Test
    void aTunnelThatIsNotTouchedLosesNothingAndOneWhosePolicyGoesEnds() {
        try (TwoSites sites = TwoSites.open()) {
            Charon peer = Charon.asPeer(sites);
            peer.load(SwanConnection.ofPeer("default", "default", Scenario.KEY));
            Firewall firewall = Firewall.start(
                    sites.lab(),
                    sites.gateway,
                    GatewayScript.gateway(Scenario.KEY).text());
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 1), peer::log);
            String before = spis(peer);
            try (DatagramStream stream = DatagramStream.start(sites.host, sites.branch, TwoSites.BRANCH, 1000, 200)) {
                firewall.command("add Address IP4Address elsewhere Address=10.9.9.9\n"
                                + "add Interface IPsecTunnel other LocalNetwork=172.16.1.0/24 RemoteNetwork=10.9.9.0/24"
                                + " RemoteEndpoint=203.0.113.77 PSK=key\nactivate\ncommit\n")
                        .orThrow();
                firewall.command("delete Interface IPsecTunnel other\nactivate\ncommit\n")
                        .orThrow();
                DatagramStream.Report report = stream.stop();
                assertTrue(report.complete(), report::toString);
            }
            assertEquals(before, spis(peer));

            firewall.command("delete IPPolicy in\ndelete IPPolicy out\nactivate\ncommit\n")
                    .orThrow();
            assertFalse(Traffic.ping(sites.host, TwoSites.BRANCH, 1));
            assertFalse(Traffic.ping(sites.branch, TwoSites.HOST, 1));
            assertEquals(0, firewall.stop(), firewall::complaints);
        }
    }

    private static String spis(Charon peer) {
        return peer.listing()
                .replaceAll("(?s).*?\\s((in|out)\\s+[0-9a-f]{8}).*?\\s((in|out)\\s+[0-9a-f]{8}).*", "$1 $3");
    }
}
