package io.portcullis.ipsec.crypto;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * A multi-buffer manager of libIPSec_MB, one worker's: the jobs of a burst are described one by one and computed
 * together. Each packet has a place of its own for what a job points to beside the packet.
 */
final class IpsecMbJobs implements AutoCloseable {
    // IMB_JOB of 1.3. The known answers at start fail when a field stands elsewhere.
    private static final long ENCRYPT_KEY = 0;
    private static final long DECRYPT_KEY = 8;
    private static final long KEY_OCTETS = 16;
    private static final long SOURCE = 24;
    private static final long DESTINATION = 32;
    private static final long CIPHER_AT = 40;
    private static final long CIPHER_OCTETS = 48;
    private static final long HASH_AT = 56;
    private static final long HASH_OCTETS = 64;
    private static final long IV = 72;
    private static final long IV_OCTETS = 80;
    private static final long TAG = 88;
    private static final long TAG_OCTETS = 96;
    private static final long EXTRA = 104;
    private static final long STATUS = 128;
    private static final long CIPHER = 132;
    private static final long DIRECTION = 136;
    private static final long HASH = 140;
    private static final long ORDER = 144;

    private static final int ENCRYPT = 1;
    private static final int DECRYPT = 2;
    private static final int CIPHER_FIRST = 1;
    private static final int HASH_FIRST = 2;
    private static final int COMPLETED = 3;

    // Beside each packet: nonce, additional data, the tag as computed and as it came.
    static final long NONCE = 0;
    static final long ADDITIONAL = 16;
    static final long COMPUTED = 32;
    static final long CAME = 96;
    private static final long BESIDE = 128;

    final IvSource ivs;
    private final KeyMemory room = new KeyMemory(EspBurst.CAPACITY * (BESIDE + Long.BYTES));
    private final MemorySegment slots;
    private final long besideAt;
    private final long first;
    private MemorySegment manager;
    private long job;

    IpsecMbJobs(IvSource ivs) {
        this.ivs = ivs;
        manager = IpsecMb.allocateManager();
        first = manager.address();
        slots = room.segment().asSlice(0, EspBurst.CAPACITY * (long) Long.BYTES);
        besideAt = slots.byteSize();
    }

    /** What lies beside the packets. */
    MemorySegment memory() {
        return room.segment();
    }

    /** Offset in {@link #memory} of what lies beside this packet. */
    long beside(int index) {
        return besideAt + index * BESIDE;
    }

    /**
     * Makes room for so many jobs.
     *
     * @throws IllegalStateException when it is closed
     */
    void begin(int count) {
        room.address();
        try {
            int given = (int) IpsecMb.NEXT_JOBS.invokeExact(manager, count, slots);
            if (given != count) {
                throw failed("gives " + given + " jobs, not " + count);
            }
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable broken) {
            throw failed(String.valueOf(broken.getMessage()));
        }
    }

    /** Describes the next part of the job of this packet: what is computed. */
    IpsecMbJobs job(int index, int cipher, int hash, boolean encrypt) {
        job = slots.getAtIndex(JAVA_LONG, index) - first;
        manager.set(JAVA_INT, job + CIPHER, cipher);
        manager.set(JAVA_INT, job + HASH, hash);
        manager.set(JAVA_INT, job + DIRECTION, encrypt ? ENCRYPT : DECRYPT);
        manager.set(JAVA_INT, job + ORDER, encrypt ? CIPHER_FIRST : HASH_FIRST);
        manager.set(JAVA_INT, job + STATUS, 0);
        return this;
    }

    /** Addresses of the keys. */
    IpsecMbJobs keys(long encrypt, long decrypt, long octets) {
        manager.set(JAVA_LONG, job + ENCRYPT_KEY, encrypt);
        manager.set(JAVA_LONG, job + DECRYPT_KEY, decrypt);
        manager.set(JAVA_LONG, job + KEY_OCTETS, octets);
        return this;
    }

    /** The text in place, and from where on the hash is taken; all inside one packet that begins at an address. */
    IpsecMbJobs text(long packet, long textAt, long octets, long hashAt, long hashed) {
        manager.set(JAVA_LONG, job + SOURCE, packet);
        manager.set(JAVA_LONG, job + DESTINATION, packet + textAt);
        manager.set(JAVA_LONG, job + CIPHER_AT, textAt);
        manager.set(JAVA_LONG, job + CIPHER_OCTETS, octets);
        manager.set(JAVA_LONG, job + HASH_AT, hashAt);
        manager.set(JAVA_LONG, job + HASH_OCTETS, hashed);
        return this;
    }

    IpsecMbJobs iv(long address, long octets) {
        manager.set(JAVA_LONG, job + IV, address);
        manager.set(JAVA_LONG, job + IV_OCTETS, octets);
        return this;
    }

    /** Where the tag goes. */
    IpsecMbJobs tag(long address, long octets) {
        manager.set(JAVA_LONG, job + TAG, address);
        manager.set(JAVA_LONG, job + TAG_OCTETS, octets);
        return this;
    }

    /** HMAC: addresses of inner and outer state. AEAD: address and length of the additional data. */
    void extra(long one, long other) {
        manager.set(JAVA_LONG, job + EXTRA, one);
        manager.set(JAVA_LONG, job + EXTRA + 8, other);
        manager.set(JAVA_LONG, job + EXTRA + 16, 0);
    }

    /** Computes all jobs since {@link #begin}. */
    void run(int count) {
        try {
            int done = completed((int) IpsecMb.SUBMIT_JOBS.invokeExact(manager, count, slots));
            while (done < count) {
                int more = completed((int) IpsecMb.FLUSH_JOBS.invokeExact(manager, count - done, slots));
                if (more == 0) {
                    throw failed("left " + (count - done) + " jobs undone");
                }
                done += more;
            }
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable broken) {
            throw failed(String.valueOf(broken.getMessage()));
        }
    }

    private int completed(int returned) {
        for (int i = 0; i < returned; i++) {
            int status = manager.get(JAVA_INT, slots.getAtIndex(JAVA_LONG, i) - first + STATUS);
            if (status != COMPLETED) {
                throw failed("ended a job with status " + status);
            }
        }
        return returned;
    }

    /** Empties the manager, so that the next burst does not meet jobs of this one. */
    private IllegalStateException failed(String what) {
        IpsecMb.initialise(manager);
        return new IllegalStateException(IpsecMb.NAME + " " + what);
    }

    @Override
    public void close() {
        if (manager.byteSize() > 0) {
            IpsecMb.freeManager(manager);
            manager = MemorySegment.NULL;
            room.free();
        }
    }
}
