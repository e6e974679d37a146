package io.portcullis.core.connection;

import io.portcullis.core.net.IpAddress;
import java.util.random.RandomGenerator;

/**
 * How many connections each source has open by each policy that limits them. Shared by all workers, since a source's
 * connections are on all of them; without locks. Two that open at once may both find room for one: a limit can be
 * exceeded by as many as there are workers.
 *
 * <p>A slot is 40 bits of a keyed hash of source and policy, and a count of 24. Each hash has two buckets of eight
 * slots, and takes a free slot in either; a slot whose count falls to zero is free again. What finds no slot is not
 * counted: there are two for each connection that a table holds by default, and a source without connections has none.
 */
public final class SourceCounts {
    private static final int BUCKET_BITS = 18;
    private static final int BUCKETS = 1 << BUCKET_BITS;
    private static final int SLOTS = 8;
    private static final int COUNT_BITS = 24;
    private static final long COUNT = (1L << COUNT_BITS) - 1;

    private final LazyMemory memory = new LazyMemory((long) BUCKETS * SLOTS * Long.BYTES);
    private final long slots = memory.address();
    private final long secret;
    private final long otherSecret;

    /** @param random chooses the key, lest someone outside picks sources that all want the same slots */
    public SourceCounts(RandomGenerator random) {
        memory.grow((long) BUCKETS * SLOTS * Long.BYTES);
        secret = random.nextLong();
        otherSecret = random.nextLong() | 1;
    }

    /** A keyed hash of a source by itself, which all workers share; addresses as in a packet. */
    long hash(long high, long low) {
        return hash(0, high, low);
    }

    /** Connections of the source by the policy of this number; addresses as in a packet. */
    int of(long policy, long high, long low) {
        long hash = hash(policy, high, low);
        long count = 0;
        for (int i = 0; i < 2 * SLOTS; i++) {
            long slot = LazyMemory.getLongAcquire(at(hash, i));
            count += isKey(slot, hash) ? slot & COUNT : 0;
        }
        return (int) Math.min(count, Integer.MAX_VALUE);
    }

    /** One more; false when it can not be counted. */
    boolean begin(long policy, long high, long low) {
        long hash = hash(policy, high, low);
        while (true) {
            int place = find(hash);
            if (place < 0) {
                return false;
            }
            long at = at(hash, place);
            long slot = LazyMemory.getLongAcquire(at);
            boolean mayTake = slot == 0 || (isKey(slot, hash) && (slot & COUNT) < COUNT);
            if (mayTake && LazyMemory.compareAndSetLong(at, slot, slot == 0 ? key(hash) | 1 : slot + 1)) {
                return true;
            }
            if (isKey(slot, hash) && (slot & COUNT) == COUNT) {
                return false;
            }
        }
    }

    /** One less of those that were counted. */
    void end(long policy, long high, long low) {
        long hash = hash(policy, high, low);
        for (int i = 0; i < 2 * SLOTS; i++) {
            long at = at(hash, i);
            for (long slot = LazyMemory.getLongAcquire(at); isKey(slot, hash); slot = LazyMemory.getLongAcquire(at)) {
                if (LazyMemory.compareAndSetLong(at, slot, (slot & COUNT) == 1 ? 0 : slot - 1)) {
                    return;
                }
            }
        }
    }

    /** The slot of this key, or a free one, -1 when there is neither. */
    private int find(long hash) {
        int free = -1;
        for (int i = 0; i < 2 * SLOTS; i++) {
            long slot = LazyMemory.getLongAcquire(at(hash, i));
            if (isKey(slot, hash)) {
                return i;
            }
            if (slot == 0 && free < 0) {
                free = i;
            }
        }
        return free;
    }

    private long at(long hash, int place) {
        long bucket = (place < SLOTS ? hash : hash >>> BUCKET_BITS) & BUCKETS - 1;
        return slots + (bucket * SLOTS + place % SLOTS) * Long.BYTES;
    }

    private static boolean isKey(long slot, long hash) {
        return (slot & ~COUNT) == key(hash) && slot != 0;
    }

    private static long key(long hash) {
        return hash & ~COUNT;
    }

    private long hash(long policy, long high, long low) {
        long host = IpAddress.isV4(high, low) ? low : 0;
        long source = FlowHash.mix(high ^ secret, host ^ otherSecret);
        return FlowHash.mix(source ^ secret, policy ^ otherSecret);
    }
}
