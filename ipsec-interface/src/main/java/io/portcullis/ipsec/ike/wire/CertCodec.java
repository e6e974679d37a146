package io.portcullis.ipsec.ike.wire;

/** RFC 7296 section 3.6. */
final class CertCodec {
    private CertCodec() {}

    static CertPayload read(Reader in) throws MalformedMessage {
        int encoding = in.u8("encoding");
        return new CertPayload(encoding, in.rest());
    }

    static void write(CertPayload payload, Writer out) {
        out.u8(payload.encoding()).octets(payload.data());
    }
}
