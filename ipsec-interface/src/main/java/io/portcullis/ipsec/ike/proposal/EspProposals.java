package io.portcullis.ipsec.ike.proposal;

import io.portcullis.ipsec.decision.Decision;
import io.portcullis.ipsec.decision.Decision.Stage;
import io.portcullis.ipsec.decision.Decision.Verdict;
import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Esn;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.ProtocolId;
import io.portcullis.ipsec.ike.iana.TransformType;
import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.ike.wire.Proposal;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.ike.wire.Transform;
import io.portcullis.ipsec.sa.EspSuite;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Algorithms of a pair of ESP SAs as SA payloads (RFC 7296 sections 2.7 and 3.3). */
public final class EspProposals {
    private static final int SPI_OCTETS = 4;

    private EspProposals() {}

    /**
     * What one side allows.
     *
     * @param suites in order of preference
     * @param groups for a key exchange of its own, in order of preference; empty: none
     * @param extendedSequence whether 64-bit sequence numbers are allowed beside 32-bit ones
     */
    public record Allowed(List<EspSuite> suites, List<DhGroup> groups, boolean extendedSequence) {
        /** The same without a key exchange of its own, as in IKE_AUTH. */
        public Allowed withoutGroups() {
            return new Allowed(suites, List.of(), extendedSequence);
        }
    }

    /**
     * What two sides agreed on.
     *
     * @param number of the proposal in the offer
     * @param spi the peer's inbound SPI
     * @param group empty without a key exchange of its own
     */
    public record Choice(int number, int spi, EspSuite suite, Optional<DhGroup> group, boolean extendedSequence) {
        /** The one proposal that an answer holds. */
        public SaPayload answer(int ownSpi) {
            List<Transform> transforms = new ArrayList<>(protection(List.of(suite)));
            group.ifPresent(chosen -> transforms.add(Transforms.group(chosen)));
            transforms.add(Transforms.esn(extendedSequence ? Esn.YES : Esn.NO));
            return new SaPayload(List.of(new Proposal(number, ProtocolId.ESP.id(), Octets.ofInt(ownSpi), transforms)));
        }
    }

    /** What we offer: combined-mode ciphers and others never stand in one proposal (RFC 7296 section 3.3). */
    public static SaPayload offer(Allowed allowed, int ownSpi) {
        List<Proposal> proposals = new ArrayList<>();
        for (List<EspSuite> joined : join(allowed.suites())) {
            List<Transform> transforms = new ArrayList<>(protection(joined));
            allowed.groups().forEach(group -> transforms.add(Transforms.group(group)));
            if (allowed.extendedSequence()) {
                transforms.add(Transforms.esn(Esn.YES));
            }
            transforms.add(Transforms.esn(Esn.NO));
            proposals.add(new Proposal(proposals.size() + 1, ProtocolId.ESP.id(), Octets.ofInt(ownSpi), transforms));
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
            SaPayload offered, Allowed allowed, String candidate, List<Decision> decisions) {
        for (EspSuite suite : allowed.suites()) {
            for (Proposal proposal : offered.proposals()) {
                if (understood(proposal)
                        && Transforms.protects(proposal, suite)
                        && groupFits(proposal, allowed)
                        && esnFits(proposal, allowed)) {
                    Choice choice = new Choice(
                            proposal.number(),
                            proposal.spi().toInt(),
                            suite,
                            Transforms.firstGroup(proposal, allowed.groups()),
                            allowed.extendedSequence() && Transforms.has(proposal, Transforms.esn(Esn.YES)));
                    decisions.add(new Decision(
                            Stage.IPSEC_PROPOSAL,
                            candidate,
                            "proposal " + proposal.number(),
                            suite.toString(),
                            suite.toString(),
                            Verdict.ACCEPTED));
                    return Optional.of(choice);
                }
            }
        }
        offered.proposals().forEach(proposal -> decisions.add(why(proposal, allowed, candidate)));
        return Optional.empty();
    }

    /** Judges the answer to our offer: one proposal, one transform of a type, and nothing that we did not offer. */
    public static Optional<Choice> accept(SaPayload answer, Allowed allowed) {
        if (answer.proposals().size() != 1
                || !Transforms.oneEach(answer.proposals().getFirst())) {
            return Optional.empty();
        }
        return choose(answer, allowed, "answer", new ArrayList<>());
    }

    private static boolean understood(Proposal proposal) {
        return proposal.protocol() == ProtocolId.ESP.id()
                && proposal.spi().size() == SPI_OCTETS
                && Transforms.onlyTypes(
                        proposal, TransformType.ENCR, TransformType.INTEG, TransformType.KE, TransformType.ESN);
    }

    private static boolean groupFits(Proposal proposal, Allowed allowed) {
        return allowed.groups().isEmpty()
                ? Transforms.absentOrNone(proposal, TransformType.KE)
                : Transforms.firstGroup(proposal, allowed.groups()).isPresent();
    }

    private static boolean esnFits(Proposal proposal, Allowed allowed) {
        return proposal.of(TransformType.ESN.id()).isEmpty()
                || Transforms.has(proposal, Transforms.esn(Esn.NO))
                || (allowed.extendedSequence() && Transforms.has(proposal, Transforms.esn(Esn.YES)));
    }

    private static Decision why(Proposal proposal, Allowed allowed, String candidate) {
        List<Transform> ours = new ArrayList<>(protection(allowed.suites()));
        allowed.groups().forEach(group -> ours.add(Transforms.group(group)));
        ours.add(Transforms.esn(Esn.NO));
        TransformType type;
        if (allowed.suites().stream().noneMatch(suite -> Transforms.hasCipher(proposal, suite))) {
            type = TransformType.ENCR;
        } else if (allowed.suites().stream().noneMatch(suite -> Transforms.protects(proposal, suite))) {
            type = TransformType.INTEG;
        } else {
            type = groupFits(proposal, allowed) ? TransformType.ESN : TransformType.KE;
        }
        return new Decision(
                Stage.IPSEC_PROPOSAL,
                candidate,
                "proposal " + proposal.number() + " " + type,
                Transforms.names(new Proposal(0, 0, Octets.EMPTY, ours), type),
                Transforms.names(proposal, type),
                Verdict.REJECTED);
    }

    private static List<List<EspSuite>> join(List<EspSuite> suites) {
        List<List<EspSuite>> joined = new ArrayList<>();
        boolean preferred = !suites.isEmpty() && suites.getFirst().encryption().isAead();
        for (boolean aead : new boolean[] {preferred, !preferred}) {
            List<EspSuite> kind = suites.stream()
                    .distinct()
                    .filter(suite -> suite.encryption().isAead() == aead)
                    .toList();
            long ciphers = kind.stream().map(Transforms::encr).distinct().count();
            long integrity = kind.stream().map(EspSuite::integrity).distinct().count();
            if (ciphers * integrity == kind.size() && !kind.isEmpty()) {
                joined.add(kind);
            } else {
                kind.forEach(suite -> joined.add(List.of(suite)));
            }
        }
        return joined;
    }

    private static List<Transform> protection(List<EspSuite> suites) {
        Set<Transform> transforms = new LinkedHashSet<>();
        suites.forEach(suite -> transforms.add(Transforms.encr(suite)));
        suites.stream()
                .filter(suite -> suite.integrity() != Integ.NONE)
                .forEach(suite -> transforms.add(Transforms.integ(suite.integrity())));
        return List.copyOf(transforms);
    }
}
