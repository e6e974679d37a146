package io.portcullis.ipsec.snoop;

import io.portcullis.ipsec.ike.iana.DhGroup;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Esn;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.ike.iana.Prf;
import io.portcullis.ipsec.ike.iana.ProtocolId;
import io.portcullis.ipsec.ike.iana.TransformType;
import io.portcullis.ipsec.ike.wire.Proposal;
import io.portcullis.ipsec.ike.wire.SaPayload;
import io.portcullis.ipsec.ike.wire.Transform;
import java.util.List;
import java.util.Optional;

/** The proposals of a security association. */
final class ProposalListing {
    private ProposalListing() {}

    static void list(SaPayload payload, Listing out) {
        List<Proposal> proposals = payload.proposals();
        for (int i = 0; i < proposals.size(); i++) {
            Proposal proposal = proposals.get(i);
            out.title("Proposal " + (i + 1) + "/" + proposals.size());
            out.within(() -> list(proposal, out));
        }
    }

    private static void list(Proposal proposal, Listing out) {
        out.field("Proposal number", proposal.number());
        out.field("Protocol ID", ProtocolId.nameOf(proposal.protocol()));
        out.field("SPI Size", proposal.spi().size());
        if (!proposal.spi().isEmpty()) {
            out.field("SPI Value", "0x" + proposal.spi());
        }
        List<Transform> transforms = proposal.transforms();
        for (int i = 0; i < transforms.size(); i++) {
            Transform transform = transforms.get(i);
            out.title("Transform " + (i + 1) + "/" + transforms.size());
            out.within(() -> list(transform, out));
        }
    }

    private static void list(Transform transform, Listing out) {
        int id = transform.id();
        Optional<TransformType> type = TransformType.of(transform.type());
        if (type.isEmpty()) {
            out.field(TransformType.nameOf(transform.type()), id);
        } else {
            switch (type.get()) {
                case ENCR -> out.field("Encryption algorithm", Encr.nameOf(id));
                case PRF -> out.field("Pseudorandom function", Prf.nameOf(id));
                case INTEG -> out.field("Integrity algorithm", Integ.nameOf(id));
                case KE -> out.field("Group description", DhGroup.nameOf(id));
                case ADDKE_1, ADDKE_2, ADDKE_3, ADDKE_4, ADDKE_5, ADDKE_6, ADDKE_7 ->
                    out.field(type.get().wireName(), DhGroup.nameOf(id));
                case ESN -> out.field("Extended sequence numbers", esn(id));
                case KWA, GCAUTH -> out.field(type.get().wireName(), id);
            }
        }
        transform.keyBits().ifPresent(bits -> out.field("Key length", bits));
        if (transform.hasUnknownAttribute()) {
            out.field("Other attributes", "not understood");
        }
    }

    private static String esn(int id) {
        if (id == Esn.NO.id()) {
            return "No";
        }
        return id == Esn.YES.id() ? "Yes" : Esn.nameOf(id);
    }
}
