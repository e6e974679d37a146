package io.portcullis.core.iface;

/** How other threads reach the workers: for each bounded, in order, never blocking. */
@FunctionalInterface
public interface WorkerMailbox {
    /** Workers at most. */
    int MOST_WORKERS = 64;

    /** Hands a command to the first worker, or the only one; false when its mailbox is full. */
    boolean execute(WorkerCommand command);

    /** How many workers there are. */
    default int workers() {
        return 1;
    }

    /** Hands a command to a worker; false when its mailbox is full. */
    default boolean execute(int worker, WorkerCommand command) {
        return execute(command);
    }
}
