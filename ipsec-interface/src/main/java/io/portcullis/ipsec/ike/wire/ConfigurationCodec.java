package io.portcullis.ipsec.ike.wire;

import java.util.ArrayList;
import java.util.List;

/** RFC 7296 section 3.15. */
final class ConfigurationCodec {
    /** The top bit of an attribute's type is reserved: sent as 0, ignored on receipt. */
    private static final int TYPE_MASK = 0x7fff;

    private ConfigurationCodec() {}

    static ConfigurationPayload read(Reader in) throws MalformedMessage {
        int type = in.u8("CFG type");
        in.u24("reserved");
        List<ConfigurationPayload.Attribute> attributes = new ArrayList<>();
        while (in.left() > 0) {
            if (attributes.size() == Limits.CONFIGURATION_ATTRIBUTES) {
                throw in.malformed("attributes", "more than " + Limits.CONFIGURATION_ATTRIBUTES);
            }
            int kind = in.u16("attribute type") & TYPE_MASK;
            int octets = in.u16("attribute length");
            attributes.add(new ConfigurationPayload.Attribute(kind, in.octets(octets, "attribute value")));
        }
        return new ConfigurationPayload(type, attributes);
    }

    static void write(ConfigurationPayload payload, Writer out) {
        out.u8(payload.type()).u24(0);
        for (ConfigurationPayload.Attribute attribute : payload.attributes()) {
            out.u16(attribute.type()).u16(attribute.value().size()).octets(attribute.value());
        }
    }
}
