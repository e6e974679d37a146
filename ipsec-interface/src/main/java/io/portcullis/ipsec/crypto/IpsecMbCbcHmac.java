package io.portcullis.ipsec.crypto;

import static io.portcullis.ipsec.crypto.EspBurst.HEADER;

import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * AES-CBC (RFC 3602) with a truncated HMAC (RFC 2404, RFC 4868) by libIPSec_MB: many packets side by side, because one
 * packet's blocks depend on each other.
 */
final class IpsecMbCbcHmac implements EspTransform {
    private static final int IV = 16;
    private static final int CBC = 1;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    // Expanded key for each direction, inner and outer state of the HMAC, and room to make them in.
    private static final long DECRYPT_AT = 256;
    private static final long INNER_AT = 512;
    private static final long OUTER_AT = 576;
    private static final long BLOCK_AT = 640;
    private static final long MOST_BLOCK = 128;

    private final KeyMemory keys = new KeyMemory(BLOCK_AT + MOST_BLOCK);
    private final int keyOctets;
    private final int hash;
    private final int icv;
    private final boolean extended;
    private final IpsecMbJobs jobs;
    private final CryptoUse use;

    IpsecMbCbcHmac(EspSuite suite, SecretKeys secret, boolean extended, IpsecMbJobs jobs, CryptoUse use) {
        this.extended = extended;
        this.jobs = jobs;
        this.use = use;
        keyOctets = suite.keyBits() / 8;
        icv = suite.integrity().icvOctets();
        hash = hash(suite.integrity());
        expand(suite, secret);
    }

    /** IMB_HASH_ALG. */
    private static int hash(Integ integrity) {
        return switch (integrity) {
            case HMAC_SHA1_96 -> 1;
            case HMAC_SHA2_256_128 -> 3;
            case HMAC_SHA2_384_192 -> 4;
            case HMAC_SHA2_512_256 -> 5;
            case NONE -> throw new IllegalArgumentException("CBC without integrity");
        };
    }

    private void expand(EspSuite suite, SecretKeys secret) {
        MemorySegment memory = keys.segment();
        MemorySegment block = memory.asSlice(BLOCK_AT, MOST_BLOCK);
        byte[] octets = secret.encryption();
        MemorySegment.copy(octets, 0, block, ValueLayout.JAVA_BYTE, 0, octets.length);
        IpsecMb.expandCbc(suite.keyBits(), block, memory, memory.asSlice(DECRYPT_AT));
        Arrays.fill(octets, (byte) 0);
        octets = secret.integrity();
        // RFC 2104 section 2.
        String name = suite.integrity().hashName();
        fill(block, octets, 0x36);
        IpsecMb.hashOneBlock(name, block, memory.asSlice(INNER_AT));
        fill(block, octets, 0x5c);
        IpsecMb.hashOneBlock(name, block, memory.asSlice(OUTER_AT));
        block.fill((byte) 0);
        Arrays.fill(octets, (byte) 0);
    }

    private static void fill(MemorySegment block, byte[] key, int pad) {
        block.fill((byte) pad);
        for (int i = 0; i < key.length; i++) {
            block.set(ValueLayout.JAVA_BYTE, i, (byte) (key[i] ^ pad));
        }
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
        int count = burst.size();
        jobs.begin(count);
        for (int i = 0; i < count; i++) {
            MemorySegment buffer = burst.buffer(i);
            int at = burst.at(i);
            int text = burst.text(i);
            long esp = burst.address(i, IV, icv, IV);
            jobs.ivs.next(buffer, at + HEADER);
            describe(burst, i, esp, true).tag(esp + HEADER + IV + text, icv).extra(inner(), outer());
            use.count(text);
        }
        run(burst);
    }

    @Override
    public void open(EspBurst burst) {
        int count = burst.size();
        MemorySegment beside = jobs.memory();
        jobs.begin(count);
        for (int i = 0; i < count; i++) {
            int text = burst.text(i);
            long esp = burst.address(i, IV, icv, IV);
            long own = jobs.beside(i);
            MemorySegment.copy(
                    burst.buffer(i), burst.at(i) + HEADER + IV + (long) text, beside, own + IpsecMbJobs.CAME, icv);
            describe(burst, i, esp, false)
                    .tag(beside.address() + own + IpsecMbJobs.COMPUTED, icv)
                    .extra(inner(), outer());
            use.count(text);
        }
        run(burst);
        for (int i = 0; i < count; i++) {
            burst.authentic(i, matches(beside, jobs.beside(i)));
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

    private IpsecMbJobs describe(EspBurst burst, int index, long esp, boolean encrypt) {
        int text = burst.text(index);
        long hashed = HEADER + IV + (long) text;
        if (extended) {
            // RFC 4303 section 2.2.1: the ICV covers the upper half as if it stood behind the text. It stands there
            // while it is hashed: the ICV that came lies beside the packet, and the one that goes is written last.
            burst.buffer(index).set(INT, burst.at(index) + hashed, (int) (burst.sequence(index) >>> 32));
            hashed += Integer.BYTES;
        }
        long key = keys.address();
        return jobs.job(index, CBC, hash, encrypt)
                .keys(key, key + DECRYPT_AT, keyOctets)
                .text(esp, HEADER + IV, text, 0, hashed)
                .iv(esp + HEADER, IV);
    }

    private long inner() {
        return keys.address() + INNER_AT;
    }

    private long outer() {
        return keys.address() + OUTER_AT;
    }

    /** Looks at every octet, so that the time does not tell where the first difference is. */
    private boolean matches(MemorySegment beside, long own) {
        int difference = 0;
        for (int i = 0; i < icv; i += Integer.BYTES) {
            difference |= beside.get(INT, own + IpsecMbJobs.CAME + i) ^ beside.get(INT, own + IpsecMbJobs.COMPUTED + i);
        }
        return difference == 0;
    }

    @Override
    public void destroy() {
        keys.free();
    }
}
