package io.portcullis.core.connection;

/**
 * Connections that may be sacrificed when the table is full, the first to go first. The list runs through the
 * connections' records; a mark in each says whether it is in.
 */
final class Replaceable {
    private static final int NONE = -1;

    private final ConnectionStore store;
    private int first = NONE;
    private int last = NONE;

    Replaceable(ConnectionStore store) {
        this.store = store;
    }

    /** The one to replace, or -1. */
    int first() {
        return first;
    }

    /** Puts a connection that is not in the list at its end. */
    void add(Connection connection) {
        int number = connection.number();
        connection.mark(Connection.REPLACEABLE, true);
        if (last == NONE) {
            first = number;
        } else {
            store.link(number, ConnectionStore.REPLACE_PREVIOUS, last);
            store.link(last, ConnectionStore.REPLACE_NEXT, number);
        }
        last = number;
    }

    /** Takes the connection out; does nothing when it is not in. */
    void remove(Connection connection) {
        if (!connection.is(Connection.REPLACEABLE)) {
            return;
        }
        int number = connection.number();
        // What stands before the first and behind the last means nothing.
        int previous = number == first ? NONE : store.link(number, ConnectionStore.REPLACE_PREVIOUS);
        int next = number == last ? NONE : store.link(number, ConnectionStore.REPLACE_NEXT);
        if (previous == NONE) {
            first = next;
        } else {
            store.link(previous, ConnectionStore.REPLACE_NEXT, next);
        }
        if (next == NONE) {
            last = previous;
        } else {
            store.link(next, ConnectionStore.REPLACE_PREVIOUS, previous);
        }
        connection.mark(Connection.REPLACEABLE, false);
    }
}
