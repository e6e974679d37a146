package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/**
 * The JDK's own SunJCE: always there. Works on heap arrays, which it is fastest with, through one scratch array for
 * all transforms of a worker.
 */
final class JceProvider implements CryptoProvider {
    static final String SUN = "SunJCE";

    // The longest text, and room for an ICV that the cipher writes behind it.
    private final byte[] scratch = new byte[65_536 + 64];
    private final SecureRandom random;

    JceProvider(SecureRandom random) {
        this.random = random;
    }

    @Override
    public String name() {
        return SUN + " " + Runtime.version().feature();
    }

    @Override
    public boolean supports(EspSuite suite) {
        return true;
    }

    @Override
    public EspTransform transform(EspSuite suite, SecretKeys keys, boolean extended, CryptoUse use) {
        CryptoProvider.checkKeys(suite, keys);
        try {
            return suite.encryption().isAead()
                    ? new JceGcm(keys, extended, scratch, use)
                    : new JceCbcHmac(suite, keys, extended, new EncryptedCounter(random), scratch, use);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("the JDK lacks " + suite, missing);
        }
    }
}
