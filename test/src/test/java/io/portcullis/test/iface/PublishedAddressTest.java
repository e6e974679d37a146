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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A network of which a part lies behind the firewall, whose hosts know nothing of that:
 *
 * <pre>
 *   near 172.16.1.10/24          --- lan  gateway  dmz --- far 172.16.1.245/24
 *        2001:db8:1::10/64           .1, ::1                   2001:db8:1::f5/64
 * </pre>
 */
@Needs({Need.ROOT, Need.NAMESPACES})
class PublishedAddressTest {
    private static final String QUIET = "172.16.1.11";
    private static final String ELSEWHERE = "02:00:5e:10:00:99";

    private static Lab lab;
    private static Namespace near;
    private static Namespace far;
    private static Firewall firewall;

    @BeforeAll
    static void start() {
        lab = Lab.open();
        near = lab.namespace("near");
        far = lab.namespace("far");
        Namespace gateway = lab.namespace("gateway");
        boolean offload = IoMode.current().offload(false);
        lab.wire(gateway, "lan", near, "eth0", offload);
        lab.wire(gateway, "dmz", far, "eth0", offload);
        near.ip("addr add 172.16.1.10/24 dev eth0\naddr add 2001:db8:1::10/64 dev eth0 nodad");
        far.ip("addr add 172.16.1.245/24 dev eth0\naddr add 2001:db8:1::f5/64 dev eth0 nodad");
        // A host that answers no questions about one of its addresses.
        near.ip("addr add " + QUIET + "/32 dev lo");
        near.sysctl("net.ipv4.conf.all.arp_ignore=1");
        String station = near.run("cat", "/sys/class/net/eth0/address").output().strip();
        firewall = Firewall.start(lab, gateway, """
                add Interface Ethernet lan EthernetDevice=lan IP=172.16.1.1 Network=172.16.1.0/24
                    IP6=2001:db8:1::1 Network6=2001:db8:1::/64%1$s
                add Interface Ethernet dmz EthernetDevice=dmz IP=192.0.2.1 Network=192.0.2.0/30
                    IP6=2001:db8:2::1 Network6=2001:db8:2::/64%1$s
                cc RoutingTable main
                add Route Interface=dmz Network=172.16.1.240/28 ProxyARPInterfaces=lan
                add Route Interface=dmz Network=2001:db8:1::f0/124 ProxyARPAllInterfaces=Yes
                add Route Interface=lan Network=172.16.1.0/24 ProxyARPInterfaces=dmz
                add Route Interface=lan Network=2001:db8:1::/64 ProxyARPInterfaces=dmz
                cc
                add ARPND Interface=lan Mode=Static IP=%2$s MACAddress=%3$s
                add ARPND Interface=lan Mode=XPublish IP=172.16.1.99 MACAddress=%4$s
                add IPPolicy SourceInterface=any SourceNetwork=all-nets DestinationInterface=any
                    DestinationNetwork=all-nets Service=all_services Action=Allow SourceTranslation=None
                add IPPolicy SourceInterface=any SourceNetwork=all-nets6 DestinationInterface=any
                    DestinationNetwork=all-nets6 Service=all_services Action=Allow SourceTranslation=None
                """.formatted(IoMode.current().property(), QUIET, station, ELSEWHERE));
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private static String neighbourOf(Namespace host, String address) {
        return host.run("ip", "neigh", "show", address).output();
    }

    @Test
    void hostsBehindTheFirewallAreNeighboursWithoutKnowing() {
        assertTrue(Traffic.ping(near, "172.16.1.245", 3));
        assertTrue(Traffic.ping(far, "172.16.1.10", 3));
        Traffic.tcp(near, far, "172.16.1.245", 1_000_000);
    }

    @Test
    void theSameForIpv6() {
        assertTrue(Traffic.ping(near, "2001:db8:1::f5", 3));
        assertTrue(Traffic.ping(far, "2001:db8:1::10", 3));
    }

    @Test
    void aStaticNeighbourIsReachedThoughItNeverAnswers() {
        assertTrue(Traffic.ping(far, QUIET, 3));
        String listed = firewall.command("arp -ip=" + QUIET).output();
        assertTrue(listed.contains("static"), listed);
    }

    @Test
    void anotherStationIsPublished() {
        assertFalse(Traffic.ping(near, "172.16.1.99", 1), "nobody has that station");
        String seen = neighbourOf(near, "172.16.1.99");
        assertTrue(seen.contains(ELSEWHERE), seen);
        String listed = firewall.command("arp -ip=172.16.1.99").output();
        assertTrue(listed.contains("xpublish"), listed);
    }
}
