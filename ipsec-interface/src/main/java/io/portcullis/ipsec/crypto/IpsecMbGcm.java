package io.portcullis.ipsec.crypto;

import static io.portcullis.ipsec.crypto.EspBurst.HEADER;

import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** AES-GCM with a 16-octet ICV (RFC 4106) by libIPSec_MB, in place and without a byte of garbage. */
final class IpsecMbGcm implements EspTransform {
    private static final int IV = 8;
    private static final int ICV = 16;
    private static final int SALT = 4;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment memory;
    private final MemorySegment key;
    private final MemorySegment context;
    private final MemorySegment nonce;
    private final MemorySegment additional;
    private final MemorySegment tag;
    private final int keyOctets;
    private final boolean extended;
    private final CryptoUse use;

    IpsecMbGcm(SecretKeys keys, boolean extended, CryptoUse use) {
        this.extended = extended;
        this.use = use;
        // Freed with this object: whoever still holds it can not make the library touch freed memory.
        Arena arena = Arena.ofAuto();
        memory = arena.allocate(IpsecMb.KEY_OCTETS + IpsecMb.CONTEXT_OCTETS + 3 * 16, IpsecMb.ALIGNMENT);
        key = memory.asSlice(0, IpsecMb.KEY_OCTETS);
        context = memory.asSlice(IpsecMb.KEY_OCTETS, IpsecMb.CONTEXT_OCTETS);
        long scratch = IpsecMb.KEY_OCTETS + IpsecMb.CONTEXT_OCTETS;
        nonce = memory.asSlice(scratch, SALT + IV);
        additional = memory.asSlice(scratch + 16, 12);
        tag = memory.asSlice(scratch + 32, ICV);
        byte[] octets = keys.encryption();
        keyOctets = octets.length;
        MemorySegment.copy(keys.salt(), 0, nonce, ValueLayout.JAVA_BYTE, 0, SALT);
        expand(arena.allocate(32), octets);
        Arrays.fill(octets, (byte) 0);
    }

    private void expand(MemorySegment raw, byte[] octets) {
        MemorySegment.copy(octets, 0, raw, ValueLayout.JAVA_BYTE, 0, octets.length);
        try {
            switch (keyOctets) {
                case 16 -> IpsecMb.EXPAND_128.invokeExact(raw, key);
                case 24 -> IpsecMb.EXPAND_192.invokeExact(raw, key);
                default -> IpsecMb.EXPAND_256.invokeExact(raw, key);
            }
        } catch (Throwable broken) {
            throw new IllegalStateException("libIPSec_MB can not expand a key", broken);
        } finally {
            raw.fill((byte) 0);
        }
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
            int at = burst.at(i);
            int length = burst.text(i);
            long sequence = burst.sequence(i);
            buffer.set(LONG, at + HEADER, sequence);
            nonce.set(LONG, SALT, sequence);
            MemorySegment text = buffer.asSlice(at + HEADER + IV, length);
            MemorySegment icv = buffer.asSlice((long) at + HEADER + IV + length, ICV);
            MemorySegment header = additional(buffer, at, sequence);
            long headerOctets = header.byteSize();
            try {
                switch (keyOctets) {
                    case 16 ->
                        IpsecMb.ENCRYPT_128.invokeExact(
                                key, context, text, text, (long) length, nonce, header, headerOctets, icv, (long) ICV);
                    case 24 ->
                        IpsecMb.ENCRYPT_192.invokeExact(
                                key, context, text, text, (long) length, nonce, header, headerOctets, icv, (long) ICV);
                    default ->
                        IpsecMb.ENCRYPT_256.invokeExact(
                                key, context, text, text, (long) length, nonce, header, headerOctets, icv, (long) ICV);
                }
            } catch (Throwable broken) {
                throw new IllegalStateException("libIPSec_MB can not encrypt", broken);
            }
            use.count(length);
        }
    }

    @Override
    public void open(EspBurst burst) {
        for (int i = 0; i < burst.size(); i++) {
            MemorySegment buffer = burst.buffer(i);
            int at = burst.at(i);
            int length = burst.text(i);
            nonce.set(LONG, SALT, buffer.get(LONG, at + HEADER));
            MemorySegment text = buffer.asSlice(at + HEADER + IV, length);
            MemorySegment icv = buffer.asSlice((long) at + HEADER + IV + length, ICV);
            MemorySegment header = additional(buffer, at, burst.sequence(i));
            long headerOctets = header.byteSize();
            try {
                switch (keyOctets) {
                    case 16 ->
                        IpsecMb.DECRYPT_128.invokeExact(
                                key, context, text, text, (long) length, nonce, header, headerOctets, tag, (long) ICV);
                    case 24 ->
                        IpsecMb.DECRYPT_192.invokeExact(
                                key, context, text, text, (long) length, nonce, header, headerOctets, tag, (long) ICV);
                    default ->
                        IpsecMb.DECRYPT_256.invokeExact(
                                key, context, text, text, (long) length, nonce, header, headerOctets, tag, (long) ICV);
                }
            } catch (Throwable broken) {
                throw new IllegalStateException("libIPSec_MB can not decrypt", broken);
            }
            // The library only computes the tag. Both halves are compared whole: the time tells nothing.
            long difference = (tag.get(LONG, 0) ^ icv.get(LONG, 0)) | (tag.get(LONG, 8) ^ icv.get(LONG, 8));
            burst.authentic(i, difference == 0);
            use.count(length);
        }
    }

    /** RFC 4106 section 5: the ESP header as it stands, or with the upper half of the sequence number in between. */
    private MemorySegment additional(MemorySegment buffer, int at, long sequence) {
        if (!extended) {
            return buffer.asSlice(at, HEADER);
        }
        additional.set(INT, 0, buffer.get(INT, at));
        additional.set(LONG, 4, sequence);
        return additional;
    }

    @Override
    public void destroy() {
        memory.fill((byte) 0);
    }
}
