package io.portcullis.rules.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decision trees over the classes of {@link Dimension}s: a node cuts one dimension's classes into up to 64 equal parts
 * and has a child for each; a leaf is a short list of rules to compare with (after Gupta and McKeown, "Packet
 * classification using hierarchical intelligent cuttings", Hot Interconnects 1999, on classes instead of values).
 *
 * <p>A rule is repeated in each part that it reaches into. What a tree may take is limited, repeated rules and children
 * together ({@link #mostLongs}), and so is the time to make it, as rules that are looked at in all nodes
 * ({@link #mostLooks}): a node that has used up its share becomes a leaf, however long. A node's share is divided among
 * its children by the rules that they have. So rules are best given to several trees, each with rules that are narrow
 * in the same dimensions.
 *
 * <p>A reference says all that is needed for the next step, so that a node is one load and nothing but the children's
 * references is in memory: the place of the first child, and which bits of a packet's {@link Packing} count the child.
 * One to a leaf is of {@link LeafLists}.
 */
final class CutTree {
    /** Longest list that is not cut any further. */
    private static final int SHORT = 4;

    private static final int MOST_BITS = 6;
    private static final int MOST_PARTS = 1 << MOST_BITS;
    /**
     * Rules that a part has in a node that has few, if none is repeated: more parts would be empty, and take memory.
     */
    private static final int RULES_PER_PART = 2;
    /** What the children of a node may have together, times what the node has. */
    private static final int SPREAD = 4;
    /** Words that a tree may take, and for each rule. */
    private static final int SOME_LONGS = 4096;

    private static final int LONGS_PER_RULE = 64;
    /** Rules that may be looked at for a tree, and for each rule. */
    private static final int SOME_LOOKS = 4096;

    private static final int LOOKS_PER_RULE = 128;
    /** Where bits are set that stand for 2, 4, 8, 16, 32 and 64 parts each. */
    private static final long[] EVERY = {
        0x5555_5555_5555_5555L,
        0x1111_1111_1111_1111L,
        0x0101_0101_0101_0101L,
        0x0001_0001_0001_0001L,
        0x0000_0001_0000_0001L,
        1
    };

    private static final int WORD_AT = 38;
    private static final int MASK_AT = 40;

    private final Dimension[] dimensions;
    private final Packing packing;
    /** Whether the rule matches whatever has its classes. */
    private final boolean[] exact;
    /** Longs of a rule in a leaf. */
    private final int entry;

    /** Lowest class in each dimension of what is being cut, and the bits below it that are not decided. */
    private final int[] low;

    private final int[] bits;
    private long[] nodes = new long[64];
    private int nodesEnd;
    private final LeafLists leaves;
    /** Lists of rules of the nodes that are being made, each behind its parent's. */
    private int[] lists;

    private int listsEnd;
    /** Where each part's list ends, for each level that is being made. */
    private final List<int[]> ends = new ArrayList<>();

    private final int[] counts = new int[MOST_PARTS];
    private final long[] totals = new long[MOST_BITS];
    private long looks;

    /** @param exact for each rule, whether nothing but its classes decides */
    CutTree(Dimension[] dimensions, boolean[] exact, Packing packing) {
        this.dimensions = dimensions;
        this.exact = exact;
        this.packing = packing;
        entry = packing.entry();
        leaves = new LeafLists(dimensions, packing, exact);
        low = new int[dimensions.length];
        bits = new int[dimensions.length];
        lists = new int[4 * exact.length + MOST_PARTS];
    }

    /** Longs that a tree of so many rules may take, and does not cross. */
    static long mostLongs(int rules) {
        return SOME_LONGS + (long) LONGS_PER_RULE * rules;
    }

    /** Rules that are looked at for a tree of so many rules at most, counted once for each node that has them. */
    static long mostLooks(int rules) {
        return SOME_LOOKS + (long) LOOKS_PER_RULE * rules;
    }

    /** Rules that were looked at for all trees, counted once for each node that had them. */
    long looks() {
        return looks;
    }

    /** Makes one more tree of the first of these rules, which are in order; its root. */
    long add(int[] rules, int count) {
        for (int d = 0; d < dimensions.length; d++) {
            low[d] = 0;
            bits[d] = packing.bits(d);
        }
        System.arraycopy(rules, 0, lists, 0, count);
        listsEnd = count;
        return node(0, count, mostLongs(count), mostLooks(count), 0);
    }

    /** Children of all nodes of all trees. */
    long[] nodes() {
        return Arrays.copyOf(nodes, nodesEnd);
    }

    /** Leaves of all trees. */
    long[] leaves() {
        return leaves.trimmed();
    }

    /** Which of the packing's words the children of a node are for. */
    static int word(long node) {
        return (int) (node >>> WORD_AT) & 3;
    }

    /** Where the child for this word is. */
    static int child(long node, long word) {
        // A shift takes the last six bits of what it is told.
        return (int) node + ((int) (word >>> (int) (node >>> Integer.SIZE)) & (int) (node >>> MASK_AT));
    }

    private int highest(int d) {
        return (int) Math.min(low[d] + (1L << bits[d]), dimensions[d].classes()) - 1;
    }

    /**
     * Makes the tree of a stretch of {@link #lists}; its root.
     *
     * @param longs that it may take
     * @param mayLook rules that may be looked at for it
     */
    private long node(int from, int to, long longs, long mayLook, int level) {
        looks += to - from;
        long left = mayLook - (to - from);
        int end = withoutHidden(from, to);
        long cut = end - from <= SHORT ? -1 : bestCut(from, end, longs, left, ends(level));
        return cut < 0
                ? leaves.of(lists, from, end)
                : cut(from, end, (int) cut, (int) (cut >>> Integer.SIZE), longs, left, level);
    }

    private int[] ends(int level) {
        while (ends.size() <= level) {
            ends.add(new int[MOST_PARTS]);
        }
        return ends.get(level);
    }

    /** What stands behind a rule that matches everything here never decides. */
    private int withoutHidden(int from, int to) {
        for (int i = from; i < to - 1; i++) {
            if (coversAll(lists[i])) {
                return i + 1;
            }
        }
        return to;
    }

    private boolean coversAll(int rule) {
        for (int d = 0; d < dimensions.length; d++) {
            if (!dimensions[d].covers(rule, low[d], highest(d))) {
                return false;
            }
        }
        return exact[rule];
    }

    /**
     * Dimension and binary logarithm of a part's size, in two halves, of the cut behind which a packet meets the
     * shortest list, that being as likely in a part as it has rules; negative when none is worth it.
     *
     * @param partCounts takes how many rules each part has then
     */
    private long bestCut(int from, int to, long longs, long mayLook, int[] partCounts) {
        long best = -1;
        double bestScore = Double.MAX_VALUE;
        for (int d = 0; d < dimensions.length; d++) {
            int high = highest(d);
            if (high == low[d]) {
                continue;
            }
            int shift = shift(from, to, d, high, longs, mayLook);
            if (shift < 0) {
                continue;
            }
            Arrays.fill(counts, 0);
            for (int i = from; i < to; i++) {
                for (long left = dimensions[d].reached(lists[i], low[d], high, shift); left != 0; left &= left - 1) {
                    counts[Long.numberOfTrailingZeros(left)]++;
                }
            }
            long total = 0;
            double squares = 0;
            for (int count : counts) {
                total += count;
                squares += (double) count * count;
            }
            double score = squares / total;
            if (score < bestScore) {
                bestScore = score;
                best = (long) shift << Integer.SIZE | d;
                System.arraycopy(counts, 0, partCounts, 0, MOST_PARTS);
            }
        }
        return best;
    }

    /** Of as many parts as are useful and allowed; negative when nothing is won. */
    private int shift(int from, int to, int d, int high, long longs, long mayLook) {
        int most = Math.min(MOST_BITS, bits[d]);
        int finest = bits[d] - most;
        Arrays.fill(totals, 0);
        for (int i = from; i < to; i++) {
            long reached = dimensions[d].reached(lists[i], low[d], high, finest);
            for (int coarser = 0; coarser < most; coarser++) {
                totals[coarser] += Long.bitCount(reached);
                reached = (reached | reached >>> (1 << coarser)) & EVERY[coarser];
            }
        }
        int useful = Integer.SIZE - Integer.numberOfLeadingZeros((to - from - 1) / RULES_PER_PART);
        int first = Math.clamp(most - useful, 0, most - 1);
        // From there on with fewer parts, and where that is no use with more.
        for (int i = 0; i < most; i++) {
            int coarser = first + i < most ? first + i : most - 1 - i;
            long parts = ((high - low[d]) >> (finest + coarser)) + 1L;
            long total = totals[coarser];
            // Where every rule reaches into every part, nothing is won.
            if (total < parts * (to - from)
                    && parts + entry * total <= longs
                    && total <= mayLook
                    && total <= (long) SPREAD * (to - from) + MOST_PARTS) {
                return finest + coarser;
            }
        }
        return -1;
    }

    private long cut(int from, int to, int d, int shift, long longs, long mayLook, int level) {
        int first = low[d];
        int width = bits[d];
        int high = highest(d);
        int parts = ((high - first) >> shift) + 1;
        int[] partEnds = ends(level);
        int start = listsEnd;
        for (int part = 0; part < parts; part++) {
            int count = partEnds[part];
            partEnds[part] = listsEnd;
            listsEnd += count;
        }
        int end = listsEnd;
        if (end > lists.length) {
            lists = Arrays.copyOf(lists, Math.max(end, 2 * lists.length));
        }
        for (int i = from; i < to; i++) {
            int rule = lists[i];
            for (long left = dimensions[d].reached(rule, first, high, shift); left != 0; left &= left - 1) {
                lists[partEnds[Long.numberOfTrailingZeros(left)]++] = rule;
            }
        }
        int node = nodesEnd;
        nodesEnd += parts;
        if (nodesEnd > nodes.length) {
            nodes = Arrays.copyOf(nodes, Math.max(nodesEnd, 2 * nodes.length));
        }
        bits[d] = shift;
        for (int part = 0, begin = start; part < parts; begin = partEnds[part++]) {
            low[d] = first + (part << shift);
            int count = partEnds[part] - begin;
            int all = Math.max(1, end - start);
            long child = node(begin, partEnds[part], (longs - parts) * count / all, mayLook * count / all, level + 1);
            nodes[node + part] = child;
        }
        low[d] = first;
        bits[d] = width;
        listsEnd = start;
        long mask = (1L << (width - shift)) - 1;
        return mask << MASK_AT
                | (long) packing.wordOf(d) << WORD_AT
                | (long) (packing.shift(d) + shift) << Integer.SIZE
                | node;
    }
}
