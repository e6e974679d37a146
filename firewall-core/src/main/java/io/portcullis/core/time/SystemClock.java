package io.portcullis.core.time;

import java.time.Instant;

/** The machine's clock; made once, at the edge. */
public final class SystemClock implements Clock {
    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant wall() {
        return Instant.now();
    }
}
