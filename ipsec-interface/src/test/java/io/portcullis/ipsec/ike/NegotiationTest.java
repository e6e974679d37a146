package io.portcullis.ipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.ike.v2.IkeSaView;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.tunnel.Identity;
import io.portcullis.ipsec.tunnel.TunnelDefinition.IkeSuite;
import io.portcullis.ipsec.tunnel.TunnelDefinition.NatTraversal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** IKE_SA_INIT and IKE_AUTH: two engines, one wire. */
final class NegotiationTest {
    private final TwoPeers net = new TwoPeers(1);

    @Test
    void fourMessagesBringATunnelUp() {
        net.established();
        assertEquals(4, net.sent);
        net.assertSameOnBothSides();
        IkeSaView view = net.only(net.a);
        assertEquals("ESTABLISHED", view.state());
        assertEquals("tunnel", view.tunnel());
        assertTrue(view.initiator());
        assertEquals(List.of("ike_sa_established", "ipsec_sa_established"), net.a.eventNames());
        assertEquals(List.of("ike_sa_established", "ipsec_sa_established"), net.b.eventNames());
        SaPair pair = net.a.installed.values().iterator().next();
        assertFalse(pair.path().udpEncapsulated());
        assertTrue(pair.extendedSequence());
        assertEquals(Tunnels.GCM_128, pair.suite());
    }

