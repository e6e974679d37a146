package io.portcullis.ipsec.ike.wire;

/** RFC 7296 section 3.8. */
final class AuthCodec {
    private AuthCodec() {}

    static AuthPayload read(Reader in) throws MalformedMessage {
        int method = in.u8("method");
        in.u24("reserved");
        return new AuthPayload(method, in.rest());
    }

    static void write(AuthPayload payload, Writer out) {
        out.u8(payload.method()).u24(0).octets(payload.data());
    }
}
