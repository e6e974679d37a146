package io.portcullis.ipsec.ike.wire;

/** RFC 7296 section 3.16: one EAP packet, whose own header (RFC 3748 section 4) repeats the length. */
final class EapCodec {
    private static final int EAP_HEADER = 4;

    private EapCodec() {}

    static EapPayload read(Reader in) throws MalformedMessage {
        if (in.left() < EAP_HEADER) {
            throw in.malformed("message", in.left() + " octets are less than " + EAP_HEADER);
        }
        Octets message = in.rest();
        int length = message.at(2) << 8 | message.at(3);
        if (length != message.size()) {
            throw in.malformed("length", length + " is not " + message.size());
        }
        return new EapPayload(message);
    }

    static void write(EapPayload payload, Writer out) {
        out.octets(payload.message());
    }
}
