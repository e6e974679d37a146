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
    private final List<ConnectionView> found = new ArrayList<>();
    private final CompletableFuture<List<ConnectionView>> result = new CompletableFuture<>();
    private int cursor;

    private ConnectionScan(ConnectionFilter filter, int limit, boolean close) {
        this.filter = filter;
        this.limit = limit;
        this.close = close;
    }

    /** Lists up to {@code limit} connections. */
    public static ConnectionScan list(ConnectionFilter filter, int limit) {
        return new ConnectionScan(filter, limit, false);
    }

    /** Closes up to {@code limit} connections; the result is what they were. */
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
        for (int i = 0; i < slice && cursor < table.made() && found.size() < limit; i++) {
            Connection connection = table.connection(cursor++);
            if (connection.isOpen() && filter.matches(connection)) {
                found.add(ConnectionView.of(connection, table.secondsLeft(connection, now), now));
                if (close) {
                    table.close(connection, CloseReason.OPERATOR, now);
                }
            }
        }
        boolean done = cursor >= table.made() || found.size() >= limit;
        if (done) {
            result.complete(List.copyOf(found));
        }
        return done;
    }

    /** What was found, once it is done. */
    public CompletableFuture<List<ConnectionView>> result() {
        return result;
    }
}
