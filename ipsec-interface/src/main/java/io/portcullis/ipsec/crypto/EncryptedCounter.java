package io.portcullis.ipsec.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * IVs for CBC: a counter encrypted with a key of its own, so that nobody can predict the next one. Encrypts many at a
 * time; for all SAs of a worker.
 */
final class EncryptedCounter implements IvSource {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int IV = 16;
    private static final int AHEAD = 64 * IV;

    private final Cipher block;
    private final byte[] counters = new byte[AHEAD];
    private final byte[] ivs = new byte[AHEAD];
    private long count;
    private int used = AHEAD;

    EncryptedCounter(SecureRandom random) throws GeneralSecurityException {
        byte[] key = new byte[16];
        random.nextBytes(key);
        block = Cipher.getInstance("AES/ECB/NoPadding", JceProvider.SUN);
        block.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public void next(MemorySegment to, long at) {
        if (used == AHEAD) {
            refill();
        }
        MemorySegment.copy(ivs, used, to, ValueLayout.JAVA_BYTE, at, IV);
        used += IV;
    }

    private void refill() {
        for (int i = 8; i < AHEAD; i += IV) {
            LONG.set(counters, i, count++);
        }
        try {
            block.update(counters, 0, AHEAD, ivs, 0);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("AES can not encrypt", broken);
        }
        used = 0;
    }
}
