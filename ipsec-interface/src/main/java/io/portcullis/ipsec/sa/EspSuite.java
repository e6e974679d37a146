package io.portcullis.ipsec.sa;

import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;

/**
 * The algorithms of an SA.
 *
 * @param encryption cipher
 * @param keyBits cipher key length in bits, without an AEAD's salt
 * @param integrity authentication, {@link Integ#NONE} with an AEAD
 */
public record EspSuite(Encr encryption, int keyBits, Integ integrity) {
    /** {@code aes-gcm-128}, {@code chacha20-poly1305} or {@code aes-cbc-256/hmac-sha2-256-128}. */
    @Override
    public String toString() {
        String cipher = encryption.namesKeyLength() ? encryption.label() + "-" + keyBits : encryption.label();
        return integrity == Integ.NONE ? cipher : cipher + "/" + integrity.label();
    }
}
