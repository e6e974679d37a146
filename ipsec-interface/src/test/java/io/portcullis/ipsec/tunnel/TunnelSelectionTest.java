package io.portcullis.ipsec.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.decision.Decision.Stage;
import io.portcullis.ipsec.decision.Decision.Verdict;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.NotifyType;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.ike.proposal.EspProposals;
import io.portcullis.ipsec.ike.proposal.IkeProposals;
import io.portcullis.ipsec.ike.wire.IdPayload;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.TrafficSelector;
import io.portcullis.ipsec.tunnel.TunnelDefinition.IkeSuite;
import io.portcullis.ipsec.tunnel.TunnelDefinition.NatTraversal;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The three stages, from the top of the list downwards. */
final class TunnelSelectionTest {
    static final EspSuite GCM = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
    static final EspSuite CBC = new EspSuite(Encr.AES_CBC, 256, Integ.HMAC_SHA2_256_128);
    private static final IpAddress OWN = IpAddress.literal("192.0.2.1");
    private static final IpAddress OFFICE_1 = IpAddress.literal("198.51.100.1");
    private static final IpAddress OFFICE_3 = IpAddress.literal("198.51.100.3");

    static TunnelDefinition tunnel(String name, AddressSet remote, String network, String psk, EspSuite suite) {
        return new TunnelDefinition(
                name,
                Optional.empty(),
                remote,
                List.of(),
                networks("172.16.1.0/24"),
                networks(network),
                Optional.empty(),
                List.of(),
                new PreSharedKey(psk.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                List.of(new IkeSuite(suite, Prf.HMAC_SHA2_256)),
                List.of(DhGroup.CURVE25519),
                List.of(suite),
                List.of(),
                28_800,
                3_600,
                0,
                30,
                false,
                NatTraversal.ON_IF_NEEDED,
                64,
                false);
    }

    private static List<TrafficSelector> networks(String network) {
        return List.of(TrafficSelector.of(IpNetwork.literal(network)));
    }

    /** The reference's example: a tunnel for everybody above the one that is meant. */
    private static final TunnelList LIST = new TunnelList(List.of(
            tunnel("VPN-1", AddressSet.of(OFFICE_1), "172.16.10.0/24", "one", GCM),
            tunnel("L2TP", AddressSet.ALL_V4, "10.0.0.0/8", "everybody", GCM),
            tunnel("VPN-3", AddressSet.of(OFFICE_3), "172.16.30.0/24", "three", GCM),
            tunnel("VPN-3b", AddressSet.of(OFFICE_3), "172.16.31.0/24", "three", GCM),
            tunnel("old", AddressSet.of(OFFICE_3), "172.16.32.0/24", "three", CBC)));

    static SaPayload ikeOffer(EspSuite suite) {
        return IkeProposals.offer(
                List.of(new IkeSuite(suite, Prf.HMAC_SHA2_256)), List.of(DhGroup.CURVE25519), Octets.EMPTY);
    }

    private static TunnelSelection.Final select(String psk, String remoteNetwork, EspSuite suite) {
        List<TunnelDefinition> candidates = TunnelSelection.initial(LIST, OWN, OFFICE_3, ikeOffer(GCM), false)
                .candidates();
        Predicate<PreSharedKey> authentic =
                new PreSharedKey(psk.getBytes(java.nio.charset.StandardCharsets.UTF_8))::equals;
        return TunnelSelection.authenticated(
                candidates,
                OWN,
                IdentityPayload.of(new Identity.Address(OFFICE_3), true),
                Optional.empty(),
                authentic,
                new TunnelSelection.ChildRequest(
                        EspProposals.offer(new EspProposals.Allowed(List.of(suite), List.of(), false), 7),
                        networks("172.16.1.0/24"),
                        networks(remoteNetwork)));
    }

    @Test
    void stage1PassesOverOtherEndpointsAndAlgorithms() {
        TunnelSelection.Initial initial = TunnelSelection.initial(LIST, OWN, OFFICE_3, ikeOffer(GCM), false);
        assertEquals(
                List.of("L2TP", "VPN-3", "VPN-3b"),
                initial.candidates().stream().map(TunnelDefinition::name).toList());
        Decision first = initial.decisions().getFirst();
        assertEquals("VPN-1", first.candidate());
        assertEquals("RemoteEndpoint", first.criterion());
        assertEquals(Verdict.PASSED_OVER, first.verdict());
        assertTrue(TunnelSelection.initial(TunnelList.EMPTY, OWN, OFFICE_3, ikeOffer(GCM), false)
                .choice()
                .isEmpty());
    }

    @Test
    void reasonsForEveryTunnelThoughEqualListsAreTriedOnce() {
        TunnelSelection.Initial initial = TunnelSelection.initial(
                LIST, OWN, OFFICE_3, ikeOffer(new EspSuite(Encr.AES_GCM_16, 256, Integ.NONE)), false);
        assertTrue(initial.candidates().isEmpty());
        List<String> reasons = initial.decisions().stream()
                .map(it -> it.candidate() + " " + it.criterion() + " " + it.expected())
                .toList();
        assertEquals(
                List.of(
                        "VPN-1 RemoteEndpoint 198.51.100.1",
                        "L2TP proposal 1 ENCR ENCR_AES_GCM_16-128",
                        "VPN-3 algorithms those of L2TP",
                        "VPN-3b algorithms those of L2TP",
                        "old proposal 1 ENCR ENCR_AES_CBC-256"),
                reasons);
    }

    @Test
    void aLaterStageThatRejectsMakesWayForTheNext() {
        TunnelSelection.Final chosen = select("three", "172.16.31.0/24", GCM);
        assertEquals("VPN-3b", chosen.child().orElseThrow().tunnel().name());
        assertTrue(chosen.decisions().stream()
                .anyMatch(it -> it.candidate().equals("L2TP")
                        && it.stage() == Stage.AUTHENTICATION
                        && it.verdict() == Verdict.REJECTED));
        assertTrue(chosen.decisions().stream()
                .anyMatch(it -> it.candidate().equals("VPN-3")
                        && it.stage() == Stage.TRAFFIC_SELECTOR
                        && it.verdict() == Verdict.REJECTED));
    }

    @Test
    void refusalsSayWhatWasWrongWithTheFirstThatKnewThePeer() {
        TunnelSelection.Final key = select("nobody's", "172.16.30.0/24", GCM);
        assertEquals(Optional.of(NotifyType.AUTHENTICATION_FAILED), key.refusal());
        assertTrue(key.authenticated().isEmpty());
        TunnelSelection.Final networks = select("three", "192.168.0.0/16", GCM);
        assertEquals(Optional.of(NotifyType.TS_UNACCEPTABLE), networks.refusal());
        assertEquals("VPN-3", networks.authenticated().orElseThrow().name());
        TunnelSelection.Final algorithms = select("three", "172.16.30.0/24", CBC);
        assertEquals(Optional.of(NotifyType.NO_PROPOSAL_CHOSEN), algorithms.refusal());
    }

    @Test
    void identitiesSurviveThePayload() {
        for (Identity identity : List.of(
                new Identity.Address(OFFICE_1),
                new Identity.Address(IpAddress.literal("2001:db8::1")),
                new Identity.Dns("gw.example.com"),
                new Identity.Email("gw@example.com"))) {
            IdPayload payload = IdentityPayload.of(identity, true);
            assertEquals(Optional.of(identity), IdentityPayload.read(payload));
        }
        IdPayload keyId = new IdPayload(true, 11, Octets.of((byte) 1, (byte) 2));
        assertEquals("ID_KEY_ID 0102", IdentityPayload.describe(keyId));
        assertTrue(IdentityPayload.read(new IdPayload(true, 1, Octets.of((byte) 1)))
                .isEmpty());
    }
}
