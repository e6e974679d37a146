package io.portcullis.core.fragment;

/**
 * How many datagrams may wait for their fragments, and for how long.
 *
 * @param datagrams at a time; each holds a packet buffer
 * @param idleNanos since the latest fragment
 * @param totalNanos since the first one
 * @param doneNanos how long further fragments of a complete datagram are known as such
 * @param illegalNanos how long those of a datagram are refused that contradicted itself
 */
public record FragmentLimits(int datagrams, long idleNanos, long totalNanos, long doneNanos, long illegalNanos) {
    private static final long SECOND = 1_000_000_000L;

    /** With times in seconds. */
    public static FragmentLimits ofSeconds(int datagrams, int idle, int total, int done, int illegal) {
        return new FragmentLimits(datagrams, idle * SECOND, total * SECOND, done * SECOND, illegal * SECOND);
    }

    /** An equal share of the datagrams for each of so many workers. */
    public FragmentLimits share(int workers) {
        return new FragmentLimits(Math.ceilDiv(datagrams, workers), idleNanos, totalNanos, doneNanos, illegalNanos);
    }
}
