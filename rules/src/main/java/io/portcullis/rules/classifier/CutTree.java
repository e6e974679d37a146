package io.portcullis.rules.classifier;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decision trees over the classes of {@link Dimension}s: a node cuts one dimension's classes into up to 64 equal parts
 * and has a child for each; a leaf is a short list of rules to compare with (after Gupta and McKeown, "Packet
 * classification using hierarchical intelligent cuttings", Hot Interconnects 1999, on classes instead of values).
 *
 * <p>A rule is repeated in each part that it reaches into. What a tree may repeat is limited: a node that has used up
 * its share becomes a leaf, however long. So memory is bounded, and rules are best given to several trees, each with
 * rules that are narrow in the same dimensions.
 *
 * <p>A reference is the place of a node, or the complement of the place of a leaf.
 */
final class CutTree {
    /** Longest list that is not cut any further. */
    private static final int SHORT = 4;

    private static final int MOST_PARTS = 64;
    /** What the children of a node may have together, times what the node has. */
    private static final int SPREAD = 4;
    /** References that a tree may have for each rule. */
    private static final int REPEATS = 32;

    /** Of a node: dimension and shift; first class; then its children. */
    private static final int SHAPE = 0;

    private static final int FIRST_CLASS = 1;
    private static final int CHILDREN = 2;
    private static final int SHIFT_AT = 8;

    private final Dimension[] dimensions;
    /** Whether the rule matches whatever has its classes. */
    private final boolean[] exact;

    private final int[] low;
    private final int[] high;
    private int[] nodes = new int[64];
    private int nodesEnd;
    private int[] leaves = new int[64];
    private int leavesEnd;
    private int lastLeaf = -1;

    /** @param exact for each rule, whether nothing but its classes decides */
    CutTree(Dimension[] dimensions, boolean[] exact) {
        this.dimensions = dimensions;
        this.exact = exact;
        low = new int[dimensions.length];
        high = new int[dimensions.length];
    }

    /** Makes one more tree of these rules, which are in order; its root. */
    int add(int[] rules) {
        for (int i = 0; i < dimensions.length; i++) {
            low[i] = 0;
            high[i] = dimensions[i].classes() - 1;
        }
        return node(rules, 1024 + (long) REPEATS * rules.length);
    }

    /** Nodes of all trees. */
    int[] nodes() {
        return Arrays.copyOf(nodes, nodesEnd);
    }

    /** Leaves of all trees: each the number of rules, and the rules in order. */
    int[] leaves() {
        return Arrays.copyOf(leaves, leavesEnd);
    }

    static int dimension(int[] nodes, int node) {
        return nodes[node + SHAPE] & 0xff;
    }

    /** The child for this class of the node's dimension. */
    static int child(int[] nodes, int node, int ofClass) {
        return nodes[node + CHILDREN + ((ofClass - nodes[node + FIRST_CLASS]) >> (nodes[node + SHAPE] >>> SHIFT_AT))];
    }

    private int node(int[] rules, long allowance) {
        int[] left = withoutHidden(rules);
        Cut best = left.length <= SHORT ? null : bestCut(left, allowance);
        return best == null ? leaf(left) : cut(left, best, allowance);
    }

    /** What stands behind a rule that matches everything here never decides. */
    private int[] withoutHidden(int[] rules) {
        for (int i = 0; i < rules.length - 1; i++) {
            if (coversAll(rules[i])) {
                return Arrays.copyOf(rules, i + 1);
            }
        }
        return rules;
    }

    private boolean coversAll(int rule) {
        for (int d = 0; d < dimensions.length; d++) {
            if (!dimensions[d].covers(rule, low[d], high[d])) {
                return false;
            }
        }
        return exact[rule];
    }

    private int leaf(int[] rules) {
        // Neighbours often are equal: what lies between two narrow rules.
        if (lastLeaf >= 0
                && Arrays.equals(leaves, lastLeaf + 1, lastLeaf + 1 + leaves[lastLeaf], rules, 0, rules.length)) {
            return ~lastLeaf;
        }
        lastLeaf = leavesEnd;
        leavesEnd += rules.length + 1;
        if (leavesEnd > leaves.length) {
            leaves = Arrays.copyOf(leaves, Math.max(leavesEnd, 2 * leaves.length));
        }
        leaves[lastLeaf] = rules.length;
        System.arraycopy(rules, 0, leaves, lastLeaf + 1, rules.length);
        return ~lastLeaf;
    }

    /**
     * A way to cut.
     *
     * @param counts rules in each part
     * @param total their sum
     * @param expected length of the list that a packet for some rule meets behind the cut, times {@code total}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Cut(int dimension, int shift, int[] counts, long total, long expected) {
        double score() {
            return (double) expected / total;
        }
    }

    private @Nullable Cut bestCut(int[] rules, long allowance) {
        Cut best = null;
        long most = Math.min(allowance, (long) SPREAD * rules.length + MOST_PARTS);
        for (int d = 0; d < dimensions.length; d++) {
            int width = high[d] - low[d] + 1;
            int shift = 0;
            while (((width - 1) >> shift) >= MOST_PARTS) {
                shift++;
            }
            for (; ((width - 1) >> shift) > 0; shift++) {
                Cut cut = count(rules, d, shift);
                if (cut.total <= most) {
                    // Where every rule reaches into every part, nothing is won.
                    if (cut.total < (long) rules.length * cut.counts.length
                            && (best == null || cut.score() < best.score())) {
                        best = cut;
                    }
                    break;
                }
            }
        }
        return best;
    }

    private Cut count(int[] rules, int d, int shift) {
        int[] counts = new int[((high[d] - low[d]) >> shift) + 1];
        for (int rule : rules) {
            for (long reached = reached(rule, d, shift); reached != 0; reached &= reached - 1) {
                counts[Long.numberOfTrailingZeros(reached)]++;
            }
        }
        long total = 0;
        long expected = 0;
        for (int count : counts) {
            total += count;
            expected += (long) count * count;
        }
        return new Cut(d, shift, counts, total, expected);
    }

    /** The parts that the rule reaches into, as a set of bits. */
    private long reached(int rule, int d, int shift) {
        int[] runs = dimensions[d].runs(rule);
        long parts = 0;
        for (int i = 0; i < runs.length && runs[i] <= high[d]; i += 2) {
            if (runs[i + 1] >= low[d]) {
                int from = (Math.max(runs[i], low[d]) - low[d]) >> shift;
                int to = (Math.min(runs[i + 1], high[d]) - low[d]) >> shift;
                parts |= -1L >>> (Long.SIZE - 1 - (to - from)) << from;
            }
        }
        return parts;
    }

    private int cut(int[] rules, Cut cut, long allowance) {
        int d = cut.dimension;
        int parts = cut.counts.length;
        int[][] children = new int[parts][];
        for (int part = 0; part < parts; part++) {
            children[part] = new int[cut.counts[part]];
        }
        int[] filled = new int[parts];
        for (int rule : rules) {
            for (long reached = reached(rule, d, cut.shift); reached != 0; reached &= reached - 1) {
                int part = Long.numberOfTrailingZeros(reached);
                children[part][filled[part]++] = rule;
            }
        }
        int node = nodesEnd;
        nodesEnd += CHILDREN + parts;
        if (nodesEnd > nodes.length) {
            nodes = Arrays.copyOf(nodes, Math.max(nodesEnd, 2 * nodes.length));
        }
        nodes[node + SHAPE] = cut.shift << SHIFT_AT | d;
        nodes[node + FIRST_CLASS] = low[d];
        int from = low[d];
        int to = high[d];
        for (int part = 0; part < parts; part++) {
            low[d] = from + (part << cut.shift);
            high[d] = Math.min(to, low[d] + (1 << cut.shift) - 1);
            int child = node(children[part], allowance * cut.counts[part] / Math.max(1, cut.total));
            nodes[node + CHILDREN + part] = child;
        }
        low[d] = from;
        high[d] = to;
        return node;
    }
}
