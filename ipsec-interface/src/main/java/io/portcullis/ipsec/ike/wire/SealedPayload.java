package io.portcullis.ipsec.ike.wire;

/** A payload whose content only the holder of the keys can read; always the last of its message. */
public sealed interface SealedPayload extends Payload permits EncryptedPayload, EncryptedFragmentPayload {
    /** Type of the first payload inside, 0 when there is none. */
    int firstInner();

    /** Initialization vector, ciphertext and integrity checksum as they are on the wire. */
    Octets body();
}
