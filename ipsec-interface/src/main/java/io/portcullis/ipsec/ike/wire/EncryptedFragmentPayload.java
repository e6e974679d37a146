package io.portcullis.ipsec.ike.wire;

import io.portcullis.ipsec.ike.iana.PayloadType;

/**
 * Encrypted and Authenticated Fragment, SKF (RFC 7383 section 2.5).
 *
 * @param firstInner type of the first payload of the whole message in the first fragment, else 0
 * @param number 1..{@code total}
 * @param total fragments of the message, 1..65535
 * @param body initialization vector, ciphertext and integrity checksum of this fragment
 */
public record EncryptedFragmentPayload(int firstInner, int number, int total, Octets body) implements SealedPayload {
    @Override
    public int payloadType() {
        return PayloadType.SKF.id();
    }
}
