package io.portcullis.ipsec.ike.wire;

/** RFC 7296 section 3.12. */
final class VendorIdCodec {
    private VendorIdCodec() {}

    static VendorIdPayload read(Reader in) {
        return new VendorIdPayload(in.rest());
    }

    static void write(VendorIdPayload payload, Writer out) {
        out.octets(payload.data());
    }
}
