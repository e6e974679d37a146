package io.portcullis.ipsec.ike.wire;

import java.util.ArrayList;
import java.util.List;

/** RFC 7296 section 3.11. */
final class DeleteCodec {
    private DeleteCodec() {}

    static DeletePayload read(Reader in) throws MalformedMessage {
        int protocol = in.u8("protocol");
        int spiOctets = in.u8("SPI size");
        int count = in.u16("SPI count");
        if (count > Limits.DELETED_SPIS) {
            throw in.malformed("SPI count", count + " is more than " + Limits.DELETED_SPIS);
        }
        if (count > 0 && spiOctets == 0) {
            throw in.malformed("SPI size", count + " SPIs of no octets");
        }
        List<Octets> spis = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            spis.add(in.octets(spiOctets, "SPI"));
        }
        in.end();
        return new DeletePayload(protocol, spis);
    }

    static void write(DeletePayload payload, Writer out) {
        int spiOctets = payload.spis().isEmpty() ? 0 : payload.spis().getFirst().size();
        out.u8(payload.protocol()).u8(spiOctets).u16(payload.spis().size());
        payload.spis().forEach(out::octets);
    }
}
