package io.portcullis.ipsec.ike.wire;

/** RFC 7296 section 3.7. */
final class CertReqCodec {
    private CertReqCodec() {}

    static CertReqPayload read(Reader in) throws MalformedMessage {
        int encoding = in.u8("encoding");
        return new CertReqPayload(encoding, in.rest());
    }

    static void write(CertReqPayload payload, Writer out) {
        out.u8(payload.encoding()).octets(payload.authority());
    }
}
