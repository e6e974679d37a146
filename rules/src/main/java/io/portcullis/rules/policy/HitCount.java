package io.portcullis.rules.policy;

import java.util.concurrent.atomic.LongAdder;

/**
 * How often a policy decided, and when last. Counted by workers once per new connection, read by anybody. Workers that
 * count at once get cells of their own, so that a flood against one policy does not move one cache line to and fro.
 */
final class HitCount {
    /** Counts nothing: for the rule set of a firewall that has no configuration yet. */
    static final HitCount NONE = new HitCount(false);

    /** The time of the last hit is this exact, nanoseconds: people read seconds. */
    private static final long EXACT = 10_000_000L;

    private final boolean counts;
    private final LongAdder hits = new LongAdder();
    private volatile long last = Long.MIN_VALUE;

    HitCount() {
        this(true);
    }

    private HitCount(boolean counts) {
        this.counts = counts;
    }

    void hit(long now) {
        if (counts) {
            hits.increment();
            long before = last;
            if (before == Long.MIN_VALUE || now - before > EXACT) {
                last = now;
            }
        }
    }

    long hits() {
        return hits.sum();
    }

    /** Monotonic nanoseconds; means nothing before the first hit. */
    long last() {
        return last;
    }
}
