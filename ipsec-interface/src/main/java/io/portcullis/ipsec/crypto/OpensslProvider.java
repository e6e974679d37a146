package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.libcrypto.LibCrypto;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;

/** OpenSSL: makes no garbage, and is there where libIPSec_MB is not, on processors of other makes for example. */
final class OpensslProvider implements CryptoProvider {
    @Override
    public String name() {
        return LibCrypto.about();
    }

    @Override
    public Optional<String> trouble() {
        return LibCrypto.trouble();
    }

    @Override
    public boolean supports(EspSuite suite) {
        return true;
    }

    @Override
    public Workspace open(SecureRandom random) {
        return new Space(random);
    }

    private static final class Space implements Workspace {
        private final IvSource ivs;

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
            return suite.encryption().isAead()
                    ? new OpensslAead(suite, keys, extended, use)
                    : new OpensslCbcHmac(suite, keys, extended, ivs, use);
        }

        @Override
        public void close() {
            // Contexts belong to the transforms.
        }
    }
}
