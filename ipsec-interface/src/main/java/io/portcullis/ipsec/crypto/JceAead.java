package io.portcullis.ipsec.crypto;

import static io.portcullis.ipsec.crypto.EspBurst.HEADER;

import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/** AES-GCM with a 16-octet ICV (RFC 4106) and ChaCha20-Poly1305 (RFC 7634) by the JDK. */
final class JceAead implements EspTransform {
    private static final int IV = 8;
    private static final int ICV = 16;
    private static final int SALT = 4;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Cipher cipher;
    private final JceKey key;
    private final boolean gcm;
    private final boolean extended;
    private final byte[] scratch;
    private final CryptoUse use;
    private final byte[] nonce;
    private final byte[] additional;

    JceAead(EspSuite suite, SecretKeys keys, boolean extended, byte[] scratch, CryptoUse use)
            throws GeneralSecurityException {
        this.extended = extended;
        this.scratch = scratch;
        this.use = use;
        gcm = suite.encryption() == Encr.AES_GCM_16;
        key = new JceKey(keys.encryption(), gcm ? "AES" : "ChaCha20");
        nonce = Arrays.copyOf(keys.salt(), SALT + IV);
        additional = new byte[extended ? 12 : 8];
        cipher = Cipher.getInstance(gcm ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305", JceProvider.SUN);
    }

    @Override
    public int ivOctets() {
        return IV;
    }

    @Override
    public int icvOctets() {
        return ICV;
    }

    @Override
    public int alignment() {
        return 4;
    }

    @Override
    public void seal(EspBurst burst) {
        for (int i = 0; i < burst.size(); i++) {
            MemorySegment buffer = burst.buffer(i);
            int textAt = burst.at(i) + HEADER + IV;
            int text = burst.text(i);
            LONG.set(nonce, SALT, burst.sequence(i));
            MemorySegment.copy(nonce, SALT, buffer, ValueLayout.JAVA_BYTE, textAt - IV, IV);
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, textAt, scratch, 0, text);
            try {
                start(Cipher.ENCRYPT_MODE, burst, i);
                cipher.doFinal(scratch, 0, text, scratch, 0);
            } catch (GeneralSecurityException broken) {
                throw new IllegalStateException(cipher.getAlgorithm() + " can not encrypt", broken);
            }
            MemorySegment.copy(scratch, 0, buffer, ValueLayout.JAVA_BYTE, textAt, text + ICV);
            use.count(text);
        }
    }

    @Override
    public void open(EspBurst burst) {
        for (int i = 0; i < burst.size(); i++) {
            MemorySegment buffer = burst.buffer(i);
            int textAt = burst.at(i) + HEADER + IV;
            int text = burst.text(i);
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, textAt - IV, nonce, SALT, IV);
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, textAt, scratch, 0, text + ICV);
            try {
                start(Cipher.DECRYPT_MODE, burst, i);
                cipher.doFinal(scratch, 0, text + ICV, scratch, 0);
                MemorySegment.copy(scratch, 0, buffer, ValueLayout.JAVA_BYTE, textAt, text);
                burst.authentic(i, true);
            } catch (AEADBadTagException forged) {
                burst.authentic(i, false);
            } catch (GeneralSecurityException broken) {
                throw new IllegalStateException(cipher.getAlgorithm() + " can not decrypt", broken);
            }
            use.count(text);
        }
    }

    private void start(int mode, EspBurst burst, int index) throws GeneralSecurityException {
        MemorySegment buffer = burst.buffer(index);
        int at = burst.at(index);
        AlgorithmParameterSpec parameters = gcm ? new GCMParameterSpec(ICV * 8, nonce) : new IvParameterSpec(nonce);
        cipher.init(mode, key, parameters);
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, at, additional, 0, HEADER);
        if (extended) {
            // RFC 4106 section 5, RFC 7634 section 2.1: SPI, then all 64 bits of the sequence number.
            LONG.set(additional, 4, burst.sequence(index));
        }
        cipher.updateAAD(additional);
    }

    @Override
    public void destroy() {
        key.destroy();
        Arrays.fill(nonce, (byte) 0);
    }
}
