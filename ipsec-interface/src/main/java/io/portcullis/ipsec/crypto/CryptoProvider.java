package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;

/** One way to compute. */
interface CryptoProvider {
    /** Name and version for people. */
    String name();

    boolean supports(EspSuite suite);

    /**
     * @param extended whether the ICV covers the upper half of 64-bit sequence numbers
     * @throws IllegalArgumentException when the keys have other lengths than the suite asks for
     */
    EspTransform transform(EspSuite suite, SecretKeys keys, boolean extended, CryptoUse use);

    /** Refuses keys of the wrong length, naming lengths only. */
    static void checkKeys(EspSuite suite, SecretKeys keys) {
        check(suite, "an encryption key", suite.keyBits() / 8, keys.encryption().length);
        check(suite, "a salt", suite.encryption().saltOctets(), keys.salt().length);
        check(suite, "an integrity key", suite.integrity().keyOctets(), keys.integrity().length);
    }

    private static void check(EspSuite suite, String what, int wanted, int given) {
        if (wanted != given) {
            throw new IllegalArgumentException(suite + " needs " + what + " of " + wanted + " octets, not " + given);
        }
    }
}
