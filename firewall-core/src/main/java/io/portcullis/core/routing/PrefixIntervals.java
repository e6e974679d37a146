package io.portcullis.core.routing;

import io.portcullis.core.net.IpNetwork;
import java.util.Arrays;

/**
 * Nested networks of one family flattened into disjoint intervals: where each begins, and the group of its innermost
 * network. Addresses are keys of 128 bits in which both families begin at the first bit, IPv4 with 96 zeros behind.
 */
final class PrefixIntervals {
    /** Group of addresses that lie in no network. */
    static final int NOWHERE = 0;

    private static final int V4_BITS = 32;
    private static final int MOST_NESTED = 130;

    private long[] startHigh;
    private long[] startLow;
    private int[] groups;
    private int count;

    /** Last keys and groups of the networks that the sweep is in, the innermost last. */
    private final long[] lastHigh = new long[MOST_NESTED];

    private final long[] lastLow = new long[MOST_NESTED];
    private final int[] open = new int[MOST_NESTED];
    private int depth;

    PrefixIntervals(int networks) {
        startHigh = new long[networks + 1];
        startLow = new long[networks + 1];
        groups = new int[networks + 1];
        innermostFrom(0, 0, NOWHERE);
    }

    static long keyHigh(long high, long low) {
        return isV4(high, low) ? low << V4_BITS : high;
    }

    static long keyLow(long high, long low) {
        return isV4(high, low) ? 0 : low;
    }

    private static boolean isV4(long high, long low) {
        return high == 0 && low >>> V4_BITS == 0xffffL;
    }

    /** The next network: by first address, and an outer one before what lies in it. */
    void enter(IpNetwork network, int group) {
        long high = network.address().high();
        long low = network.address().low();
        long firstHigh = keyHigh(high, low);
        long firstLow = keyLow(high, low);
        while (depth > 0 && compare(lastHigh[depth - 1], lastLow[depth - 1], firstHigh, firstLow) < 0) {
            leave();
        }
        int bits = network.prefixLength();
        lastHigh[depth] = firstHigh | (bits >= Long.SIZE ? 0 : -1L >>> bits);
        lastLow[depth] = bits <= Long.SIZE ? -1L : bits == 2 * Long.SIZE ? firstLow : firstLow | -1L >>> bits;
        open[depth++] = group;
        innermostFrom(firstHigh, firstLow, group);
    }

    /** No more networks. */
    void close() {
        while (depth > 0) {
            leave();
        }
    }

    private void leave() {
        depth--;
        long low = lastLow[depth] + 1;
        long high = lastHigh[depth] + (low == 0 ? 1 : 0);
        // Behind the last of all addresses nothing begins.
        if (high != 0 || low != 0) {
            innermostFrom(high, low, depth == 0 ? NOWHERE : open[depth - 1]);
        }
    }

    private void innermostFrom(long high, long low, int group) {
        if (count > 0 && startHigh[count - 1] == high && startLow[count - 1] == low) {
            count--;
        }
        if (count > 0 && groups[count - 1] == group) {
            return;
        }
        if (count == groups.length) {
            int more = 2 * count + 1;
            startHigh = Arrays.copyOf(startHigh, more);
            startLow = Arrays.copyOf(startLow, more);
            groups = Arrays.copyOf(groups, more);
        }
        startHigh[count] = high;
        startLow[count] = low;
        groups[count++] = group;
    }

    /** Number of intervals; the first begins at the first address. */
    int count() {
        return count;
    }

    int group(int interval) {
        return groups[interval];
    }

    long startHigh(int interval) {
        return startHigh[interval];
    }

    long startLow(int interval) {
        return startLow[interval];
    }

    /** The 6 bits behind this many of a key; bits behind the 128th are zero. */
    static int slot(long high, long low, int depth) {
        if (depth <= Long.SIZE - 6) {
            return (int) (high << depth >>> 58);
        }
        if (depth < Long.SIZE) {
            return (int) ((high << depth | low >>> -depth) >>> 58);
        }
        return (int) (low << depth >>> 58);
    }

    /** Bits that the starts of two intervals have in common, 0..127. */
    int commonBits(int one, int other) {
        long different = startHigh[one] ^ startHigh[other];
        return different != 0
                ? Long.numberOfLeadingZeros(different)
                : Long.SIZE + Long.numberOfLeadingZeros(startLow[one] ^ startLow[other]);
    }

    /** Bits up to the last that is 1 in the interval's start, 0..128. */
    int significantBits(int interval) {
        return startLow[interval] != 0
                ? 2 * Long.SIZE - Long.numberOfTrailingZeros(startLow[interval])
                : startHigh[interval] == 0 ? 0 : Long.SIZE - Long.numberOfTrailingZeros(startHigh[interval]);
    }

    static int compare(long high, long low, long otherHigh, long otherLow) {
        int byHigh = Long.compareUnsigned(high, otherHigh);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
    }
}
