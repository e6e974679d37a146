package io.portcullis.core.connection;

import org.jspecify.annotations.Nullable;

/**
 * When to look at which connection again: a ring of lists, one for each second or so. A packet does not move its
 * connection; that happens when its turn comes and it turns out not to be idle. What lies farther ahead than the ring
 * reaches is looked at when the ring has come round.
 */
final class ExpiryWheel {
    /** About a second, as a shift of nanoseconds. */
    private static final int TICK_SHIFT = 30;

    private static final int SLOTS = 512;

    private final @Nullable Connection[] slots = new Connection[SLOTS];
    private long tick;

    ExpiryWheel(long now) {
        tick = now >> TICK_SHIFT;
    }

    /** Puts a connection that is on no list where its turn comes at or after {@code deadline}. */
    void add(Connection connection, long deadline) {
        long due = (deadline >> TICK_SHIFT) + 1;
        long at = Math.min(Math.max(due, tick + 1), tick + SLOTS - 1);
        int slot = (int) (at & SLOTS - 1);
        Connection next = slots[slot];
        connection.wheelSlot = slot;
        connection.wheelPrevious = null;
        connection.wheelNext = next;
        if (next != null) {
            next.wheelPrevious = connection;
        }
        slots[slot] = connection;
    }

    void remove(Connection connection) {
        Connection next = connection.wheelNext;
        Connection previous = connection.wheelPrevious;
        if (next != null) {
            next.wheelPrevious = previous;
        }
        if (previous != null) {
            previous.wheelNext = next;
        } else {
            slots[connection.wheelSlot] = next;
        }
        connection.wheelNext = null;
        connection.wheelPrevious = null;
    }

    /** Takes out the next connection whose turn has come, or null when all that are due were taken. */
    @Nullable
    Connection due(long now) {
        long until = now >> TICK_SHIFT;
        if (until - tick > SLOTS) {
            // Once round is enough, however long nobody asked.
            tick = until - SLOTS;
        }
        while (tick <= until) {
            Connection first = slots[(int) (tick & SLOTS - 1)];
            if (first != null) {
                remove(first);
                return first;
            }
            if (tick == until) {
                return null;
            }
            tick++;
        }
        return null;
    }
}
