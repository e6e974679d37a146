package io.portcullis.core.pipeline;

/** What one worker counts about itself: written by its thread, read by others a moment late. */
final class WorkerCounters {
    long bursts;
    long packets;
    long busyNanos;
    long idleNanos;
    long rounds;
    volatile boolean asleep;

    void received(int burst) {
        if (burst > 0) {
            bursts++;
            packets += burst;
        }
    }

    void passed(long nanos, boolean asleep) {
        if (asleep) {
            idleNanos += nanos;
        } else {
            busyNanos += nanos;
        }
    }
}
