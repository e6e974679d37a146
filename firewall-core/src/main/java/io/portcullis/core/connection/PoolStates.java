package io.portcullis.core.connection;

import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which address of a pool each source has: one table for all workers, without locks. A source has a bucket of sixteen
 * slots; a slot says all that must change at once in one word: 22 bits of the source's hash, a mark, the number of the
 * address, the count of the source's connections. Two sources of a bucket with the same 22 bits share a state, and with
 * that an address, which nobody notices.
 *
 * <p>A source has one state even when two workers make one at once. Who makes one first claims a slot, then looks
 * whether the source has another: a state is used instead, a claim is taken away from who made it; and only then the
 * claim is turned into a state, unless somebody took it away meanwhile. Of two who claim, each before it looks, the
 * second to look finds the other's claim or state.
 */
final class PoolStates {
    /** Most states of a pool. */
    static final int MOST = 1_048_576;

    private static final int BUCKET = 16;
    /** Slots for each state: so that hardly a bucket is ever full. */
    private static final int ROOM = 4;

    private static final int SLOT = 32;
    private static final int IDLE_SINCE = 8;
    private static final int SOURCE_HIGH = 16;
    private static final int SOURCE_LOW = 24;

    // A word: in use 1 bit, hash 22, claim 1, address, or worker that claims, 16, connections 24.
    private static final long IN_USE = 1L << 63;
    private static final long HASH = 0x3f_ffffL << 41;
    private static final long CLAIM = 1L << 40;
    private static final int INDEX_SHIFT = 24;
    private static final long COUNT = (1L << INDEX_SHIFT) - 1;

    /** How often a worker begins anew when others interfere; each time one of them has got further. */
    private static final int ATTEMPTS = 64;
    /** Buckets that are looked at for a state that can be given up, when all are in use. */
    private static final int SWEEP = 64;

    private static final long SECOND = 1_000_000_000L;

    private final LazyMemory memory;
    private final long slots;
    private final int buckets;
    private final int most;
    private final long keepAlive;
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger swept = new AtomicInteger();
    private final AtomicLong replaced = new AtomicLong();

    PoolStates(int most, int keepAliveSeconds) {
        this.most = most;
        this.keepAlive = keepAliveSeconds * SECOND;
        this.buckets = Math.max(1, Integer.highestOneBit(most * ROOM / BUCKET * 2 - 1));
        long octets = (long) buckets * BUCKET * SLOT;
        this.memory = new LazyMemory(octets);
        memory.grow(octets);
        this.slots = memory.address();
    }

