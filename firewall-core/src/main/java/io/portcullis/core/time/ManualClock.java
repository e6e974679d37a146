package io.portcullis.core.time;

import java.time.Duration;
import java.time.Instant;

/** A clock that stands still until told to move: for simulations and tests. Not thread-safe. */
public final class ManualClock implements Clock {
    private long nanos;
    private final Instant start;

    public ManualClock(Instant start) {
        this.start = start;
    }

    public void advance(Duration by) {
        nanos += by.toNanos();
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant wall() {
        return start.plusNanos(nanos);
    }
}
