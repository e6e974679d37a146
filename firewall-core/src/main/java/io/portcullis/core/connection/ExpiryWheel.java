package io.portcullis.core.connection;

import java.util.Arrays;

/**
 * When to look at which connection again: a ring of lists, one for each second or so. A packet does not move its
 * connection; that happens when its turn comes and it turns out not to be idle. What lies farther ahead than the ring
 * reaches is looked at when the ring has come round. The lists run through the connections' records.
 */
final class ExpiryWheel {
    /** About a second, as a shift of nanoseconds. */
    private static final int TICK_SHIFT = 30;

    private static final int SLOTS = 512;
    private static final int NONE = -1;

    private final ConnectionStore store;
    private final int[] slots = new int[SLOTS];
    private long tick;

    ExpiryWheel(ConnectionStore store, long now) {
        this.store = store;
        Arrays.fill(slots, NONE);
        tick = now >> TICK_SHIFT;
    }

    /** Puts a connection that is on no list where its turn comes at or after {@code deadline}. */
    void add(int connection, long deadline) {
        long due = (deadline >> TICK_SHIFT) + 1;
        long at = Math.min(Math.max(due, tick + 1), tick + SLOTS - 1);
        int slot = (int) (at & SLOTS - 1);
        int next = slots[slot];
        // The first of a list has its slot before it, the last itself behind it.
        store.link(connection, ConnectionStore.WHEEL_PREVIOUS, slot);
        store.link(connection, ConnectionStore.WHEEL_NEXT, next == NONE ? connection : next);
        if (next != NONE) {
            store.link(next, ConnectionStore.WHEEL_PREVIOUS, connection);
        }
        slots[slot] = connection;
    }

    /** Takes out a connection that is on a list. */
    void remove(int connection) {
        int next = store.link(connection, ConnectionStore.WHEEL_NEXT);
        int previous = store.link(connection, ConnectionStore.WHEEL_PREVIOUS);
        boolean isLast = next == connection;
        // A number before it may be a slot's or a connection's: it is first only of the slot that says so.
        boolean isFirst = previous < SLOTS && slots[previous] == connection;
        if (!isLast) {
            store.link(next, ConnectionStore.WHEEL_PREVIOUS, previous);
        }
        if (isFirst) {
            slots[previous] = isLast ? NONE : next;
        } else {
            store.link(previous, ConnectionStore.WHEEL_NEXT, isLast ? previous : next);
        }
    }

    /** Takes out the next connection whose turn has come, or -1 when all that are due were taken. */
    int due(long now) {
        long until = now >> TICK_SHIFT;
        if (until - tick > SLOTS) {
            // Once round is enough, however long nobody asked.
            tick = until - SLOTS;
        }
        while (tick <= until) {
            int first = slots[(int) (tick & SLOTS - 1)];
            if (first != NONE) {
                remove(first);
                return first;
            }
            if (tick == until) {
                return NONE;
            }
            tick++;
        }
        return NONE;
    }
}
