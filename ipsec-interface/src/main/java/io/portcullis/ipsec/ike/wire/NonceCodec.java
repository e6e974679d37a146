package io.portcullis.ipsec.ike.wire;

/** RFC 7296 section 3.9. */
final class NonceCodec {
    private static final int FEWEST = 16;
    private static final int MOST = 256;

    private NonceCodec() {}

    static NoncePayload read(Reader in) throws MalformedMessage {
        if (in.left() < FEWEST || in.left() > MOST) {
            throw in.malformed("data", in.left() + " octets are not " + FEWEST + ".." + MOST);
        }
        return new NoncePayload(in.rest());
    }

    static void write(NoncePayload payload, Writer out) {
        out.octets(payload.data());
    }
}
