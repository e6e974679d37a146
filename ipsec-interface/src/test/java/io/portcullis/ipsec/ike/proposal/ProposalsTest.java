package io.portcullis.ipsec.ike.proposal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Esn;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.ike.iana.TransformType;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Proposal;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.ike.wire.Transform;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.tunnel.TunnelDefinition.IkeSuite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProposalsTest {
    private static final EspSuite GCM_256 = new EspSuite(Encr.AES_GCM_16, 256, Integ.NONE);
    private static final EspSuite GCM_128 = new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE);
    private static final EspSuite CBC_SHA256 = new EspSuite(Encr.AES_CBC, 256, Integ.HMAC_SHA2_256_128);
    private static final EspSuite CBC_SHA512 = new EspSuite(Encr.AES_CBC, 256, Integ.HMAC_SHA2_512_256);
    private static final List<DhGroup> GROUPS = List.of(DhGroup.CURVE25519, DhGroup.ECP_256);
    private final List<Decision> decisions = new ArrayList<>();

    private static IkeSuite ike(EspSuite protection, Prf prf) {
        return new IkeSuite(protection, prf);
    }

    private static EspProposals.Allowed esp(List<DhGroup> groups, boolean esn, EspSuite... suites) {
        return new EspProposals.Allowed(List.of(suites), groups, esn);
    }

    /** RFC 7296 section 3.3: a combined-mode cipher and another never share a proposal. */
    @Test
    void combinedModeStandsAlone() {
        SaPayload offer = IkeProposals.offer(
                List.of(
                        ike(GCM_256, Prf.HMAC_SHA2_256),
                        ike(GCM_128, Prf.HMAC_SHA2_256),
                        ike(CBC_SHA256, Prf.HMAC_SHA2_256)),
                GROUPS,
                Octets.EMPTY);
        assertEquals(2, offer.proposals().size());
        Proposal gcm = offer.proposals().getFirst();
        assertEquals(1, gcm.number());
        assertEquals(2, gcm.of(TransformType.ENCR.id()).size());
        assertTrue(gcm.of(TransformType.INTEG.id()).isEmpty());
        assertEquals(2, offer.proposals().get(1).number());
        assertEquals(1, offer.proposals().get(1).of(TransformType.INTEG.id()).size());
    }

    /** RFC 7634 section 5: ENCR 28 has one key length and names none. */
    @Test
    void chaChaIsOfferedWithoutAKeyLength() {
        EspSuite chaCha = new EspSuite(Encr.CHACHA20_POLY1305, 256, Integ.NONE);
        EspProposals.Allowed allowed = esp(List.of(), true, GCM_128, chaCha);
        SaPayload offer = EspProposals.offer(allowed, 0x1234);
        assertEquals(1, offer.proposals().size());
        assertEquals(
                List.of(Transform.withKeyBits(1, 20, 128), new Transform(1, 28)),
                offer.proposals().getFirst().of(TransformType.ENCR.id()));
        EspProposals.Choice choice = EspProposals.choose(offer, esp(List.of(), true, chaCha), "t", decisions)
                .orElseThrow();
        assertEquals(chaCha, choice.suite());
        assertTrue(EspProposals.accept(choice.answer(0x5678), allowed).isPresent());
        SaPayload withKeyLength = new SaPayload(List.of(new Proposal(
                1, 3, Octets.ofInt(1), List.of(Transform.withKeyBits(1, 28, 256), Transforms.esn(Esn.NO)))));
        assertTrue(EspProposals.choose(withKeyLength, esp(List.of(), true, chaCha), "t", decisions)
                .isEmpty());
    }

    /** What one proposal would combine and nobody configured stays out. */
    @Test
    void onlyConfiguredCombinationsAreOffered() {
        SaPayload offer = IkeProposals.offer(
                List.of(ike(CBC_SHA256, Prf.HMAC_SHA2_256), ike(CBC_SHA512, Prf.HMAC_SHA2_512)), GROUPS, Octets.EMPTY);
        assertEquals(2, offer.proposals().size());
        SaPayload mixed = IkeProposals.offer(List.of(ike(CBC_SHA256, Prf.HMAC_SHA2_512)), GROUPS, Octets.EMPTY);
        assertTrue(IkeProposals.accept(
                        mixed, List.of(ike(CBC_SHA256, Prf.HMAC_SHA2_256), ike(CBC_SHA512, Prf.HMAC_SHA2_512)), GROUPS)
                .isEmpty());
    }

    @Test
    void ourPreferenceDecides() {
        SaPayload offer = IkeProposals.offer(
                List.of(ike(GCM_128, Prf.HMAC_SHA2_256), ike(CBC_SHA256, Prf.HMAC_SHA2_256)),
                List.of(DhGroup.ECP_256, DhGroup.CURVE25519),
                Octets.EMPTY);
        IkeProposals.Choice choice = IkeProposals.choose(
                        offer,
                        List.of(ike(CBC_SHA256, Prf.HMAC_SHA2_256), ike(GCM_128, Prf.HMAC_SHA2_256)),
                        GROUPS,
                        "t",
                        decisions)
                .orElseThrow();
        assertEquals(CBC_SHA256, choice.suite().protection());
        assertEquals(DhGroup.CURVE25519, choice.group());
        assertEquals(2, choice.number());
        assertEquals(Decision.Verdict.ACCEPTED, decisions.getLast().verdict());
        SaPayload answer = choice.answer(Octets.ofLong(7));
        assertEquals(2, answer.proposals().getFirst().number());
        assertEquals(
                Optional.of(CBC_SHA256),
                IkeProposals.accept(answer, List.of(choice.suite()), GROUPS)
                        .map(it -> it.suite().protection()));
    }

    @Test
    void aRejectionNamesTheTypeAndBothSides() {
        SaPayload offer = IkeProposals.offer(List.of(ike(GCM_128, Prf.HMAC_SHA2_256)), GROUPS, Octets.EMPTY);
        assertTrue(IkeProposals.choose(offer, List.of(ike(GCM_256, Prf.HMAC_SHA2_256)), GROUPS, "t", decisions)
                .isEmpty());
        assertEquals("proposal 1 ENCR", decisions.getLast().criterion());
        assertEquals("ENCR_AES_GCM_16-256", decisions.getLast().expected());
        assertEquals("ENCR_AES_GCM_16-128", decisions.getLast().came());
        IkeProposals.choose(offer, List.of(ike(GCM_128, Prf.HMAC_SHA1)), GROUPS, "t", decisions);
        assertEquals("proposal 1 PRF", decisions.getLast().criterion());
        IkeProposals.choose(offer, List.of(ike(GCM_128, Prf.HMAC_SHA2_256)), List.of(DhGroup.ECP_521), "t", decisions);
        assertEquals("proposal 1 KE", decisions.getLast().criterion());
        assertEquals("ECP_521", decisions.getLast().expected());
    }

    /** RFC 7296 section 3.3.6: a proposal with a type that is not understood is passed over. */
    @Test
    void unknownTransformTypesArePassedOver() {
        Proposal good = EspProposals.offer(esp(List.of(), false, GCM_128), 0x1234)
                .proposals()
                .getFirst();
        List<Transform> more = new ArrayList<>(good.transforms());
        more.add(new Transform(77, 1));
        SaPayload offer = new SaPayload(List.of(new Proposal(1, good.protocol(), good.spi(), more)));
        assertTrue(EspProposals.choose(offer, esp(List.of(), false, GCM_128), "t", decisions)
                .isEmpty());
        SaPayload both = new SaPayload(List.of(
                new Proposal(1, good.protocol(), good.spi(), more),
                new Proposal(2, good.protocol(), good.spi(), good.transforms())));
        assertEquals(
                2,
                EspProposals.choose(both, esp(List.of(), false, GCM_128), "t", decisions)
                        .orElseThrow()
                        .number());
    }

    @Test
    void integrityNoneIsAsGoodAsAbsentForAnAead() {
        Proposal good = EspProposals.offer(esp(List.of(), false, GCM_128), 9)
                .proposals()
                .getFirst();
        List<Transform> withNone = new ArrayList<>(good.transforms());
        withNone.add(new Transform(TransformType.INTEG.id(), 0));
        SaPayload offer = new SaPayload(List.of(new Proposal(1, good.protocol(), good.spi(), withNone)));
        assertTrue(EspProposals.choose(offer, esp(List.of(), false, GCM_128), "t", decisions)
                .isPresent());
    }

    @Test
    void extendedSequenceNumbersWhenBothWantThem() {
        SaPayload both = EspProposals.offer(esp(List.of(), true, GCM_128), 9);
        SaPayload none = EspProposals.offer(esp(List.of(), false, GCM_128), 9);
        assertTrue(esn(both, true));
        assertFalse(esn(both, false));
        assertFalse(esn(none, true));
        Proposal only = both.proposals().getFirst();
        List<Transform> demanded = only.transforms().stream()
                .filter(it -> it.type() != TransformType.ESN.id() || it.id() == 1)
                .toList();
        SaPayload strict = new SaPayload(List.of(new Proposal(1, only.protocol(), only.spi(), demanded)));
        assertTrue(esn(strict, true));
        assertTrue(EspProposals.choose(strict, esp(List.of(), false, GCM_128), "t", decisions)
                .isEmpty());
    }

    private boolean esn(SaPayload offer, boolean allowed) {
        return EspProposals.choose(offer, esp(List.of(), allowed, GCM_128), "t", decisions)
                .orElseThrow()
                .extendedSequence();
    }

    @Test
    void bothSidesMustWantAKeyExchangeForTheChild() {
        SaPayload with = EspProposals.offer(esp(GROUPS, false, GCM_128), 9);
        SaPayload without = EspProposals.offer(esp(List.of(), false, GCM_128), 9);
        assertEquals(
                Optional.of(DhGroup.ECP_256),
                EspProposals.choose(with, esp(List.of(DhGroup.ECP_256), false, GCM_128), "t", decisions)
                        .orElseThrow()
                        .group());
        assertTrue(EspProposals.choose(with, esp(List.of(), false, GCM_128), "t", decisions)
                .isEmpty());
        assertEquals("proposal 1 KE", decisions.getLast().criterion());
        assertTrue(EspProposals.choose(without, esp(GROUPS, false, GCM_128), "t", decisions)
                .isEmpty());
    }

    @Test
    void anAnswerHoldsOneChoice() {
        EspProposals.Allowed allowed = esp(List.of(), true, GCM_256, GCM_128);
        assertTrue(EspProposals.accept(EspProposals.offer(allowed, 9), allowed).isEmpty());
        SaPayload answer = new EspProposals.Choice(1, 5, GCM_128, Optional.empty(), false).answer(0x2222);
        assertEquals(0x2222, EspProposals.accept(answer, allowed).orElseThrow().spi());
    }
}
