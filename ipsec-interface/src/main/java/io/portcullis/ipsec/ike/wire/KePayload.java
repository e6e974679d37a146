package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * Key Exchange (RFC 7296 section 3.4).
 *
 * @param group IANA "Key Exchange Method Transform IDs", 0..65535
 * @param data the public value, never empty
 */
public record KePayload(int group, Octets data) implements Payload {
    @Override
    public int payloadType() {
        return PayloadType.KE.id();
    }
}
