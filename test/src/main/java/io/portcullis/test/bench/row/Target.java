package io.portcullis.test.bench.row;

import java.util.Locale;

/** What a figure should be; {@code peer} is NaN where there is none. */
public sealed interface Target {
    /** At least so many times the peer's. */
    record TimesPeer(double factor) implements Target {}

    /** At most so many times the peer's. */
    record AtMostTimesPeer(double factor) implements Target {}

    /** At least this, whatever others reach. */
    record AtLeast(double value) implements Target {}

    /** At most this. */
    record AtMost(double value) implements Target {}

    /** At most this much more than the peer's. */
    record AtMostAbovePeer(double value) implements Target {}

    /** Only to be known. */
    record None() implements Target {}

    /** Whether medians reach it; true when there is nothing to reach. */
    default boolean reached(double ours, double peer) {
        return switch (this) {
            case TimesPeer times -> ours >= times.factor * peer;
            case AtMostTimesPeer times -> ours <= times.factor * peer;
            case AtLeast least -> ours >= least.value;
            case AtMost most -> ours <= most.value;
            case AtMostAbovePeer above -> ours - peer <= above.value;
            case None _ -> true;
        };
    }

    /** For the table. */
    default String text() {
        return switch (this) {
            case TimesPeer times -> ">= " + number(times.factor) + "x";
            case AtMostTimesPeer times -> "<= " + number(times.factor) + "x";
            case AtLeast least -> ">= " + number(least.value);
            case AtMost most -> "<= " + number(most.value);
            case AtMostAbovePeer above -> "<= peer + " + number(above.value);
            case None _ -> "";
        };
    }

    private static String number(double value) {
        return value == Math.rint(value) ? "%.0f".formatted(value) : String.format(Locale.ROOT, "%s", value);
    }
}
