package io.portcullis.core.routing;

import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.KeyIntervals;

/** Flattens nested networks of one family into disjoint intervals, each with the number of its innermost network. */
final class PrefixIntervals {
    /** Number of addresses that lie in no network. */
    private static final int NOWHERE = 0;

    private static final int MOST_NESTED = 130;

    private final KeyIntervals intervals;
    /** Last keys and numbers of the networks that the sweep is in, the innermost last. */
    private final long[] lastHigh = new long[MOST_NESTED];

    private final long[] lastLow = new long[MOST_NESTED];
    private final int[] open = new int[MOST_NESTED];
    private int depth;

    PrefixIntervals(int networks) {
        intervals = new KeyIntervals(networks);
    }

    /** The next network: by first address, and an outer one before what lies in it. */
    void enter(IpNetwork network, int number) {
        long high = network.address().high();
        long low = network.address().low();
        long firstHigh = KeyIntervals.keyHigh(high, low);
        long firstLow = KeyIntervals.keyLow(high, low);
        while (depth > 0 && isBehind(firstHigh, firstLow, lastHigh[depth - 1], lastLow[depth - 1])) {
            leave();
        }
        int bits = network.prefixLength();
        lastHigh[depth] = firstHigh | (bits >= Long.SIZE ? 0 : -1L >>> bits);
        lastLow[depth] = bits <= Long.SIZE ? -1L : bits == 2 * Long.SIZE ? firstLow : firstLow | -1L >>> bits;
        open[depth++] = number;
        intervals.begin(firstHigh, firstLow, number);
    }

    /** All of it; no more networks follow. */
    KeyIntervals close() {
        while (depth > 0) {
            leave();
        }
        return intervals;
    }

    private void leave() {
        depth--;
        long low = lastLow[depth] + 1;
        long high = lastHigh[depth] + (low == 0 ? 1 : 0);
        // Behind the last of all addresses nothing begins.
        if (high != 0 || low != 0) {
            intervals.begin(high, low, depth == 0 ? NOWHERE : open[depth - 1]);
        }
    }

    private static boolean isBehind(long high, long low, long otherHigh, long otherLow) {
        int byHigh = Long.compareUnsigned(high, otherHigh);
        return byHigh > 0 || (byHigh == 0 && Long.compareUnsigned(low, otherLow) > 0);
    }
}
