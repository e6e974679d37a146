package io.portcullis.ipsec.ike.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * RFC 7296 section 3.3. A proposal and a transform each begin with an octet that says whether another follows, and
 * repeat that in a count or a length: where the two disagree, the payload is malformed.
 */
final class SaCodec {
    private static final int LAST = 0;
    private static final int MORE_PROPOSALS = 2;
    private static final int MORE_TRANSFORMS = 3;
    private static final int FIXED_FORM = 0x8000;

    private SaCodec() {}

    static SaPayload read(Reader in) throws MalformedMessage {
        List<Proposal> proposals = new ArrayList<>();
        boolean more = true;
        while (more) {
            if (proposals.size() == Limits.PROPOSALS) {
                throw in.malformed("proposals", "more than " + Limits.PROPOSALS);
            }
            more = more(in, MORE_PROPOSALS, "proposal");
            in.u8("proposal reserved");
            int length = in.u16("proposal length");
            proposals.add(readProposal(in.slice(length - 4, "proposal length", "SA proposal")));
        }
        in.end();
        return new SaPayload(proposals);
    }

    private static Proposal readProposal(Reader in) throws MalformedMessage {
        int number = in.u8("number");
        int protocol = in.u8("protocol");
        int spiOctets = in.u8("SPI size");
        int count = in.u8("transform count");
        if (count > Limits.TRANSFORMS) {
            throw in.malformed("transform count", count + " is more than " + Limits.TRANSFORMS);
        }
        Octets spi = in.octets(spiOctets, "SPI");
        List<Transform> transforms = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            boolean more = more(in, MORE_TRANSFORMS, "transform");
            if (more != i < count) {
                throw in.malformed("transform last", "transform " + i + " of " + count + " says otherwise");
            }
            in.u8("transform reserved");
            int length = in.u16("transform length");
            transforms.add(readTransform(in.slice(length - 4, "transform length", "SA transform")));
        }
        in.end();
        return new Proposal(number, protocol, spi, transforms);
    }

    private static Transform readTransform(Reader in) throws MalformedMessage {
        int type = in.u8("type");
        in.u8("reserved");
        int id = in.u16("ID");
        List<TransformAttribute> attributes = new ArrayList<>();
        while (in.left() > 0) {
            if (attributes.size() == Limits.TRANSFORM_ATTRIBUTES) {
                throw in.malformed("attributes", "more than " + Limits.TRANSFORM_ATTRIBUTES);
            }
            int kind = in.u16("attribute type");
            boolean fixed = (kind & FIXED_FORM) != 0;
            int octets = fixed ? 2 : in.u16("attribute length");
            attributes.add(new TransformAttribute(kind & ~FIXED_FORM, fixed, in.octets(octets, "attribute value")));
        }
        return new Transform(type, id, attributes);
    }

    private static boolean more(Reader in, int moreMark, String what) throws MalformedMessage {
        int mark = in.u8(what + " last");
        if (mark != LAST && mark != moreMark) {
            throw in.malformed(what + " last", mark + " is neither " + LAST + " nor " + moreMark);
        }
        return mark == moreMark;
    }

    static void write(SaPayload payload, Writer out) {
        List<Proposal> proposals = payload.proposals();
        for (int i = 0; i < proposals.size(); i++) {
            Proposal proposal = proposals.get(i);
            int from = out.size();
            out.u8(i + 1 < proposals.size() ? MORE_PROPOSALS : LAST).u8(0).u16(0);
            out.u8(proposal.number()).u8(proposal.protocol());
            out.u8(proposal.spi().size()).u8(proposal.transforms().size()).octets(proposal.spi());
            writeTransforms(proposal.transforms(), out);
            out.lengthAt(from + 2, from);
        }
    }

    private static void writeTransforms(List<Transform> transforms, Writer out) {
        for (int i = 0; i < transforms.size(); i++) {
            Transform transform = transforms.get(i);
            int from = out.size();
            out.u8(i + 1 < transforms.size() ? MORE_TRANSFORMS : LAST).u8(0).u16(0);
            out.u8(transform.type()).u8(0).u16(transform.id());
            for (TransformAttribute attribute : transform.attributes()) {
                if (attribute.fixed()) {
                    out.u16(attribute.type() | FIXED_FORM);
                } else {
                    out.u16(attribute.type()).u16(attribute.value().size());
                }
                out.octets(attribute.value());
            }
            out.lengthAt(from + 2, from);
        }
    }
}
