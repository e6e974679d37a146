package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.connection.CloseReason;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.routing.Route;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What another configuration does to connections: nothing, unless they would be made differently today. */
class ActivationTest {
    private final TestFirewall firewall = TestFirewall.withNeighbours();

    @Test
    void anUntouchedConnectionGoesOn() {
        openTcp();
        publish(firewall.routes(firewall.wan));
        firewall.fromWan(Datagrams.tcp(FAR, 80, HOST, 5000, Tcp.ACK, 8, 1001, 0, 10));
        assertEquals(1, TestFirewall.datagrams(firewall.lanPort).size(), "a reply passes");
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 18, 0, 10));
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
        int asked = firewall.decisions.lookups;
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1011, 18, 0, 10));
        assertEquals(asked, firewall.decisions.lookups, "asked once");
    }

    @Test
    void aConnectionThatAPolicyNoLongerAllowsEnds() {
        openTcp();
        firewall.decisions.action = Policy.Action.DROP;
        publish(firewall.routes(firewall.wan));
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 8, 0, 10));
        firewall.assertNothingSent();
        firewall.assertDropped(DropReason.POLICY_DENIED);
        assertClosed(CloseReason.POLICY);
    }

    @Test
    void aReplyToItEndsItToo() {
        openTcp();
        firewall.decisions.action = Policy.Action.DROP;
        publish(firewall.routes(firewall.wan));
        firewall.fromWan(Datagrams.tcp(FAR, 80, HOST, 5000, Tcp.ACK, 8, 1001, 0, 10));
        firewall.assertNothingSent();
        assertClosed(CloseReason.POLICY);
    }

    @Test
    void otherTranslationEndsIt() {
        openTcp();
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        publish(firewall.routes(firewall.wan));
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 8, 0, 10));
        assertClosed(CloseReason.POLICY);
    }

    @Test
    void anotherRouteEndsIt() {
        openTcp();
        publish(firewall.routes(firewall.tunnel));
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 8, 0, 10));
        assertClosed(CloseReason.ROUTE);
    }

    @Test
    void aNewNextHopIsFollowed() {
        openTcp();
        List<Route> routes = new ArrayList<>(firewall.routes(firewall.wan));
        routes.removeLast();
        routes.add(TestFirewall.route("198.51.100.0/24", firewall.wan, "203.0.113.200"));
        publish(routes);
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 8, 0, 10));
        byte[] question = firewall.wanPort.taken().getFirst().octets();
        assertEquals(Ethernet.BROADCAST, Ethernet.destination(MemorySegment.ofArray(question), 0));
        assertEquals((byte) 200, question[question.length - 1], "the new next hop is asked for");
    }

    @Test
    void anAccessRuleThatComesEndsIt() {
        openTcp();
        firewall.decisions.access = new AccessControl.Verdict("no_more", false, false);
        publish(firewall.routes(firewall.wan));
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 8, 0, 10));
        assertClosed(CloseReason.POLICY);
        firewall.assertDropped(DropReason.ACCESS_DENIED);
    }

    @Test
    void aRemovedInterfaceTakesItsConnectionsAlong() {
        openTcp();
        firewall.worker.execute((worker, now) -> firewall.worker.detach(firewall.wanLink, firewall.wan));
        firewall.step();
        firewall.pass(Duration.ofSeconds(1));
        assertEquals(0, firewall.pipeline.connections().size());
        firewall.fromWan(Datagrams.udp(FAR, 1, HOST, 2, 10));
        firewall.assertDropped(DropReason.UNKNOWN_VLAN);
    }

    private void publish(List<Route> routes) {
        firewall.clear();
        firewall.published.publish(firewall.configuration(2, routes, PipelineSettings.DEFAULT));
    }

    private void openTcp() {
        firewall.fromLan(Datagrams.syn(HOST, 5000, FAR, 80));
        firewall.fromWan(Datagrams.tcp(FAR, 80, HOST, 5000, Tcp.SYN | Tcp.ACK, 7, 1001, 1460, 0));
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 8, 0, 0));
        firewall.clear();
        firewall.decisions.lookups = 0;
    }

    private void assertClosed(CloseReason reason) {
        assertEquals(0, firewall.pipeline.connections().size());
        assertTrue(
                firewall.events.stream().anyMatch(event -> event.values().contains(reason.label())),
                firewall.events.toString());
    }
}
