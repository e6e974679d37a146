package io.portcullis.cli.operation;

import java.util.Locale;

/** Spans of time as an administrator reads them. */
final class Elapsed {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Elapsed() {}

    /** The two largest units: {@code 45s}, {@code 3m 20s}, {@code 2h 5m}, {@code 12d 3h}. */
    static String of(long seconds) {
        long span = Math.max(0, seconds);
        if (span < MINUTE) {
            return span + "s";
        }
        if (span < HOUR) {
            return span / MINUTE + "m " + span % MINUTE + "s";
        }
        if (span < DAY) {
            return span / HOUR + "h " + span % HOUR / MINUTE + "m";
        }
        return span / DAY + "d " + span % DAY / HOUR + "h";
    }

    /** As {@link #of}, between two readings of the clock. */
    static String between(long fromNanos, long toNanos) {
        return of((toNanos - fromNanos) / SECOND);
    }

    /** Nanoseconds as milliseconds with one decimal. */
    static String milliseconds(double nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
    }
}
