package io.portcullis.ipsec.ike.wire;

/** RFC 7296 section 3.14, and RFC 7383 section 2.5 for fragments. What is inside needs the keys. */
final class EncryptedCodec {
    private EncryptedCodec() {}

    static EncryptedPayload read(Reader in, int firstInner) {
        return new EncryptedPayload(firstInner, in.rest());
    }

    static void write(EncryptedPayload payload, Writer out) {
        out.octets(payload.body());
    }

    static EncryptedFragmentPayload readFragment(Reader in, int firstInner) throws MalformedMessage {
        int number = in.u16("fragment number");
        int total = in.u16("total fragments");
        if (number == 0 || number > total) {
            throw in.malformed("fragment number", number + " is not 1.." + total);
        }
        return new EncryptedFragmentPayload(firstInner, number, total, in.rest());
    }

    static void writeFragment(EncryptedFragmentPayload payload, Writer out) {
        out.u16(payload.number()).u16(payload.total()).octets(payload.body());
    }
}
