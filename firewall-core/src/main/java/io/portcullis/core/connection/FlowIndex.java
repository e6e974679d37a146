package io.portcullis.core.connection;

import org.jspecify.annotations.Nullable;

/**
 * Flows by ingress interface, addresses, ports and protocol: one hash and one run of slots, whichever direction asks.
 * A flow's number is twice its connection's, and one more for the reply. Never more than half full: when it would be,
 * slots of twice the number are begun, and the old ones move over a few with each flow that is added.
 */
final class FlowIndex {
    /** Slots at first. */
    static final int FIRST = 1024;
    /** Slots that move with each added flow: more than two, so that all have moved before the next doubling. */
    private static final int MOVES = 8;

    private final ConnectionStore store;
    private final long secret;
    private final long otherSecret;
    private FlowSlots slots = new FlowSlots(FIRST);
    private @Nullable FlowSlots moving;
    private int moved;
    private int size;

    /** @param secret chosen at random, lest someone outside picks addresses that collide */
    FlowIndex(ConnectionStore store, long secret, long otherSecret) {
        this.store = store;
        this.secret = secret;
        this.otherSecret = otherSecret | 1;
    }

    /** Where the flow's part of its record begins. */
    static long at(ConnectionStore store, int flow) {
        return store.at(flow >>> 1) + (flow & 1L) * ConnectionStore.REPLY;
    }

    /** What of a key is neither address, in 64 bits. */
    static long rest(int ingress, int protocol, int sourcePort, int destinationPort) {
        return (long) sourcePort << 48 | (long) destinationPort << 32 | (long) protocol << 24 | ingress;
    }

    /**
     * The number of the flow, or -1.
     *
     * @param rest as {@link #rest} makes it
     */
    int find(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, long rest) {
        int hash = hash(sourceHigh, sourceLow, destinationHigh, destinationLow, rest);
        int flow = slots.find(store, hash, sourceHigh, sourceLow, destinationHigh, destinationLow, rest);
        return flow < 0 && moving != null
                ? moving.find(store, hash, sourceHigh, sourceLow, destinationHigh, destinationLow, rest)
                : flow;
    }

    /**
     * Makes room for this many flows more; adding them cannot fail then.
     *
     * @throws IllegalStateException when the system has no memory; the index is as it was
     */
    void makeRoom(int flows) {
        if (size + flows <= slots.capacity() / 2) {
            return;
        }
        FlowSlots larger = new FlowSlots(slots.capacity() * 2);
        advance(slots.capacity());
        moving = slots;
        moved = 0;
        slots = larger;
    }

    /** Adds a flow whose record has its key, which is not in the index yet. */
    void add(int flow) {
        makeRoom(1);
        advance(MOVES);
        slots.place(hash(flow), flow);
        size++;
    }

    /** Takes out a flow that is in the index, and whose record still has its key. */
    void remove(int flow) {
        int hash = hash(flow);
        if (!slots.remove(hash, flow) && (moving == null || !moving.remove(hash, flow))) {
            throw new IllegalStateException("flow " + flow + " is not in the index");
        }
        size--;
    }

    /** Moves up to this many of the old slots, when there are any. */
    void advance(int most) {
        FlowSlots old = moving;
        if (old == null) {
            return;
        }
        int until = Math.min(moved + most, old.capacity());
        while (moved < until) {
            old.move(moved++, slots);
        }
        if (moved == old.capacity()) {
            old.discard();
            moving = null;
        }
    }

    /** Octets of memory that slots may have touched. */
    long octets() {
        return (slots.capacity() + (moving == null ? 0L : moving.capacity())) * Long.BYTES;
    }

    private int hash(int flow) {
        long at = at(store, flow);
        return hash(
                LazyMemory.getLong(at + ConnectionStore.SOURCE_HIGH),
                LazyMemory.getLong(at + ConnectionStore.SOURCE_LOW),
                LazyMemory.getLong(at + ConnectionStore.DESTINATION_HIGH),
                LazyMemory.getLong(at + ConnectionStore.DESTINATION_LOW),
                LazyMemory.getLong(at + ConnectionStore.REST));
    }

    private int hash(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, long rest) {
        long hash = FlowHash.mix(sourceLow ^ secret, destinationLow ^ otherSecret);
        if ((sourceHigh | destinationHigh) != 0) {
            hash ^= FlowHash.mix(sourceHigh ^ otherSecret, destinationHigh + secret);
        }
        hash = FlowHash.mix(hash ^ secret, rest ^ otherSecret);
        return (int) (hash ^ hash >>> 32);
    }
}
