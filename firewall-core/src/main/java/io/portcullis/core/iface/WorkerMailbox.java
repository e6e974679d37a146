package io.portcullis.core.iface;

/** How other threads reach a worker: bounded, in order, never blocking. */
@FunctionalInterface
public interface WorkerMailbox {
    /** Hands over a command; false when the mailbox is full. */
    boolean execute(WorkerCommand command);
}
