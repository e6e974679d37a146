package io.portcullis.core.shaping;

/**
 * How much may pass. What counts is IP packets as they pass the pipe, from the IP header on.
 *
 * @param kbps thousands of bits a second, 0 for any number
 * @param pps packets a second, 0 for any number
 */
public record PipeLimit(int kbps, int pps) {
    /** Anything passes. */
    public static final PipeLimit NONE = new PipeLimit(0, 0);

    /** The highest rate, thousands of bits a second: 100 Gbit/s. */
    public static final int MOST_KBPS = 100_000_000;

    /** The highest rate of packets a second. */
    public static final int MOST_PPS = 100_000_000;

    public PipeLimit {
        if (kbps < 0 || kbps > MOST_KBPS || pps < 0 || pps > MOST_PPS) {
            throw new IllegalArgumentException(kbps + " kbps, " + pps + " packets a second");
        }
    }

    /** Whether anything passes. */
    public boolean isNone() {
        return kbps == 0 && pps == 0;
    }
}
