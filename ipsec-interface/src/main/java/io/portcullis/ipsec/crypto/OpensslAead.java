package io.portcullis.ipsec.crypto;

import static io.portcullis.ipsec.crypto.EspBurst.HEADER;

import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.libcrypto.Evp;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.Arrays;

/** AES-GCM with a 16-octet ICV (RFC 4106) and ChaCha20-Poly1305 (RFC 7634) by OpenSSL. */
final class OpensslAead implements EspTransform {
    private static final int IV = 8;
    private static final int ICV = 16;
    private static final int SALT = 4;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    // Salt and IV, additional data, how much was written.
    private static final long ADDITIONAL_AT = 16;
    private static final long WRITTEN_AT = 32;
    private static final long OCTETS = 40;

    private final KeyMemory memory = new KeyMemory(OCTETS);
    private final boolean extended;
    private final CryptoUse use;
    private long sealing;
    private long opening;

    OpensslAead(EspSuite suite, SecretKeys keys, boolean extended, CryptoUse use) {
        this.extended = extended;
        this.use = use;
        MemorySegment.copy(keys.salt(), 0, memory.segment(), ValueLayout.JAVA_BYTE, 0, SALT);
        String name = suite.encryption() == Encr.AES_GCM_16 ? "AES-" + suite.keyBits() + "-GCM" : "ChaCha20-Poly1305";
        byte[] key = keys.encryption();
        sealing = Evp.cipher(name, key, Evp.ENCRYPT);
        opening = Evp.cipher(name, key, Evp.DECRYPT);
        Arrays.fill(key, (byte) 0);
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
        try {
            for (int i = 0; i < burst.size(); i++) {
                long esp = burst.address(i, IV, ICV, 1);
                burst.buffer(i).set(LONG, burst.at(i) + HEADER, burst.sequence(i));
                long text = esp + HEADER + IV;
                int length = burst.text(i);
                compute(sealing, burst, i, esp);
                Evp.end(sealing, text + length, memory.address() + WRITTEN_AT);
                Evp.control(sealing, Evp.GET_TAG, ICV, text + length);
            }
        } finally {
            // Addresses keep no memory alive.
            Reference.reachabilityFence(burst);
        }
    }

    @Override
    public void open(EspBurst burst) {
        try {
            for (int i = 0; i < burst.size(); i++) {
                long esp = burst.address(i, IV, ICV, 1);
                long icv = esp + HEADER + IV + burst.text(i);
                compute(opening, burst, i, esp);
                Evp.control(opening, Evp.SET_TAG, ICV, icv);
                burst.authentic(i, Evp.end(opening, icv, memory.address() + WRITTEN_AT));
            }
        } finally {
            Reference.reachabilityFence(burst);
        }
    }

    /** All but the tag. */
    private void compute(long context, EspBurst burst, int index, long esp) {
        MemorySegment own = memory.segment();
        MemorySegment buffer = burst.buffer(index);
        int at = burst.at(index);
        int length = burst.text(index);
        long written = memory.address() + WRITTEN_AT;
        MemorySegment.copy(buffer, at + HEADER, own, SALT, IV);
        Evp.begin(context, own.address());
        if (extended) {
            // RFC 4106 section 5, RFC 7634 section 2.1: SPI, then all 64 bits of the sequence number.
            own.set(INT, ADDITIONAL_AT, buffer.get(INT, at));
            own.set(LONG, ADDITIONAL_AT + Integer.BYTES, burst.sequence(index));
            Evp.update(context, 0, written, own.address() + ADDITIONAL_AT, HEADER + Integer.BYTES);
        } else {
            Evp.update(context, 0, written, esp, HEADER);
        }
        long text = esp + HEADER + IV;
        Evp.update(context, text, written, text, length);
        use.count(length);
    }

    @Override
    public void destroy() {
        Evp.freeCipher(sealing);
        Evp.freeCipher(opening);
        sealing = 0;
        opening = 0;
        memory.free();
    }
}
