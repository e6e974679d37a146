package io.portcullis.rules.policy;

import java.util.concurrent.atomic.AtomicLong;

/** How often a policy decided, and when last. Counted by workers once per new connection, read by anybody. */
final class HitCount {
    /** Counts nothing: for the rule set of a firewall that has no configuration yet. */
    static final HitCount NONE = new HitCount(false);

    private final boolean counts;
    private final AtomicLong hits = new AtomicLong();
    private volatile long last;

    HitCount() {
        this(true);
    }

    private HitCount(boolean counts) {
        this.counts = counts;
    }

    void hit(long now) {
        if (counts) {
            hits.incrementAndGet();
            last = now;
        }
    }

    long hits() {
        return hits.get();
    }

    /** Monotonic nanoseconds; means nothing before the first hit. */
    long last() {
        return last;
    }
}
