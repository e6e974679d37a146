package io.portcullis.core.iface;

/** Something to do on a worker's thread, between two bursts. Must be short and must not block. */
@FunctionalInterface
public interface WorkerCommand {
    /** @param now monotonic nanoseconds */
    void run(PacketWorker worker, long now);
}
