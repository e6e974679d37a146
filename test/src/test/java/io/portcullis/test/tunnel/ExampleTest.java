package io.portcullis.test.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.SwanConnection;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import org.junit.jupiter.api.Test;

/** Examples of the reference, typed as they stand there. */
@Needs({Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN})
class ExampleTest {
    /**
     * The commands of example 10.3, "PSK Based LAN-to-LAN IPsec Tunnel Setup", in the reference's lines, letter case
     * and order, step D included. One word differs: the reference adds the key as {@code my_scecret_key} and then uses
     * {@code my_secret_key}; here both are the latter.
     */
    private static final String EXAMPLE_10_3 = """
            add PSK my_secret_key Type=ASCII PSKascii=somesecretasciikey
            add Interface IPsecTunnel ipsec_hq_to_branch
            LocalNetwork=172.16.1.0/24
            RemoteNetwork=192.168.11.0/24
            RemoteEndpoint=203.0.113.1
            PSK=my_secret_key
            add IPPolicy Name=hq_to_branch
            SourceInterface=lan
            SourceNetwork=172.16.1.0/24
            DestinationInterface=ipsec_hq_to_branch
            DestinationNetwork=192.168.11.0/24
            Service=all_services
            Action=Allow
            add IPPolicy Name=branch_to_hq
            SourceInterface=ipsec_hq_to_branch
            SourceNetwork=192.168.11.0/24
            DestinationInterface=lan
            DestinationNetwork=172.16.1.0/24
            Service=all_services
            Action=Allow
            cc RoutingTable main
            add Route
            Interface=ipsec_hq_to_branch
            Network=192.168.11.0/24
            cc
            """;

    @Test
    void pskBasedLanToLanTunnelSetup() {
        try (TwoSites sites = TwoSites.open()) {
            Charon branch = Charon.asPeer(sites);
            branch.load(SwanConnection.ofPeer("default", "default", "somesecretasciikey"));
            Firewall headOffice =
                    Firewall.start(sites.lab(), sites.gateway, GatewayScript.gatewayDevices() + EXAMPLE_10_3);
            assertTrue(Traffic.ping(sites.host, TwoSites.BRANCH, 3), branch::log);
            assertTrue(Traffic.ping(sites.branch, TwoSites.HOST, 3));
            assertEquals(1, branch.childSas(), branch::listing);
            assertEquals(0, headOffice.stop(), headOffice::complaints);
        }
    }
}
