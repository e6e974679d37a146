package io.portcullis.ipsec.crypto;

import static io.portcullis.ipsec.crypto.EspBurst.HEADER;

import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.Arrays;

/** AES-GCM with a 16-octet ICV (RFC 4106) by libIPSec_MB, in place and without a byte of garbage. */
final class IpsecMbGcm implements EspTransform {
    private static final int IV = 8;
    private static final int ICV = 16;
    private static final int SALT = 4;
    private static final int EXTENDED_HEADER = HEADER + 4;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final long CONTEXT_AT = IpsecMb.GCM_KEY_OCTETS;
    private static final long NONCE_AT = CONTEXT_AT + IpsecMb.GCM_CONTEXT_OCTETS;
    private static final long ADDITIONAL_AT = NONCE_AT + 16;
    private static final long TAG_AT = ADDITIONAL_AT + 16;

    // Key, context, nonce, additional data, tag.
    private final KeyMemory keys = new KeyMemory(TAG_AT + ICV);
    private final int keyOctets;
    private final boolean extended;
    private final CryptoUse use;

    IpsecMbGcm(SecretKeys secret, boolean extended, CryptoUse use) {
        this.extended = extended;
        this.use = use;
        MemorySegment memory = keys.segment();
        byte[] octets = secret.encryption();
        keyOctets = octets.length;
        MemorySegment.copy(secret.salt(), 0, memory, ValueLayout.JAVA_BYTE, NONCE_AT, SALT);
        // The key lies where a running operation's state will, until it is expanded.
        MemorySegment raw = memory.asSlice(CONTEXT_AT, octets.length);
        MemorySegment.copy(octets, 0, raw, ValueLayout.JAVA_BYTE, 0, octets.length);
        IpsecMb.expandGcm(octets.length * 8, raw, memory);
        raw.fill((byte) 0);
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
        try {
            for (int i = 0; i < burst.size(); i++) {
                seal(burst, i);
            }
        } finally {
            // Numbers keep no memory alive.
            Reference.reachabilityFence(this);
            Reference.reachabilityFence(burst);
        }
    }

    private void seal(EspBurst burst, int index) {
        MemorySegment buffer = burst.buffer(index);
        int at = burst.at(index);
        int length = burst.text(index);
        long esp = burst.address(index, IV, ICV, 1);
        long sequence = burst.sequence(index);
        MemorySegment memory = keys.segment();
        buffer.set(LONG, at + HEADER, sequence);
        memory.set(LONG, NONCE_AT + SALT, sequence);
        long text = esp + HEADER + IV;
        encrypt(memory.address(), text, length, additional(buffer, at, esp, sequence), text + length);
        use.count(length);
    }

    @Override
    public void open(EspBurst burst) {
        try {
            for (int i = 0; i < burst.size(); i++) {
                burst.authentic(i, open(burst, i));
            }
        } finally {
            Reference.reachabilityFence(this);
            Reference.reachabilityFence(burst);
        }
    }

    private boolean open(EspBurst burst, int index) {
        MemorySegment buffer = burst.buffer(index);
        int at = burst.at(index);
        int length = burst.text(index);
        long esp = burst.address(index, IV, ICV, 1);
        MemorySegment memory = keys.segment();
        memory.set(LONG, NONCE_AT + SALT, buffer.get(LONG, at + HEADER));
        decrypt(memory.address(), esp + HEADER + IV, length, additional(buffer, at, esp, burst.sequence(index)));
        use.count(length);
        // The library only computes the tag. Both halves are compared whole: the time tells nothing.
        int icv = at + HEADER + IV + length;
        long difference = (memory.get(LONG, TAG_AT) ^ buffer.get(LONG, icv))
                | (memory.get(LONG, TAG_AT + 8) ^ buffer.get(LONG, icv + 8));
        return difference == 0;
    }

    /** RFC 4106 section 5: the ESP header as it stands, or with the upper half of the sequence number in between. */
    private long additional(MemorySegment buffer, int at, long esp, long sequence) {
        if (!extended) {
            return esp;
        }
        MemorySegment memory = keys.segment();
        memory.set(INT, ADDITIONAL_AT, buffer.get(INT, at));
        memory.set(LONG, ADDITIONAL_AT + 4, sequence);
        return memory.address() + ADDITIONAL_AT;
    }

    private void encrypt(long key, long text, long length, long additional, long icv) {
        long context = key + CONTEXT_AT;
        long nonce = key + NONCE_AT;
        long more = extended ? EXTENDED_HEADER : HEADER;
        try {
            switch (keyOctets) {
                case 16 ->
                    IpsecMb.ENCRYPT_128.invokeExact(
                            key, context, text, text, length, nonce, additional, more, icv, (long) ICV);
                case 24 ->
                    IpsecMb.ENCRYPT_192.invokeExact(
                            key, context, text, text, length, nonce, additional, more, icv, (long) ICV);
                default ->
                    IpsecMb.ENCRYPT_256.invokeExact(
                            key, context, text, text, length, nonce, additional, more, icv, (long) ICV);
            }
        } catch (Throwable broken) {
            throw new IllegalStateException("libIPSec_MB can not encrypt", broken);
        }
    }

    private void decrypt(long key, long text, long length, long additional) {
        long context = key + CONTEXT_AT;
        long nonce = key + NONCE_AT;
        long more = extended ? EXTENDED_HEADER : HEADER;
        long tag = key + TAG_AT;
        try {
            switch (keyOctets) {
                case 16 ->
                    IpsecMb.DECRYPT_128.invokeExact(
                            key, context, text, text, length, nonce, additional, more, tag, (long) ICV);
                case 24 ->
                    IpsecMb.DECRYPT_192.invokeExact(
                            key, context, text, text, length, nonce, additional, more, tag, (long) ICV);
                default ->
                    IpsecMb.DECRYPT_256.invokeExact(
                            key, context, text, text, length, nonce, additional, more, tag, (long) ICV);
            }
        } catch (Throwable broken) {
            throw new IllegalStateException("libIPSec_MB can not decrypt", broken);
        }
    }

    @Override
    public void destroy() {
        keys.free();
    }
}
