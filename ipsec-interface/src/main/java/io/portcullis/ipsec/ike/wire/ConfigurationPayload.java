package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;
import java.util.List;

/**
 * Configuration (RFC 7296 section 3.15).
 *
 * @param type IANA "IKEv2 Configuration Payload CFG Types", 0..255
 * @param attributes in the order of the wire
 */
public record ConfigurationPayload(int type, List<Attribute> attributes) implements Payload {
    public ConfigurationPayload {
        attributes = List.copyOf(attributes);
    }

    /**
     * One configuration attribute (RFC 7296 section 3.15.1).
     *
     * @param type IANA "IKEv2 Configuration Payload Attribute Types", 0..32767
     * @param value empty where it is asked for
     */
    public record Attribute(int type, Octets value) {}

    @Override
    public int payloadType() {
        return PayloadType.CP.id();
    }
}
