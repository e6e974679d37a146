package io.portcullis.core.connection;

/**
 * Flow numbers by hash: open addressing with linear probing. Removal shifts back what follows, so that no tombstones
 * gather. A slot is 64 bits, the hash above and the flow's number plus one below; 0 is free.
 */
final class FlowSlots {
    private final LazyMemory memory;
    private final long slots;
    private final int mask;

    /** @param capacity how many slots, a power of two */
    FlowSlots(int capacity) {
        memory = new LazyMemory((long) capacity * Long.BYTES);
        memory.grow((long) capacity * Long.BYTES);
        slots = memory.address();
        mask = capacity - 1;
    }

    int capacity() {
        return mask + 1;
    }

    /** The flow with this hash and key, or -1. */
    int find(
            ConnectionStore store,
            int hash,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            long rest) {
        for (int at = hash & mask; ; at = at + 1 & mask) {
            long slot = get(at);
            if (slot == 0) {
                return -1;
            }
            if ((int) (slot >>> 32) == hash) {
                int flow = (int) slot - 1;
                long record = FlowIndex.at(store, flow);
                if (LazyMemory.getLong(record + ConnectionStore.REST) == rest
                        && LazyMemory.getLong(record + ConnectionStore.SOURCE_LOW) == sourceLow
                        && LazyMemory.getLong(record + ConnectionStore.DESTINATION_LOW) == destinationLow
                        && LazyMemory.getLong(record + ConnectionStore.SOURCE_HIGH) == sourceHigh
                        && LazyMemory.getLong(record + ConnectionStore.DESTINATION_HIGH) == destinationHigh) {
                    return flow;
                }
            }
        }
    }

    /** Puts in a flow that is not in; a slot must be free. */
    void place(int hash, int flow) {
        place((long) hash << 32 | flow + 1L);
    }

    private void place(long slot) {
        int at = home(slot);
        while (get(at) != 0) {
            at = at + 1 & mask;
        }
        set(at, slot);
    }

    /** Takes out a flow; false when it is not in. */
    boolean remove(int hash, int flow) {
        long wanted = (long) hash << 32 | flow + 1L;
        for (int at = hash & mask; ; at = at + 1 & mask) {
            long slot = get(at);
            if (slot == wanted) {
                clear(at);
                return true;
            }
            if (slot == 0) {
                return false;
            }
        }
    }

    /** Moves everything at this slot, and what then takes its place, into a larger one. */
    void move(int at, FlowSlots larger) {
        for (long slot = get(at); slot != 0; slot = get(at)) {
            clear(at);
            larger.place(slot);
        }
    }

    /** Nobody asks any more. */
    void discard() {
        memory.discard();
    }

    private void clear(int freed) {
        int hole = freed;
        for (int at = hole + 1 & mask; get(at) != 0; at = at + 1 & mask) {
            // What lies behind the hole may move into it unless that would put it before its own place.
            long slot = get(at);
            if ((at - home(slot) & mask) >= (at - hole & mask)) {
                set(hole, slot);
                hole = at;
            }
        }
        set(hole, 0);
    }

    private int home(long slot) {
        return (int) (slot >>> 32) & mask;
    }

    private long get(int at) {
        return LazyMemory.getLong(slots + ((long) at << 3));
    }

    private void set(int at, long slot) {
        LazyMemory.putLong(slots + ((long) at << 3), slot);
    }
}
