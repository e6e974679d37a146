package io.portcullis.test.bench.row;

import java.time.Duration;

/** How much time a measurement may take. */
public enum Effort {
    /** So that the whole table takes less than four minutes. */
    QUICK(2, 2),
    FULL(5, 5);

    private final Duration warmUp;
    private final Duration counted;

    Effort(int warmUpSeconds, int seconds) {
        this.warmUp = Duration.ofSeconds(warmUpSeconds);
        this.counted = Duration.ofSeconds(seconds);
    }

    /** Traffic before what counts: compilers and windows settle. Whole seconds. */
    public Duration warmUp() {
        return warmUp;
    }

    /** One rate of a search for the highest. */
    public Duration step() {
        return counted.dividedBy(4);
    }

    /** Traffic that counts. Whole seconds. */
    public Duration counted() {
        return counted;
    }
}
