package io.portcullis.ipsec.esp;

import io.portcullis.core.iface.PacketWorker;

/** The mailbox of the worker that owns the SAs: bounded, in order, never blocking. */
@FunctionalInterface
public interface WorkerCommands {
    /** Something to do on the worker's thread. */
    @FunctionalInterface
    interface Command {
        /** @param now monotonic nanoseconds */
        void run(PacketWorker worker, long now);
    }

    /** Hands over a command; false when the mailbox is full. */
    boolean offer(Command command);
}
