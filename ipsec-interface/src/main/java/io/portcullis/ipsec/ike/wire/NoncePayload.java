package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * Nonce (RFC 7296 section 3.9).
 *
 * @param data 16..256 octets
 */
public record NoncePayload(Octets data) implements Payload {
    @Override
    public int payloadType() {
        return PayloadType.NONCE.id();
    }
}
