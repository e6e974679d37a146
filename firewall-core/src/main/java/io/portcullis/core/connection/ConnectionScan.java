package io.portcullis.core.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Lists connections, or closes them, while packets flow. Made by who asks, advanced by the worker a slice at a time,
 * then complete: {@link #result} may be waited for by any thread. What opens or closes meanwhile may be missed.
 */
public final class ConnectionScan {
    private final ConnectionFilter filter;
    private final int limit;
    private final boolean close;
    private final List<ConnectionView> views = new ArrayList<>();
    private final CompletableFuture<Found> result = new CompletableFuture<>();
    private int cursor;
    private int count;

    /**
     * What was found.
     *
     * @param views the first of them, as many as were asked for
     * @param count how many there were; the same as views in a list
     */
    public record Found(List<ConnectionView> views, int count) {}

    private ConnectionScan(ConnectionFilter filter, int limit, boolean close) {
        this.filter = filter;
        this.limit = limit;
        this.close = close;
    }

    /** Lists up to {@code limit} connections. */
    public static ConnectionScan list(ConnectionFilter filter, int limit) {
        return new ConnectionScan(filter, limit, false);
    }

    /** Closes connections, all of them, and lists up to {@code limit} as they were. */
    public static ConnectionScan close(ConnectionFilter filter, int limit) {
        return new ConnectionScan(filter, limit, true);
    }

    /**
     * Looks at the next connections. On the table's worker only.
     *
     * @param slice how many to look at
     * @return whether it is done
     */
    public boolean advance(ConnectionTable table, int slice, long now) {
        for (int i = 0; i < slice && !isDone(table); i++) {
            Connection connection = table.connection(cursor++);
            if (connection.isOpen() && filter.matches(connection, now)) {
                take(table, connection, now);
            }
        }
        boolean done = isDone(table);
        if (done) {
            result.complete(new Found(List.copyOf(views), count));
        }
        return done;
    }

    private void take(ConnectionTable table, Connection connection, long now) {
        count++;
        if (views.size() < limit) {
            views.add(ConnectionView.of(connection, table.secondsLeft(connection, now), now));
        }
        if (close) {
            table.close(connection, CloseReason.OPERATOR, now);
        }
    }

    private boolean isDone(ConnectionTable table) {
        return cursor >= table.made() || (!close && views.size() >= limit);
    }

    /** What was found, once it is done. */
    public CompletableFuture<Found> result() {
        return result;
    }
}
