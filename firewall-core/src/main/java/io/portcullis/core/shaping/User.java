package io.portcullis.core.shaping;

import org.jspecify.annotations.Nullable;

/** A user of a pipe: whose packets have limits together. A pipe without grouping has one. */
final class User {
    long high;
    long low;
    int port;

    final Meter total;
    final Lane[] lanes = new Lane[PipeDefinition.PRECEDENCES];
    final Meter[] precedences = new Meter[PipeDefinition.PRECEDENCES];
    final Throughput passed;

    /** Packets that wait, and their octets. */
    int waiting;

    long octets;
    /** What it has had of its share, where users get equal ones: octets, counted from the pipe's beginning. */
    long had;
    /** Its place among those that have packets waiting, -1 for none. */
    int place = -1;

    /** When its last packet came, monotonic nanoseconds. */
    long lastSeen;

    // Where the table has it.
    @Nullable
    User nextInBucket;

    @Nullable
    User older;

    @Nullable
    User newer;

    User(PipeDefinition definition, long now) {
        total = Meter.of(definition.userTotal(), now);
        passed = new Throughput(now);
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new Lane();
            precedences[i] = Meter.of(definition.userPrecedences().get(i), now);
        }
    }

    boolean is(long otherHigh, long otherLow, int otherPort) {
        return high == otherHigh && low == otherLow && port == otherPort;
    }

    /** Becomes another, who has had nothing yet. Nothing waits. */
    void become(long newHigh, long newLow, int newPort, long now) {
        high = newHigh;
        low = newLow;
        port = newPort;
        had = 0;
        total.reset(now);
        passed.reset(now);
        for (Meter meter : precedences) {
            meter.reset(now);
        }
    }
}
