package io.portcullis.core.connection;

import org.jspecify.annotations.Nullable;

/** Connections that may be sacrificed when the table is full, the first to go first. */
final class Replaceable {
    private @Nullable Connection first;
    private @Nullable Connection last;

    /** The one to replace, or null. */
    @Nullable
    Connection first() {
        return first;
    }

    /** Puts a connection that is not in the list at its end. */
    void add(Connection connection) {
        connection.replaceable = true;
        connection.replacePrevious = last;
        connection.replaceNext = null;
        if (last == null) {
            first = connection;
        } else {
            last.replaceNext = connection;
        }
        last = connection;
    }

    /** Takes the connection out; does nothing when it is not in. */
    void remove(Connection connection) {
        if (!connection.replaceable) {
            return;
        }
        Connection previous = connection.replacePrevious;
        Connection next = connection.replaceNext;
        if (previous == null) {
            first = next;
        } else {
            previous.replaceNext = next;
        }
        if (next == null) {
            last = previous;
        } else {
            next.replacePrevious = previous;
        }
        connection.replaceable = false;
        connection.replacePrevious = null;
        connection.replaceNext = null;
    }
}
