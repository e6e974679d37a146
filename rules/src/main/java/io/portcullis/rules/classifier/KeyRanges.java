package io.portcullis.rules.classifier;

import java.util.Arrays;

/** Runs of keys of 128 bits, both ends included, in arrays; numbered as they are added. */
final class KeyRanges {
    private boolean[] v4 = new boolean[16];
    /** Of each run: upper and lower half of its first key, then of its last. */
    private long[] keys = new long[64];

    private int count;

    /** @param ofV4 whether they are keys of IPv4 addresses, which are apart from all others */
    void add(boolean ofV4, long firstHigh, long firstLow, long lastHigh, long lastLow) {
        if (count == v4.length) {
            v4 = Arrays.copyOf(v4, 2 * count);
            keys = Arrays.copyOf(keys, 8 * count);
        }
        v4[count] = ofV4;
        keys[4 * count] = firstHigh;
        keys[4 * count + 1] = firstLow;
        keys[4 * count + 2] = lastHigh;
        keys[4 * count + 3] = lastLow;
        count++;
    }

    int count() {
        return count;
    }

    /**
     * The places where runs begin and end, in the order of keys.
     *
     * @param ofV4 of which runs
     */
    Edges edges(boolean ofV4) {
        int most = 0;
        for (int i = 0; i < count; i++) {
            most += v4[i] == ofV4 ? 2 : 0;
        }
        Edges edges = new Edges(most);
        for (int i = 0; i < count; i++) {
            if (v4[i] != ofV4) {
                continue;
            }
            edges.add(keys[4 * i], keys[4 * i + 1], i, false);
            long low = keys[4 * i + 3] + 1;
            long high = keys[4 * i + 2] + (low == 0 ? 1 : 0);
            if (high != 0 || low != 0) {
                edges.add(high, low, i, true);
            }
        }
        edges.sort();
        return edges;
    }

    /** Where runs begin, or are over: the first key behind them. */
    static final class Edges {
        private static final long CHUNK = 0xffff_ffffL;

        private final long[] high;
        private final long[] low;
        /** Number of the run, and in the last bit whether it is over. */
        private final int[] what;

        private int[] order = {};
        private int count;

        private Edges(int most) {
            high = new long[most];
            low = new long[most];
            what = new int[most];
        }

        private void add(long atHigh, long atLow, int run, boolean over) {
            high[count] = atHigh;
            low[count] = atLow;
            what[count++] = run << 1 | (over ? 1 : 0);
        }

        /**
         * By 32 bits of the keys after the others, the last ones first: each time as numbers, with the place behind.
         */
        private void sort() {
            order = new int[count];
            Arrays.setAll(order, i -> i);
            long[] packed = new long[count];
            for (int chunk = 0; chunk < 4; chunk++) {
                long[] halves = chunk < 2 ? low : high;
                int shift = (chunk & 1) * Integer.SIZE;
                long different = 0;
                for (int i = 0; i < count; i++) {
                    long bits = halves[order[i]] >>> shift & CHUNK;
                    different |= bits ^ (halves[order[0]] >>> shift & CHUNK);
                    packed[i] = (bits << Integer.SIZE | i) ^ Long.MIN_VALUE;
                }
                if (different != 0) {
                    Arrays.sort(packed);
                    int[] before = order.clone();
                    for (int i = 0; i < count; i++) {
                        order[i] = before[(int) packed[i]];
                    }
                }
            }
        }

        int count() {
            return count;
        }

        long high(int edge) {
            return high[order[edge]];
        }

        long low(int edge) {
            return low[order[edge]];
        }

        int run(int edge) {
            return what[order[edge]] >>> 1;
        }

        boolean isOver(int edge) {
            return (what[order[edge]] & 1) != 0;
        }

        boolean isAtTheSame(int edge, int other) {
            return high(edge) == high(other) && low(edge) == low(other);
        }
    }
}
