package io.portcullis.ipsec.crypto;

import static io.portcullis.ipsec.crypto.EspBurst.HEADER;

import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.Arrays;

/** ChaCha20-Poly1305 (RFC 7634) by libIPSec_MB. */
final class IpsecMbChaCha implements EspTransform {
    private static final int IV = 8;
    private static final int ICV = 16;
    private static final int SALT = 4;
    private static final int NONCE = 12;
    private static final int KEY = 32;
    private static final int CIPHER = 19;
    private static final int HASH = 29;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final KeyMemory keys = new KeyMemory(KEY + SALT);
    private final boolean extended;
    private final IpsecMbJobs jobs;
    private final CryptoUse use;

    IpsecMbChaCha(SecretKeys secret, boolean extended, IpsecMbJobs jobs, CryptoUse use) {
        this.extended = extended;
        this.jobs = jobs;
        this.use = use;
        byte[] octets = secret.encryption();
        MemorySegment.copy(octets, 0, keys.segment(), ValueLayout.JAVA_BYTE, 0, KEY);
        MemorySegment.copy(secret.salt(), 0, keys.segment(), ValueLayout.JAVA_BYTE, KEY, SALT);
        Arrays.fill(octets, (byte) 0);
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
        jobs.begin(burst.size());
        for (int i = 0; i < burst.size(); i++) {
            long esp = burst.address(i, IV, ICV, 1);
            burst.buffer(i).set(LONG, burst.at(i) + HEADER, burst.sequence(i));
            describe(burst, i, esp, true, esp + HEADER + IV + burst.text(i));
        }
        run(burst);
    }

    @Override
    public void open(EspBurst burst) {
        MemorySegment beside = jobs.memory();
        jobs.begin(burst.size());
        for (int i = 0; i < burst.size(); i++) {
            long esp = burst.address(i, IV, ICV, 1);
            describe(burst, i, esp, false, beside.address() + jobs.beside(i) + IpsecMbJobs.COMPUTED);
        }
        run(burst);
        for (int i = 0; i < burst.size(); i++) {
            // Both halves are compared whole: the time tells nothing.
            MemorySegment buffer = burst.buffer(i);
            int icv = burst.at(i) + HEADER + IV + burst.text(i);
            long computed = jobs.beside(i) + IpsecMbJobs.COMPUTED;
            long difference = (beside.get(LONG, computed) ^ buffer.get(LONG, icv))
                    | (beside.get(LONG, computed + 8) ^ buffer.get(LONG, icv + 8));
            burst.authentic(i, difference == 0);
        }
    }

    private void run(EspBurst burst) {
        try {
            jobs.run(burst.size());
        } finally {
            // Addresses keep no memory alive.
            Reference.reachabilityFence(burst);
        }
    }

    private void describe(EspBurst burst, int index, long esp, boolean encrypt, long tag) {
        MemorySegment buffer = burst.buffer(index);
        MemorySegment beside = jobs.memory();
        int at = burst.at(index);
        int text = burst.text(index);
        long own = jobs.beside(index);
        MemorySegment.copy(keys.segment(), KEY, beside, own + IpsecMbJobs.NONCE, SALT);
        MemorySegment.copy(buffer, at + HEADER, beside, own + IpsecMbJobs.NONCE + SALT, IV);
        long additional = esp;
        long octets = HEADER;
        if (extended) {
            // RFC 7634 section 2.1: SPI, then all 64 bits of the sequence number.
            beside.set(INT, own + IpsecMbJobs.ADDITIONAL, buffer.get(INT, at));
            beside.set(LONG, own + IpsecMbJobs.ADDITIONAL + Integer.BYTES, burst.sequence(index));
            additional = beside.address() + own + IpsecMbJobs.ADDITIONAL;
            octets += Integer.BYTES;
        }
        long key = keys.address();
        jobs.job(index, CIPHER, HASH, encrypt)
                .keys(key, key, KEY)
                .text(esp, HEADER + IV, text, HEADER + IV, text)
                .iv(beside.address() + own + IpsecMbJobs.NONCE, NONCE)
                .tag(tag, ICV)
                .extra(additional, octets);
        use.count(text);
    }

    @Override
    public void destroy() {
        keys.free();
    }
}
