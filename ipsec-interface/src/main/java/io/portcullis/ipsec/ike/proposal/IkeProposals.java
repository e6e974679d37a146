package io.portcullis.ipsec.ike.proposal;

import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.decision.Decision.Stage;
import io.portcullis.ipsec.decision.Decision.Verdict;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.ProtocolId;
import io.portcullis.ipsec.ike.iana.TransformType;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Proposal;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.ike.wire.Transform;
import io.portcullis.ipsec.tunnel.TunnelDefinition.IkeSuite;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Algorithms of an IKE SA as SA payloads (RFC 7296 sections 2.7 and 3.3). */
public final class IkeProposals {
    private IkeProposals() {}

    /**
     * What two sides agreed on.
     *
     * @param number of the proposal in the offer
     * @param spi the peer's SPI when an IKE SA is rekeyed, else empty
     */
    public record Choice(int number, Octets spi, IkeSuite suite, DhGroup group) {
        /** The one proposal that an answer holds. */
        public SaPayload answer(Octets ownSpi) {
            return new SaPayload(List.of(
                    new Proposal(number, ProtocolId.IKE.id(), ownSpi, transforms(List.of(suite), List.of(group)))));
        }
    }

    /**
     * What we offer: combined-mode ciphers and others never stand in one proposal (RFC 7296 section 3.3).
     *
     * @param spi empty in IKE_SA_INIT, our new SPI in a rekey
     */
    public static SaPayload offer(List<IkeSuite> suites, List<DhGroup> groups, Octets spi) {
        List<Proposal> proposals = new ArrayList<>();
        for (List<IkeSuite> joined : join(suites)) {
            proposals.add(new Proposal(proposals.size() + 1, ProtocolId.IKE.id(), spi, transforms(joined, groups)));
        }
        return new SaPayload(proposals);
    }

    /**
     * Chooses by our order of preference.
     *
     * @param candidate whose suites these are, for the decisions
     * @param decisions takes one decision for the choice, or one for each proposal passed over
     */
    public static Optional<Choice> choose(
            SaPayload offered,
            List<IkeSuite> suites,
            List<DhGroup> groups,
            String candidate,
            List<Decision> decisions) {
        for (IkeSuite suite : suites) {
            for (Proposal proposal : offered.proposals()) {
                Optional<DhGroup> group = Transforms.firstGroup(proposal, groups);
                if (understood(proposal) && matches(proposal, suite) && group.isPresent()) {
                    Choice choice = new Choice(proposal.number(), proposal.spi(), suite, group.get());
                    decisions.add(new Decision(
                            Stage.IKE_PROPOSAL,
                            candidate,
                            "proposal " + proposal.number(),
                            describe(suite, group.get()),
                            describe(suite, group.get()),
                            Verdict.ACCEPTED));
                    return Optional.of(choice);
                }
            }
        }
        offered.proposals().forEach(proposal -> decisions.add(why(proposal, suites, groups, candidate)));
        return Optional.empty();
    }

    /** Judges the answer to our offer: one proposal, one transform of a type, and nothing that we did not offer. */
    public static Optional<Choice> accept(SaPayload answer, List<IkeSuite> suites, List<DhGroup> groups) {
        if (answer.proposals().size() != 1
                || !Transforms.oneEach(answer.proposals().getFirst())) {
            return Optional.empty();
        }
        return choose(answer, suites, groups, "answer", new ArrayList<>());
    }

    /** {@code aes-gcm-128, PRF_HMAC_SHA2_256, CURVE25519}. */
    public static String describe(IkeSuite suite, DhGroup group) {
        return suite.protection() + ", " + suite.prf().wireName() + ", " + group.wireName();
    }

    private static boolean understood(Proposal proposal) {
        return proposal.protocol() == ProtocolId.IKE.id()
                && Transforms.onlyTypes(
                        proposal, TransformType.ENCR, TransformType.PRF, TransformType.INTEG, TransformType.KE);
    }

    private static boolean matches(Proposal proposal, IkeSuite suite) {
        return Transforms.protects(proposal, suite.protection())
                && Transforms.has(proposal, Transforms.prf(suite.prf()));
    }

    private static Decision why(Proposal proposal, List<IkeSuite> suites, List<DhGroup> groups, String candidate) {
        Proposal ours = new Proposal(0, ProtocolId.IKE.id(), Octets.EMPTY, transforms(suites, groups));
        TransformType type;
        if (suites.stream().noneMatch(suite -> Transforms.hasCipher(proposal, suite.protection()))) {
            type = TransformType.ENCR;
        } else if (suites.stream().noneMatch(suite -> Transforms.protects(proposal, suite.protection()))) {
            type = TransformType.INTEG;
        } else if (suites.stream().noneMatch(suite -> Transforms.has(proposal, Transforms.prf(suite.prf())))) {
            type = TransformType.PRF;
        } else {
            type = TransformType.KE;
        }
        return new Decision(
                Stage.IKE_PROPOSAL,
                candidate,
                "proposal " + proposal.number() + " " + type,
                Transforms.names(ours, type),
                Transforms.names(proposal, type),
                Verdict.REJECTED);
    }

    /** Suites that may share a proposal because they are all combinations of its transforms. */
    private static List<List<IkeSuite>> join(List<IkeSuite> suites) {
        List<List<IkeSuite>> joined = new ArrayList<>();
        boolean preferred =
                !suites.isEmpty() && suites.getFirst().protection().encryption().isAead();
        for (boolean aead : new boolean[] {preferred, !preferred}) {
            List<IkeSuite> kind = suites.stream()
                    .distinct()
                    .filter(suite -> suite.protection().encryption().isAead() == aead)
                    .toList();
            if (kind.isEmpty()) {
                continue;
            }
            Proposal all = new Proposal(0, 0, Octets.EMPTY, transforms(kind, List.of()));
            int combinations = count(all, TransformType.ENCR)
                    * count(all, TransformType.PRF)
                    * Math.max(1, count(all, TransformType.INTEG));
            if (combinations == kind.size()) {
                joined.add(kind);
            } else {
                kind.forEach(suite -> joined.add(List.of(suite)));
            }
        }
        return joined;
    }

    private static int count(Proposal proposal, TransformType type) {
        return proposal.of(type.id()).size();
    }

    private static List<Transform> transforms(List<IkeSuite> suites, List<DhGroup> groups) {
        Set<Transform> transforms = new LinkedHashSet<>();
        suites.forEach(suite -> transforms.add(Transforms.encr(suite.protection())));
        suites.stream()
                .filter(suite -> suite.protection().integrity() != Integ.NONE)
                .forEach(suite ->
                        transforms.add(Transforms.integ(suite.protection().integrity())));
        suites.forEach(suite -> transforms.add(Transforms.prf(suite.prf())));
        groups.forEach(group -> transforms.add(Transforms.group(group)));
        return List.copyOf(transforms);
    }
}