    static List<EspSuite> suites() {
        return List.of(Tunnels.GCM_128, Tunnels.GCM_256, Tunnels.CBC_256);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void everySuite(EspSuite suite) {
        net.tunnelB.ikeSuites = List.of(new IkeSuite(suite, Prf.HMAC_SHA2_512));
        net.tunnelA.ikeSuites = net.tunnelB.ikeSuites;
        net.tunnelB.espSuites = List.of(suite);
        net.tunnelA.espSuites = List.of(suite);
        net.established();
        assertEquals(suite, net.b.installed.values().iterator().next().suite());
        net.assertSameOnBothSides();
    }

    @ParameterizedTest
    @EnumSource
    void everyGroup(DhGroup group) {
        net.tunnelA.dhGroups = List.of(group);
        net.tunnelB.dhGroups = List.of(group);
        net.established();
        net.assertSameOnBothSides();
    }

    @Test
    void anotherGroupIsAskedFor() {
        net.tunnelB.dhGroups = List.of(DhGroup.ECP_256);
        net.established();
        assertEquals(6, net.sent); // one INVALID_KE_PAYLOAD and the request once more
        assertEquals(DhGroup.ECP_256, net.only(net.b).choice().orElseThrow().group());
    }

    @Test
    void responderNarrows() {
        net.tunnelA.local = Tunnels.networks("172.16.0.0/16", "10.0.0.0/8");
        net.tunnelA.remote = Tunnels.networks("172.16.0.0/16");
        net.tunnelB.local = Tunnels.networks("172.16.2.0/24");
        net.tunnelB.remote = Tunnels.networks("172.16.1.0/24", "10.1.0.0/16");
        net.established();
        net.assertSameOnBothSides();
        SaPair pair = net.a.installed.values().iterator().next();
        assertEquals(Tunnels.networks("172.16.1.0/24", "10.1.0.0/16"), pair.local());
        assertEquals(Tunnels.networks("172.16.2.0/24"), pair.remote());
    }

    @Test
    void identitiesAreCompared() {
        net.tunnelA.localId = Optional.of(new Identity.Dns("Branch.example.com"));
        net.tunnelB.remoteIds = List.of(new Identity.Email("x@example.com"), new Identity.Dns("branch.EXAMPLE.com"));
        net.tunnelB.localId = Optional.of(new Identity.Email("hq@example.com"));
        net.tunnelA.remoteIds = List.of(new Identity.Email("HQ@example.com"));
        net.established();
        assertEquals("Branch.example.com", net.only(net.b).remoteId());
    }

    @Test
    void wrongIdentityIsRefused() {
        net.tunnelB.remoteIds = List.of(new Identity.Dns("branch.example.com"));
        assertRefused("authentication_failed");
        assertTrue(net.b.event("authentication_failed").toString().contains("branch.example.com"));
        assertTrue(net.b.event("authentication_failed").toString().contains("192.0.2.1"));
    }

    @Test
    void responderOfAnotherNameIsNotBelieved() {
        net.tunnelA.remoteIds = List.of(new Identity.Dns("hq.example.com"), new Identity.Dns("hq2.example.com"));
        assertRefused("authentication_failed");
    }

    @Test
    void wrongKeyIsRefused() {
        net.tunnelB.psk = "another secret";
        assertRefused("authentication_failed");
    }

    @Test
    void noCommonIkeAlgorithm() {
        net.tunnelB.ikeSuites = List.of(new IkeSuite(Tunnels.GCM_256, Prf.HMAC_SHA2_384));
        assertRefused("no_proposal_chosen");
        String event = net.b.event("no_proposal_chosen").toString();
        assertTrue(event.contains("ENCR_AES_GCM_16-256") && event.contains("ENCR_AES_GCM_16-128"), event);
        assertTrue(event.contains("tunnel=tunnel"), event);
    }

    @Test
    void noCommonEspAlgorithm() {
        net.tunnelB.espSuites = List.of(Tunnels.GCM_256);
        assertRefused("no_proposal_chosen");
    }

    @Test
    void noCommonNetworks() {
        net.tunnelB.remote = Tunnels.networks("172.17.0.0/16");
        assertRefused("ts_unacceptable");
        String event = net.b.event("ts_unacceptable").toString();
        assertTrue(event.contains("172.17.0.0/16") && event.contains("172.16.1.0/24"), event);
    }

    @Test
    void noTunnelForTheCaller() {
        net.tunnelB = Tunnels.mirrored("192.0.2.99");
        assertRefused("no_proposal_chosen");
    }

    /** Both sides say the same, and nothing is left. */
    private void assertRefused(String event) {
        net.configured();
        net.a.engine.connect("tunnel");
        net.settle();
        net.a.event(event);
        net.b.event(event);
        assertTrue(net.a.list().isEmpty(), net::story);
        assertTrue(net.b.list().isEmpty(), net::story);
        assertEquals(List.of("tunnel"), net.a.failed.stream().distinct().toList());
        net.assertSameOnBothSides();
        net.advanceSeconds(120);
        assertTrue(net.wire.isEmpty());
    }

    /** Asking changes nothing, and what is said comes true. */
    @Test
    void whatAPacketWouldBringAboutIsToldBeforehand() {
        net.configured();
        assertEquals(Prospect.Kind.INITIATE, prospect().kind());
        assertEquals(500, prospect().path().orElseThrow().remotePort());
        net.settle();
        assertTrue(net.a.list().isEmpty(), "nobody was called");
        net.a.engine.connect("tunnel");
        assertEquals(Prospect.Kind.UNDER_WAY, prospect().kind());
        net.settle();
        assertEquals(Prospect.Kind.UP, prospect().kind());
        net.a.engine.deleteChildren("tunnel");
        net.settle();
        assertEquals(Prospect.Kind.CHILD, prospect().kind());
    }

    private Prospect prospect() {
        var answer = net.a.engine.prospect("tunnel");
        net.a.poll();
        return answer.join().orElseThrow();
    }

    @Test
    void forcedEncapsulationLooksLikeANat() {
        net.tunnelA.nat = NatTraversal.ON;
        net.established();
        SaPair pair = net.b.installed.values().iterator().next();
        assertTrue(pair.path().udpEncapsulated());
        assertEquals(4500, pair.path().localPort());
        assertEquals(4500, pair.path().remotePort());
        assertTrue(net.a.installed.values().iterator().next().path().udpEncapsulated());
    }

    @Test
    void aTunnelThatFitsBetterFurtherDownIsFound() {
        Tunnels other = Tunnels.mirrored(TwoPeers.A);
        other.name = "other key";
        other.psk = "not this one";
        Tunnels narrow = Tunnels.mirrored(TwoPeers.A);
        narrow.name = "other networks";
        narrow.remote = Tunnels.networks("192.168.0.0/24");
        net.a.configure(net.tunnelA.build());
        net.b.configure(other.build(), narrow.build(), net.tunnelB.build());
        net.a.engine.connect("tunnel");
        net.settle();
        assertEquals("tunnel", net.only(net.b).tunnel());
    }

    @Test
    void bothAtOnceLeaveOneSa() {
        net.tunnelA.autoEstablish = true;
        net.tunnelB.autoEstablish = true;
        net.configured();
        net.advanceSeconds(10);
        net.assertSameOnBothSides();
        assertEquals(1, net.a.installed.size(), net::story);
        net.only(net.a);
    }

    @Test
    void everyPacketAsksAndOneNegotiationAnswers() {
        net.configured();
        for (int i = 0; i < 5; i++) {
            net.a.engine.saEvent(
                    new io.portcullis.ipsec.sa.SaEvent.Acquire("tunnel", net.a.address, net.b.address, 17, 1, 2));
        }
        net.settle();
        assertEquals(4, net.sent);
        assertNotEquals(0, net.a.outbound());
    }

    @Test
    void shutdownDeletesAtThePeer() {
        net.established();
        var done = net.a.engine.shutdown();
        net.settle();
        assertTrue(done.isDone());
        assertTrue(net.b.list().isEmpty());
        assertTrue(net.b.installed.isEmpty());
        assertTrue(net.a.installed.isEmpty());
    }
}
