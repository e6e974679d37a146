package io.portcullis.ipsec.ike.wire;

/** RFC 7296 section 3.10. */
final class NotifyCodec {
    private NotifyCodec() {}

    static NotifyPayload read(Reader in) throws MalformedMessage {
        int protocol = in.u8("protocol");
        int spiOctets = in.u8("SPI size");
        int type = in.u16("type");
        Octets spi = in.octets(spiOctets, "SPI");
        return new NotifyPayload(protocol, spi, type, in.rest());
    }

    static void write(NotifyPayload payload, Writer out) {
        out.u8(payload.protocol()).u8(payload.spi().size()).u16(payload.type());
        out.octets(payload.spi()).octets(payload.data());
    }
}
