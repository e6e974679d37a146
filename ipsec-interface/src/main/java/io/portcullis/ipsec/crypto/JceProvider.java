package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;

/** The JDK's own SunJCE: always there, and what the others are compared with. */
final class JceProvider implements CryptoProvider {
    static final String SUN = "SunJCE";

    @Override
    public String name() {
        return SUN + " " + Runtime.version().feature();
    }

    @Override
    public Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    public boolean supports(EspSuite suite) {
        return true;
    }

    @Override
    public Workspace open(SecureRandom random) {
        return new Space(random);
    }

    /** Works on heap arrays, which SunJCE is fastest with, through one scratch array for all transforms. */
    private static final class Space implements Workspace {
        // The longest text, and room for an ICV that the cipher writes behind it.
        private final byte[] scratch = new byte[65_536 + 64];
        private final EncryptedCounter ivs;

        Space(SecureRandom random) {
            try {
                ivs = new EncryptedCounter(random);
            } catch (GeneralSecurityException missing) {
                throw new IllegalStateException("the JDK lacks AES", missing);
            }
        }

        @Override
        public EspTransform transform(EspSuite suite, SecretKeys keys, boolean extended, CryptoUse use) {
            CryptoProvider.checkKeys(suite, keys);
            try {
                return suite.encryption().isAead()
                        ? new JceAead(suite, keys, extended, scratch, use)
                        : new JceCbcHmac(suite, keys, extended, ivs, scratch, use);
            } catch (GeneralSecurityException missing) {
                throw new IllegalStateException("the JDK lacks " + suite, missing);
            }
        }

        @Override
        public void close() {
            // The collector's.
        }
    }
}
