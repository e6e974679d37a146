package io.portcullis.ipsec.crypto;

import static io.portcullis.ipsec.crypto.EspBurst.HEADER;

import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;

/** AES-CBC (RFC 3602) with a truncated HMAC (RFC 2404, RFC 4868) by the JDK: encrypt, then authenticate. */
final class JceCbcHmac implements EspTransform {
    private static final int IV = 16;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final Cipher cipher;
    private final JceKey key;
    private final JceKey macKey;
    private final Mac mac;
    private final int icv;
    private final boolean extended;
    private final IvSource ivs;
    private final byte[] scratch;
    private final CryptoUse use;
    private final byte[] iv = new byte[IV];
    private final byte[] head = new byte[HEADER];
    private final byte[] sequenceHigh = new byte[4];
    private final byte[] computed;

    JceCbcHmac(EspSuite suite, SecretKeys keys, boolean extended, IvSource ivs, byte[] scratch, CryptoUse use)
            throws GeneralSecurityException {
        this.extended = extended;
        this.ivs = ivs;
        this.scratch = scratch;
        this.use = use;
        key = new JceKey(keys.encryption(), "AES");
        cipher = Cipher.getInstance("AES/CBC/NoPadding", JceProvider.SUN);
        macKey = new JceKey(keys.integrity(), suite.integrity().jcaName());
        mac = Mac.getInstance(suite.integrity().jcaName(), JceProvider.SUN);
        mac.init(macKey);
        computed = new byte[mac.getMacLength()];
        icv = suite.integrity().icvOctets();
    }

    @Override
    public int ivOctets() {
        return IV;
    }

    @Override
    public int icvOctets() {
        return icv;
    }

    @Override
    public int alignment() {
        return IV;
    }

    @Override
    public void seal(EspBurst burst) {
        for (int i = 0; i < burst.size(); i++) {
            MemorySegment buffer = burst.buffer(i);
            int textAt = burst.at(i) + HEADER + IV;
            int text = burst.text(i);
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, textAt, scratch, 0, text);
            ivs.next(buffer, textAt - (long) IV);
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, textAt - IV, iv, 0, IV);
            try {
                cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
                cipher.doFinal(scratch, 0, text, scratch, 0);
                authenticate(burst, i, text);
            } catch (GeneralSecurityException broken) {
                throw new IllegalStateException("AES-CBC can not encrypt", broken);
            }
            MemorySegment.copy(scratch, 0, buffer, ValueLayout.JAVA_BYTE, textAt, text);
            MemorySegment.copy(computed, 0, buffer, ValueLayout.JAVA_BYTE, textAt + text, icv);
            use.count(text);
        }
    }

    @Override
    public void open(EspBurst burst) {
        for (int i = 0; i < burst.size(); i++) {
            MemorySegment buffer = burst.buffer(i);
            int textAt = burst.at(i) + HEADER + IV;
            int text = burst.text(i);
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, textAt - IV, iv, 0, IV);
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, textAt, scratch, 0, text);
            try {
                authenticate(burst, i, text);
                boolean authentic = matches(buffer, textAt + text);
                if (authentic) {
                    cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv));
                    cipher.doFinal(scratch, 0, text, scratch, 0);
                    MemorySegment.copy(scratch, 0, buffer, ValueLayout.JAVA_BYTE, textAt, text);
                }
                burst.authentic(i, authentic);
            } catch (GeneralSecurityException broken) {
                throw new IllegalStateException("AES-CBC can not decrypt", broken);
            }
            use.count(text);
        }
    }

    /** The ICV over SPI, sequence number, IV and the ciphertext in scratch (RFC 4303 section 3.3.2.1). */
    private void authenticate(EspBurst burst, int index, int text) throws GeneralSecurityException {
        MemorySegment.copy(burst.buffer(index), ValueLayout.JAVA_BYTE, burst.at(index), head, 0, HEADER);
        mac.update(head);
        mac.update(iv);
        mac.update(scratch, 0, text);
        if (extended) {
            INT.set(sequenceHigh, 0, (int) (burst.sequence(index) >>> 32));
            mac.update(sequenceHigh);
        }
        mac.doFinal(computed, 0);
    }

    /** Looks at every octet, so that the time does not tell where the first difference is. */
    private boolean matches(MemorySegment buffer, int at) {
        int difference = 0;
        for (int i = 0; i < icv; i++) {
            difference |= computed[i] ^ buffer.get(ValueLayout.JAVA_BYTE, at + i);
        }
        return difference == 0;
    }

    @Override
    public void destroy() {
        key.destroy();
        macKey.destroy();
    }
}
