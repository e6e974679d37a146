package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.security.SecureRandom;
import java.util.Optional;

/** One way to compute: a library, or the JDK. */
interface CryptoProvider {
    /** Name and version for people. */
    String name();

    /** Why it can not be used on this machine at all, if so. */
    Optional<String> trouble();

    boolean supports(EspSuite suite);

    /**
     * Opens what one worker computes with.
     *
     * @param random for keys that make IVs
     */
    Workspace open(SecureRandom random);

    /**
     * Scratch memory and whatever else the transforms of one worker share. Makes transforms on any thread; they are
     * used on one thread at a time.
     */
    interface Workspace extends AutoCloseable {
        /**
         * @param extended whether the ICV covers the upper half of 64-bit sequence numbers
         * @throws IllegalArgumentException when the keys have other lengths than the suite asks for
         */
        EspTransform transform(EspSuite suite, SecretKeys keys, boolean extended, CryptoUse use);

        /** Gives back its memory. No transform of it is used afterwards. */
        @Override
        void close();
    }

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
