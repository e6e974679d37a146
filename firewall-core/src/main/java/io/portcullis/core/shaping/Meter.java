package io.portcullis.core.shaping;

/**
 * Measures a limit out: credit grows with time, packets spend it. A packet may go while there is no debt, so that one
 * may be as long as it likes; what was not used in {@link #WINDOW} is lost. In any time t at most
 * {@code rate * (t + WINDOW)} and one packet pass. All numbers are whole: nothing is rounded, and nothing drifts.
 * Belongs to one worker.
 */
final class Meter {
    /** How much of the past may be made up for, nanoseconds: a worker sleeps for less. */
    static final long WINDOW = 10_000_000L;

    /** No limit. */
    static final Meter NONE = new Meter(PipeLimit.NONE, 0);

    private static final long SECOND = 1_000_000_000L;
    private static final int OCTET = 8;

    /** Per second; and, since a bit costs as many as there are nanoseconds in a second, credit per nanosecond. */
    private final long bits;

    private final long packets;
    private long bitCredit;
    private long packetCredit;
    private long last;

    private Meter(PipeLimit limit, long now) {
        bits = limit.kbps() * 1000L;
        packets = limit.pps();
        last = now;
    }

    static Meter of(PipeLimit limit, long now) {
        return limit.isNone() ? NONE : new Meter(limit, now);
    }

    /** Begins anew, without credit. */
    void reset(long now) {
        if (isLimited()) {
            bitCredit = 0;
            packetCredit = 0;
            last = now;
        }
    }

    private boolean isLimited() {
        return bits != 0 || packets != 0;
    }

    /** Whether a packet may go now. */
    boolean mayPass(long now) {
        if (!isLimited()) {
            return true;
        }
        long elapsed = now - last;
        if (elapsed > 0) {
            last = now;
            bitCredit = grown(bitCredit, bits, elapsed);
            packetCredit = grown(packetCredit, packets, elapsed);
        }
        return bitCredit >= 0 && packetCredit >= 0;
    }

    private static long grown(long credit, long rate, long elapsed) {
        long most = rate * WINDOW;
        return rate == 0 || elapsed > (most - credit) / rate ? most : credit + rate * elapsed;
    }

    /** When a packet may go, asked for one that may not; monotonic nanoseconds. */
    long due(long now) {
        return now + Math.max(time(-bitCredit, bits), time(-packetCredit, packets));
    }

    private static long time(long debt, long rate) {
        return debt <= 0 ? 0 : Math.ceilDiv(debt, rate);
    }

    /** Something passes. */
    void spend(long octets, long count) {
        if (bits != 0) {
            bitCredit -= octets * OCTET * SECOND;
        }
        if (packets != 0) {
            packetCredit -= count * SECOND;
        }
    }
}
