package io.portcullis.ipsec.ike.wire;

/** RFC 7296 section 3.4. */
final class KeCodec {
    private KeCodec() {}

    static KePayload read(Reader in) throws MalformedMessage {
        int group = in.u16("group");
        in.u16("reserved");
        if (in.left() == 0) {
            throw in.malformed("data", "no key exchange data");
        }
        return new KePayload(group, in.rest());
    }

    static void write(KePayload payload, Writer out) {
        out.u16(payload.group()).u16(0).octets(payload.data());
    }
}