    /**
     * One more connection of a source.
     *
     * @param hash keyed, of the source
     * @return index of its address, {@link AddressPool#NONE} when all states are in use
     */
    int take(int worker, long hash, long high, long low, long now, AddressPool pool) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long at = find(hash);
            if (at != 0) {
                long word = LazyMemory.getLongAcquire(at);
                if (!isState(word, hash)) {
                    continue;
                }
                if ((word & COUNT) == COUNT) {
                    return AddressPool.NONE;
                }
                if (isOver(at, word, now)) {
                    free(at, word);
                } else if (LazyMemory.compareAndSetLong(at, word, word + 1)) {
                    return index(word);
                }
                continue;
            }
            long claim = key(hash) | CLAIM | ((long) worker << INDEX_SHIFT);
            at = claim(hash, claim, now);
            if (at == 0) {
                return AddressPool.NONE;
            }
            if (isAlone(hash, at)) {
                int index = pool.leastUsed(hash);
                LazyMemory.putLong(at + SOURCE_HIGH, high);
                LazyMemory.putLong(at + SOURCE_LOW, low);
                if (LazyMemory.compareAndSetLong(at, claim, key(hash) | ((long) index << INDEX_SHIFT) | 1)) {
                    size.incrementAndGet();
                    return index;
                }
            } else {
                LazyMemory.compareAndSetLong(at, claim, 0);
            }
        }
        return AddressPool.NONE;
    }

    /** Index of the address that the source has, {@link AddressPool#NONE} when it has none. */
    int peek(long hash) {
        long at = find(hash);
        long word = at == 0 ? 0 : LazyMemory.getLongAcquire(at);
        return isState(word, hash) ? index(word) : AddressPool.NONE;
    }

    /**
     * Whether {@link #take} has a state for the source, unless other workers change that; nothing is given up for it.
     */
    boolean mayTake(long hash) {
        long known = find(hash);
        if (known != 0) {
            return (LazyMemory.getLongAcquire(known) & COUNT) != COUNT;
        }
        if (hasIdle(hash)) {
            return true;
        }
        boolean mayGrow = size.get() < most;
        for (int i = 1; i <= Math.min(SWEEP, buckets) && !mayGrow; i++) {
            mayGrow = hasIdle(Integer.toUnsignedLong(swept.get() + i));
        }
        return mayGrow && hasFree(hash);
    }

    private boolean hasIdle(long hash) {
        for (int i = 0; i < BUCKET; i++) {
            if (isIdle(LazyMemory.getLongAcquire(at(hash, i)))) {
                return true;
            }
        }
        return false;
    }

    private boolean hasFree(long hash) {
        for (int i = 0; i < BUCKET; i++) {
            if (LazyMemory.getLongAcquire(at(hash, i)) == 0) {
                return true;
            }
        }
        return false;
    }

    /** One connection less of a source that has some. */
    void give(long hash, long now) {
        for (long at = find(hash); at != 0; at = find(hash)) {
            long word = LazyMemory.getLongAcquire(at);
            if (!isState(word, hash) || (word & COUNT) == 0) {
                return;
            }
            // Before the count says that it is idle.
            LazyMemory.putLong(at + IDLE_SINCE, now);
            if (LazyMemory.compareAndSetLong(at, word, word - 1)) {
                return;
            }
        }
    }

    /** The slot with the source's state, 0 when it has none. */
    private long find(long hash) {
        for (int i = 0; i < BUCKET; i++) {
            if (isState(LazyMemory.getLongAcquire(at(hash, i)), hash)) {
                return at(hash, i);
            }
        }
        return 0;
    }

    /** Puts a claim into a free slot; 0 when none can be had. */
    private long claim(long hash, long claim, long now) {
        if (size.get() >= most && !replaceAnywhere(hash, now)) {
            return 0;
        }
        while (true) {
            long free = 0;
            for (int i = 0; i < BUCKET && free == 0; i++) {
                free = LazyMemory.getLongAcquire(at(hash, i)) == 0 ? at(hash, i) : 0;
            }
            if (free == 0 && !replaceIn(hash, now)) {
                return 0;
            }
            if (free != 0 && LazyMemory.compareAndSetLong(free, 0, claim)) {
                return free;
            }
        }
    }

    /** Whether nobody else has a state for the source; takes others' claims away. */
    private boolean isAlone(long hash, long mine) {
        for (int i = 0; i < BUCKET; i++) {
            long at = at(hash, i);
            long word = LazyMemory.getLongAcquire(at);
            while (at != mine && isSource(word, hash)) {
                if ((word & CLAIM) == 0) {
                    return false;
                }
                word = LazyMemory.compareAndSetLong(at, word, 0) ? 0 : LazyMemory.getLongAcquire(at);
            }
        }
        return true;
    }

    /** Gives up a state without connections somewhere: the one that has been idle for longest of those looked at. */
    private boolean replaceAnywhere(long hash, long now) {
        if (replaceIn(hash, now)) {
            return true;
        }
        for (int i = 0; i < Math.min(SWEEP, buckets); i++) {
            if (replaceIn(Integer.toUnsignedLong(swept.incrementAndGet()), now)) {
                return true;
            }
        }
        return false;
    }

    private boolean replaceIn(long hash, long now) {
        long oldest = 0;
        long oldestWord = 0;
        for (int i = 0; i < BUCKET; i++) {
            long at = at(hash, i);
            long word = LazyMemory.getLongAcquire(at);
            if (isIdle(word) && (oldest == 0 || idleSince(at) - idleSince(oldest) < 0)) {
                oldest = at;
                oldestWord = word;
            }
        }
        if (oldest == 0) {
            return false;
        }
        boolean early = !isOver(oldest, oldestWord, now);
        boolean freed = free(oldest, oldestWord);
        if (freed && early) {
            replaced.incrementAndGet();
        }
        return freed;
    }

    private boolean free(long at, long word) {
        boolean freed = LazyMemory.compareAndSetLong(at, word, 0);
        if (freed) {
            size.decrementAndGet();
        }
        return freed;
    }

    /** Whether it is a state without connections. */
    private static boolean isIdle(long word) {
        return (word & IN_USE) != 0 && (word & (CLAIM | COUNT)) == 0;
    }

    private boolean isOver(long at, long word, long now) {
        return (word & COUNT) == 0 && now - idleSince(at) >= keepAlive;
    }

    private static long idleSince(long at) {
        return LazyMemory.getLong(at + IDLE_SINCE);
    }

    private long at(long hash, int place) {
        return slots + ((hash & (buckets - 1)) * BUCKET + place) * SLOT;
    }

    private static long key(long hash) {
        return IN_USE | (hash >>> 1 & HASH);
    }

    private static boolean isSource(long word, long hash) {
        return (word & (IN_USE | HASH)) == key(hash);
    }

    private static boolean isState(long word, long hash) {
        return isSource(word, hash) && (word & CLAIM) == 0;
    }

    private static int index(long word) {
        return (int) (word >>> INDEX_SHIFT) & 0xffff;
    }

    /** States that were given up before their time. */
    long replaced() {
        return replaced.get();
    }

    /** All states, by source. What changes meanwhile may be missed. */
    List<AddressPool.State> list(AddressPool pool, long now) {
        List<AddressPool.State> all = new ArrayList<>();
        for (long at = slots; at < slots + (long) buckets * BUCKET * SLOT; at += SLOT) {
            long word = LazyMemory.getLongAcquire(at);
            if ((word & IN_USE) == 0 || (word & CLAIM) != 0 || isOver(at, word, now)) {
                continue;
            }
            int connections = (int) (word & COUNT);
            all.add(new AddressPool.State(
                    new IpAddress(LazyMemory.getLong(at + SOURCE_HIGH), LazyMemory.getLong(at + SOURCE_LOW)),
                    pool.address(index(word)),
                    connections,
                    connections > 0 ? 0 : Math.max(0, now - idleSince(at)) / SECOND));
        }
        all.sort(Comparator.comparing(AddressPool.State::source));
        return all;
    }
}
