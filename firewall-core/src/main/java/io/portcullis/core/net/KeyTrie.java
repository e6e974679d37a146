package io.portcullis.core.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From a key to the number of its interval, in a few dependent loads: the first bits of a key index a table, each
 * node behind it consumes six more and finds its child by counting bits (Asai and Ohara, "Poptrie", SIGCOMM 2015). A
 * stretch of bits in which nothing branches is compared at once, so that a lone host route costs one node, not twenty.
 * The table grows with the number of intervals; for one interval it is one cell. Immutable.
 *
 * <p>A reference is the number of a node, or the complement of a number.
 */
public final class KeyTrie {
    private static final int STRIDE = 6;
    private static final int SLOTS = 1 << STRIDE;
    private static final int MOST_DIRECT_BITS = 18;

    /** Of a node: slots with a child; slots where a leaf differs from the leaf before; first child and leaf; place. */
    private static final int CHILDREN = 0;

    private static final int RUNS = 1;
    private static final int BASES = 2;
    private static final int PLACE = 3;
    private static final int NODE = 4;
    /** Of a skip: bits that a key must have, numbers of the keys before and behind. */
    private static final int SKIP = 3;

    private final int directBits;
    private final int[] direct;
    private final long[] nodes;
    private final int[] leaves;
    private final long[] skips;

    /** @param intervals whose numbers are not negative */
    public KeyTrie(KeyIntervals intervals) {
        this(intervals, Math.min(MOST_DIRECT_BITS, bits(intervals)));
    }

    private KeyTrie(KeyIntervals intervals, int directBits) {
        this.directBits = directBits;
        direct = new int[1 << directBits];
        Builder builder = new Builder(intervals);
        int next = 1;
        for (int i = 0; i < direct.length; i++) {
            // In two steps, since Java takes a shift by 64, with no direct bits, for a shift by 0.
            long from = (long) i << 1 << (Long.SIZE - 1 - directBits);
            int before = next - 1;
            if (next < intervals.count() && intervals.startHigh(next) == from && intervals.startLow(next) == 0) {
                before = next++;
            }
            int first = next;
            while (next < intervals.count() && intervals.startHigh(next) >>> 1 >>> (Long.SIZE - 1 - directBits) == i) {
                next++;
            }
            if (first == next) {
                direct[i] = ~intervals.number(before);
            } else {
                direct[i] = builder.reserve(1);
                builder.fill(direct[i], first, next, directBits, 0);
            }
        }
        nodes = Arrays.copyOf(builder.nodes, builder.nodeCount * NODE);
        leaves = Arrays.copyOf(builder.leaves, builder.leafCount);
        skips = Arrays.copyOf(builder.skips, builder.skipCount * SKIP);
    }

    /**
     * A trie whose last nodes end with the keys, so that each is for 64 of them: where many intervals are single keys,
     * it takes half of the memory.
     *
     * @param intervals whose numbers are not negative, and which begin at keys with zeros behind these bits
     * @param keyBits 20..128
     */
    public static KeyTrie aligned(KeyIntervals intervals, int keyBits) {
        int last = keyBits % STRIDE;
        int wanted = Math.min(MOST_DIRECT_BITS, bits(intervals));
        // As many whole strides before the last bits as come nearest to what is wanted, and not above the most.
        int strides = Math.clamp((wanted - last + STRIDE / 2) / STRIDE, 0, (MOST_DIRECT_BITS - last) / STRIDE);
        return new KeyTrie(intervals, last + strides * STRIDE);
    }

