package io.portcullis.core.time;

import java.time.Instant;

/** Where time comes from. Everything below the edges gets it from here or as an argument (docs/architecture). */
public interface Clock {
    /** Nanoseconds since an arbitrary instant; never runs backwards. */
    long nanos();

    /** Wall time, for people and for log lines only. */
    Instant wall();
}
