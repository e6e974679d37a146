package io.portcullis.ipsec.ike.wire;

/** RFC 7296 section 3.5. */
final class IdCodec {
    private IdCodec() {}

    static IdPayload read(Reader in, boolean initiator) throws MalformedMessage {
        int type = in.u8("type");
        int reserved = in.u24("reserved");
        return new IdPayload(initiator, type, reserved, in.rest());
    }

    static void write(IdPayload payload, Writer out) {
        out.u8(payload.type()).u24(payload.reserved()).octets(payload.data());
    }
}
