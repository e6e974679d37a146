package io.portcullis.ipsec.ike.proposal;

import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Esn;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.ike.iana.TransformType;
import io.portcullis.ipsec.ike.wire.Proposal;
import io.portcullis.ipsec.ike.wire.Transform;
import io.portcullis.ipsec.sa.EspSuite;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Single transforms of proposals (RFC 7296 section 3.3.2): made, looked for, printed. */
final class Transforms {
    /** "NONE" in the registries of integrity algorithms and key exchange methods. */
    static final int NONE = 0;

    private Transforms() {}

    static Transform encr(EspSuite suite) {
        int id = suite.encryption().id();
        return suite.encryption().namesKeyLength()
                ? Transform.withKeyBits(TransformType.ENCR.id(), id, suite.keyBits())
                : new Transform(TransformType.ENCR.id(), id);
    }

    static Transform integ(Integ integ) {
        return new Transform(TransformType.INTEG.id(), integ.id());
    }

    static Transform prf(Prf prf) {
        return new Transform(TransformType.PRF.id(), prf.id());
    }

    static Transform group(DhGroup group) {
        return new Transform(TransformType.KE.id(), group.id());
    }

    static Transform esn(Esn esn) {
        return new Transform(TransformType.ESN.id(), esn.id());
    }

    /** Whether the proposal holds the suite's cipher and integrity algorithm. */
    static boolean protects(Proposal proposal, EspSuite suite) {
        return hasCipher(proposal, suite) && hasIntegrity(proposal, suite);
    }

    static boolean hasCipher(Proposal proposal, EspSuite suite) {
        return proposal.of(TransformType.ENCR.id()).contains(encr(suite));
    }

    /** With an AEAD the type is absent or offers NONE (RFC 7296 section 3.3.3). */
    static boolean hasIntegrity(Proposal proposal, EspSuite suite) {
        return suite.integrity() == Integ.NONE
                ? absentOrNone(proposal, TransformType.INTEG)
                : has(proposal, integ(suite.integrity()));
    }

    static boolean has(Proposal proposal, Transform transform) {
        return proposal.of(transform.type()).contains(transform);
    }

    static boolean absentOrNone(Proposal proposal, TransformType type) {
        List<Transform> transforms = proposal.of(type.id());
        return transforms.isEmpty() || transforms.stream().anyMatch(t -> t.id() == NONE);
    }

    /** Whether all types are among those, else the proposal must be passed over (RFC 7296 section 3.3.6). */
    static boolean onlyTypes(Proposal proposal, TransformType... known) {
        List<Integer> ids = List.of(known).stream().map(TransformType::id).toList();
        return proposal.transforms().stream().allMatch(t -> ids.contains(t.type()));
    }

    /** Whether no type stands twice, as an answer demands. */
    static boolean oneEach(Proposal proposal) {
        return proposal.transforms().stream().map(Transform::type).distinct().count()
                == proposal.transforms().size();
    }

    /** The first of our groups that the proposal offers. */
    static Optional<DhGroup> firstGroup(Proposal proposal, List<DhGroup> ours) {
        return ours.stream().filter(group -> has(proposal, group(group))).findFirst();
    }

    /** {@code ENCR_AES_CBC-256, ENCR_AES_GCM_16-128}; {@code none} when the type is absent. */
    static String names(Proposal proposal, TransformType type) {
        String names = proposal.of(type.id()).stream()
                .map(transform -> name(type, transform))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    private static String name(TransformType type, Transform transform) {
        String bits =
                transform.keyBits().isPresent() ? "-" + transform.keyBits().getAsInt() : "";
        String name = switch (type) {
            case ENCR -> Encr.nameOf(transform.id());
            case PRF -> Prf.nameOf(transform.id());
            case INTEG -> Integ.nameOf(transform.id());
            case KE -> DhGroup.nameOf(transform.id());
            case ESN -> Esn.nameOf(transform.id());
            case ADDKE_1, ADDKE_2, ADDKE_3, ADDKE_4, ADDKE_5, ADDKE_6, ADDKE_7, KWA, GCAUTH ->
                type.wireName() + "(" + transform.id() + ")";
        };
        return name + bits;
    }
}
