package io.portcullis.core.connection;

/** Which connections are asked for. Asked on the worker whose connections they are, which must not wait. */
@FunctionalInterface
public interface ConnectionFilter {
    /** Every connection. */
    ConnectionFilter ALL = (_, _) -> true;

    /** @param now monotonic nanoseconds */
    boolean matches(Connection connection, long now);

    /** Those that the other filter lets through too. */
    default ConnectionFilter and(ConnectionFilter other) {
        return (connection, now) -> matches(connection, now) && other.matches(connection, now);
    }
}