    private static int bits(KeyIntervals intervals) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(intervals.count() - 1);
    }

    /** The number of the interval that the key lies in. */
    public int find(long high, long low) {
        int reference = direct[(int) (high >>> 1 >>> (Long.SIZE - 1 - directBits))];
        int depth = directBits;
        while (reference >= 0) {
            int node = reference * NODE;
            long place = nodes[node + PLACE];
            int branch = (int) place & 0xff;
            if (branch != depth) {
                int skip = (int) (place >>> Byte.SIZE) * SKIP;
                int order = compareBits(high, low, skips[skip], skips[skip + 1], branch);
                if (order != 0) {
                    return (int) (order < 0 ? skips[skip + 2] >>> Integer.SIZE : skips[skip + 2]);
                }
                depth = branch;
            }
            long bit = 1L << KeyIntervals.slot(high, low, depth);
            long children = nodes[node + CHILDREN];
            long bases = nodes[node + BASES];
            if ((children & bit) == 0) {
                return leaves[(int) bases + Long.bitCount(nodes[node + RUNS] & (bit | (bit - 1))) - 1];
            }
            reference = (int) (bases >>> Integer.SIZE) + Long.bitCount(children & (bit - 1));
            depth += STRIDE;
        }
        return ~reference;
    }

    /** Octets that look-ups walk through. */
    public long size() {
        return Integer.BYTES * ((long) direct.length + leaves.length)
                + Long.BYTES * ((long) nodes.length + skips.length);
    }

    /** Order of the first bits of two keys, 1..128 of them. */
    private static int compareBits(long high, long low, long otherHigh, long otherLow, int bits) {
        if (bits <= Long.SIZE) {
            int shift = Long.SIZE - bits;
            return Long.compareUnsigned(high >>> shift, otherHigh >>> shift);
        }
        int shift = 2 * Long.SIZE - bits;
        int byHigh = Long.compareUnsigned(high, otherHigh);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low >>> shift, otherLow >>> shift);
    }

    /** Lays nodes out, the children of one node side by side. */
    private static final class Builder {
        private final KeyIntervals intervals;
        private long[] nodes = new long[NODE * 16];
        private int[] leaves = new int[SLOTS];
        private long[] skips = new long[SKIP * 4];
        /** Two for each level that is being filled. */
        private final List<int[]> scratch = new ArrayList<>();

        private int nodeCount;
        private int leafCount;
        private int skipCount;

        Builder(KeyIntervals intervals) {
            this.intervals = intervals;
        }

        /** Takes room for nodes side by side; the number of the first. */
        int reserve(int count) {
            int first = nodeCount;
            nodeCount += count;
            if (nodeCount * NODE > nodes.length) {
                nodes = Arrays.copyOf(nodes, Math.max(nodeCount * NODE, nodes.length * 2));
            }
            return first;
        }

        /**
         * Makes the node for a block of keys that have {@code depth} bits in common, from the intervals that begin in
         * it, behind its first key. {@code level} nodes are above it.
         */
        void fill(int node, int from, int to, int depth, int level) {
            int branch = to - from == 1 ? intervals.significantBits(from) - STRIDE : intervals.commonBits(from, to - 1);
            long place = depth;
            if (branch >= depth + STRIDE) {
                place = (long) skip(from, to) << Byte.SIZE | branch;
            } else {
                branch = depth;
            }
            int[] firsts = scratch(2 * level);
            int[] ends = scratch(2 * level + 1);
            long children = 0;
            long runs = 0;
            int leafBase = leafCount;
            int last = -1;
            int next = from;
            for (int slot = 0; slot < SLOTS; slot++) {
                if (next < to && slotOf(next, branch) == slot && intervals.significantBits(next) <= branch + STRIDE) {
                    next++;
                }
                firsts[slot] = next;
                while (next < to && slotOf(next, branch) == slot) {
                    next++;
                }
                ends[slot] = next;
                if (firsts[slot] < next) {
                    children |= 1L << slot;
                } else if (intervals.number(next - 1) != last) {
                    last = intervals.number(next - 1);
                    runs |= 1L << slot;
                    leaf(last);
                }
            }
            int child = reserve(Long.bitCount(children));
            nodes[node * NODE + CHILDREN] = children;
            nodes[node * NODE + RUNS] = runs;
            nodes[node * NODE + BASES] = (long) child << Integer.SIZE | leafBase;
            nodes[node * NODE + PLACE] = place;
            for (long left = children; left != 0; left &= left - 1) {
                int slot = Long.numberOfTrailingZeros(left);
                fill(child++, firsts[slot], ends[slot], branch + STRIDE, level + 1);
            }
        }

        private int[] scratch(int number) {
            while (scratch.size() <= number) {
                scratch.add(new int[SLOTS]);
            }
            return scratch.get(number);
        }

        private int slotOf(int interval, int depth) {
            return KeyIntervals.slot(intervals.startHigh(interval), intervals.startLow(interval), depth);
        }

        private void leaf(int number) {
            if (leafCount == leaves.length) {
                leaves = Arrays.copyOf(leaves, 2 * leafCount);
            }
            leaves[leafCount++] = number;
        }

        private int skip(int from, int to) {
            int at = skipCount * SKIP;
            if (at == skips.length) {
                skips = Arrays.copyOf(skips, 2 * at);
            }
            skips[at] = intervals.startHigh(from);
            skips[at + 1] = intervals.startLow(from);
            skips[at + 2] = (long) intervals.number(from - 1) << Integer.SIZE | intervals.number(to - 1);
            return skipCount++;
        }
    }
}
