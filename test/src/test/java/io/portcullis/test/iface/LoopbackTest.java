package io.portcullis.test.iface;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.IoMode;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import org.junit.jupiter.api.Test;

/**
 * Two firewalls in one: the hosts' routing table knows no Internet but a loopback interface, the other has the rest.
 */
@Needs({Need.ROOT, Need.NAMESPACES})
class LoopbackTest {
    private static final String FAR = "203.0.113.9";

    @Test
    void tablesAreJoinedAndTrafficIsFilteredOnBothSides() {
        try (Lab lab = Lab.open()) {
            Namespace host = lab.namespace("host");
            Namespace gateway = lab.namespace("gateway");
            Namespace far = lab.namespace("far");
            boolean offload = IoMode.current().offload(true);
            lab.wire(gateway, "lan", host, "eth0", offload);
            lab.wire(gateway, "wan", far, "eth0", offload);
            host.ip("addr add 172.16.1.10/24 dev eth0\nroute add default via 172.16.1.1");
            far.ip("addr add 198.51.100.1/24 dev eth0\naddr add " + FAR + "/32 dev lo");
            Firewall firewall =
                    Firewall.start(lab, gateway, """
                    add RoutingTable office Ordering=Only
                    add Interface Ethernet lan EthernetDevice=lan IP=172.16.1.1 Network=172.16.1.0/24
                        RoutingTable=office%1$s
                    add Interface Ethernet wan EthernetDevice=wan IP=198.51.100.2 Network=198.51.100.0/24
                        DefaultGateway=198.51.100.1%1$s
                    add Interface LoopbackInterface inner LoopTo=outer IP=127.0.1.1 Network=127.0.1.0/30
                        RoutingTable=office
                    add Interface LoopbackInterface outer LoopTo=inner IP=127.0.2.1 Network=127.0.2.0/30
                        RoutingTable=main
                    cc RoutingTable office
                    add Route Interface=inner Network=all-nets
                    cc
                    cc RoutingTable main
                    add Route Interface=outer Network=172.16.1.0/24
                    cc
                    add IPPolicy Name=leave SourceInterface=lan SourceNetwork=lan_net DestinationInterface=inner
                        DestinationNetwork=all-nets Service=all_services Action=Allow SourceTranslation=None
                    add IPPolicy Name=internet SourceInterface=outer SourceNetwork=172.16.1.0/24
                        DestinationInterface=wan DestinationNetwork=all-nets Service=all_services Action=Allow
                        SourceTranslation=NAT
                    """.formatted(IoMode.current().property()));
            assertTrue(Traffic.ping(host, FAR, 3));
            Traffic.tcp(host, far, FAR, 8_000_000);
            String connections = firewall.command("connections").output();
            assertTrue(connections.contains("inner") && connections.contains("outer"), connections);
            String routes = firewall.command("routes").output();
            assertFalse(
                    routes.lines().anyMatch(line -> line.contains("172.16.1.0/24") && line.contains(" lan ")), routes);
            // The second rule set decides too.
            assertTrue(firewall.command("set IPPolicy internet Action=Deny\nactivate\ncommit")
                    .succeeded());
            assertFalse(Traffic.ping(host, FAR, 1));
            String mistake = firewall.command("set Interface LoopbackInterface inner LoopTo=inner\nactivate")
                    .output();
            assertTrue(mistake.contains("does not lead back here"), mistake);
        }
    }
}
