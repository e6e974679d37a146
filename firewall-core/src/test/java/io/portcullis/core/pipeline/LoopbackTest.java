package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.ROUTER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.iface.LoopbackInterface;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two routing tables, each with one side of the firewall, and a pair of loopback interfaces between them. */
class LoopbackTest {
    private static final String INNER = "10.1.1.1";

    private final TestFirewall firewall = TestFirewall.withNeighbours();
    private final LoopbackInterface one = new LoopbackInterface("one", 11, 1500, List.of(IpAddress.literal(INNER)));
    private final LoopbackInterface two =
            new LoopbackInterface("two", 12, 1500, List.of(IpAddress.literal("10.1.1.2")));

    private void publish(List<Route> inside, List<Route> outside) {
        List<NetworkInterface> all = new ArrayList<>(firewall.published.active().interfaces());
        all.add(one);
        all.add(two);
        RoutingTables tables = new RoutingTables(
                        List.of(new RoutingTable("inside", inside), new RoutingTable("outside", outside)))
                .withMembers(Map.of(firewall.lan, "inside", one, "inside", firewall.wan, "outside", two, "outside"));
        firewall.published.publish(
                firewall.published.active().withInterfaces(all).withRoutes(tables, 2));
        firewall.step();
    }

    private void joined() {
        LoopbackInterface.join(one, two);
        publish(
                List.of(
                        Route.own(IpAddress.literal(TestFirewall.LAN), firewall.core),
                        Route.own(IpAddress.literal(INNER), firewall.core),
                        TestFirewall.route("192.168.1.0/24", firewall.lan, null),
                        TestFirewall.route("0.0.0.0/0", one, null)),
                List.of(
                        TestFirewall.route("198.51.100.0/24", firewall.wan, ROUTER),
                        TestFirewall.route("192.168.1.0/24", two, null),
                        TestFirewall.route("10.1.1.0/30", two, null)));
    }

    @Test
    void aPacketIsFilteredTwiceAndItsAnswerComesBack() {
        joined();
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        Packet sent = firewall.onWan();
        assertEquals(2, firewall.decisions.lookups, "policies that were asked");
        assertEquals(62, Ipv4.ttl(sent.buffer(), sent.networkAt()), "two hops");
        assertEquals(2, firewall.pipeline.connections().size());
        firewall.fromWan(Datagrams.udp(FAR, 2, HOST, 1, 10));
        firewall.onLan();
        assertEquals(2, firewall.decisions.lookups, "answers belong to connections");
        assertEquals(1, one.counters().packetsOut());
        assertEquals(1, one.counters().packetsIn());
        assertEquals(1, two.counters().packetsOut());
        assertEquals(1, two.counters().packetsIn());
        firewall.assertNoLeak(0);
    }

    @Test
    void whatIsTranslatedToALoopbackAddressIsNotForged() {
        joined();
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        Packet sent = firewall.onWan();
        assertEquals(IpAddress.literal(TestFirewall.WAN).low(), sent.sourceLow());
        firewall.assertNoLeak(0);
    }

    @Test
    void whatGoesRoundAndRoundEnds() {
        firewall.decisions.access = new AccessControl.Verdict("all", true, false);
        LoopbackInterface.join(one, two);
        publish(
                List.of(
                        TestFirewall.route("192.168.1.0/24", firewall.lan, null),
                        TestFirewall.route("0.0.0.0/0", one, null)),
                List.of(TestFirewall.route("0.0.0.0/0", two, null)));
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        firewall.assertNothingSent();
        firewall.assertDropped(DropReason.TUNNEL_LOOP);
    }

    @Test
    void oneWithoutAPartnerIsDown() {
        publish(
                List.of(
                        TestFirewall.route("192.168.1.0/24", firewall.lan, null),
                        TestFirewall.route("0.0.0.0/0", one, null)),
                List.of());
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        firewall.assertDropped(DropReason.INTERFACE_DOWN);
    }
}
