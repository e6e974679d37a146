package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** libIPSec_MB: several packets of a burst at a time, with the widest instructions that the processor has. */
final class IpsecMbProvider implements CryptoProvider {
    private final CpuFeatures cpu;

    IpsecMbProvider(CpuFeatures cpu) {
        this.cpu = cpu;
    }

    @Override
    public String name() {
        return IpsecMb.about();
    }

    @Override
    public Optional<String> trouble() {
        return IpsecMb.trouble()
                .or(() -> cpu.hasAes() ? Optional.empty() : Optional.of("needs a processor with AES instructions"));
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
        private final SecureRandom random;
        private @Nullable IpsecMbJobs jobs;

        Space(SecureRandom random) {
            this.random = random;
        }

        @Override
        public EspTransform transform(EspSuite suite, SecretKeys keys, boolean extended, CryptoUse use) {
            CryptoProvider.checkKeys(suite, keys);
            return switch (suite.encryption()) {
                case AES_GCM_16 -> new IpsecMbGcm(keys, extended, use);
                case AES_CBC -> new IpsecMbCbcHmac(suite, keys, extended, jobs(), use);
                case CHACHA20_POLY1305 -> new IpsecMbChaCha(keys, extended, jobs(), use);
            };
        }

        // GCM alone, the usual case, needs none of it.
        private synchronized IpsecMbJobs jobs() {
            if (jobs == null) {
                try {
                    jobs = new IpsecMbJobs(new EncryptedCounter(random));
                } catch (GeneralSecurityException missing) {
                    throw new IllegalStateException("the JDK lacks AES", missing);
                }
            }
            return jobs;
        }

        @Override
        public synchronized void close() {
            if (jobs != null) {
                jobs.close();
                jobs = null;
            }
        }
    }
}
