package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * Encrypted and Authenticated, SK (RFC 7296 section 3.14).
 *
 * @param firstInner type of the first payload inside, 0 when there is none
 * @param body initialization vector, ciphertext and integrity checksum
 */
public record EncryptedPayload(int firstInner, Octets body) implements SealedPayload {
    /** Room of that many octets, to be filled where it stands in the written message. */
    public static EncryptedPayload blank(int firstInner, int bodyOctets) {
        return new EncryptedPayload(firstInner, Octets.zeros(bodyOctets));
    }

    @Override
    public int payloadType() {
        return PayloadType.SK.id();
    }
}
