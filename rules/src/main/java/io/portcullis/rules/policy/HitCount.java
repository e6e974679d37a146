package io.portcullis.rules.policy;

import java.util.concurrent.atomic.AtomicLong;

/** How often a policy decided, and when last. Counted by workers once per new connection, read by anybody. */
final class HitCount {
    private final AtomicLong hits = new AtomicLong();
    private volatile long last;

    void hit(long now) {
        hits.incrementAndGet();
        last = now;
    }

    long hits() {
        return hits.get();
    }

    /** Monotonic nanoseconds; means nothing before the first hit. */
    long last() {
        return last;
    }
}
