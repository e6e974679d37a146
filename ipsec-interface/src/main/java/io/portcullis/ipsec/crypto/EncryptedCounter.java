package io.portcullis.ipsec.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** IVs for CBC: a counter encrypted with a key of its own, so that nobody can predict the next one. */
final class EncryptedCounter implements IvSource {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Cipher block;
    private final byte[] counter = new byte[16];
    private long count;

    EncryptedCounter(SecureRandom random) throws GeneralSecurityException {
        byte[] key = new byte[16];
        random.nextBytes(key);
        block = Cipher.getInstance("AES/ECB/NoPadding", JceProvider.SUN);
        block.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public void next(byte[] iv) throws GeneralSecurityException {
        LONG.set(counter, 8, count++);
        block.update(counter, 0, counter.length, iv, 0);
    }
}
