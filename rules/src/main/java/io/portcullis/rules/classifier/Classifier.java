package io.portcullis.rules.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first of many rules that matches a packet, in a time that hardly grows with their number. Each field of the
 * packet is looked up once, for its class; then up to four {@link CutTree}s are descended, one for rules with narrow
 * source and destination, one for each kind with one of them wide, one for the rest. The rules at the end of a tree are
 * compared by their bounds in classes, which stand there, and most are decided by that. Immutable; no allocation.
 */
public final class Classifier {
    /** Up to here comparing with one rule after the other is the faster way (docs/decisions/0011-classifier.md). */
    static final int SCANNED = 8;

    private static final int NARROW = 8;
    private static final Field[] FIELDS = Field.values();

    private final Match[] rules;
    private final ClassIndex[] indexes;
    private final @Nullable Packing packing;
    /** Roots of the trees, and the first rule in each, by that. */
    private final long[] roots;

    private final int[] firsts;
    private final long[] nodes;
    private final long[] leaves;
    /** What making the trees took, by {@link CutTree#looks}. */
    private final long looks;

    /** @param rules the earlier wins */
    public Classifier(List<Match> rules) {
        this(rules, SCANNED, 1);
    }

    /**
     * @param scanned up to how many rules are compared one after the other
     * @param fewestWords that a packet's classes stand in, 1..3
     */
    Classifier(List<Match> rules, int scanned, int fewestWords) {
        this.rules = rules.toArray(Match[]::new);
        if (rules.size() <= scanned) {
            indexes = new ClassIndex[0];
            packing = null;
            roots = new long[0];
            firsts = new int[0];
            nodes = new long[0];
            leaves = new long[0];
            looks = 0;
            return;
        }
        Dimension[] dimensions = new Dimension[FIELDS.length];
        for (Field field : FIELDS) {
            dimensions[field.ordinal()] = new Dimension(field, this.rules);
        }
        indexes = Arrays.stream(dimensions).map(Dimension::index).toArray(ClassIndex[]::new);
        packing = new Packing(dimensions, this.rules.length, fewestWords);
        CutTree trees = new CutTree(dimensions, exact(), packing);
        List<long[]> made = new ArrayList<>();
        int[] part = new int[this.rules.length];
        for (int kind = 0; kind < 4; kind++) {
            int count = ofKind(kind, dimensions, part);
            if (count > 0) {
                made.add(new long[] {part[0], trees.add(part, count)});
            }
        }
        made.sort(Comparator.comparingLong(tree -> tree[0]));
        firsts = made.stream().mapToInt(tree -> (int) tree[0]).toArray();
        roots = made.stream().mapToLong(tree -> tree[1]).toArray();
        nodes = trees.nodes();
        leaves = trees.leaves();
        looks = trees.looks();
    }

    private boolean[] exact() {
        boolean[] exact = new boolean[rules.length];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = rules[i].portsAreIndependent();
        }
        return exact;
    }

    /** Writes the rules of a kind, by whether their source and their destination are narrow; how many there are. */
    private int ofKind(int kind, Dimension[] dimensions, int[] out) {
        int count = 0;
        for (int i = 0; i < rules.length; i++) {
            int is = (isNarrow(dimensions[Field.SOURCE.ordinal()], i) ? 1 : 0)
                    + (isNarrow(dimensions[Field.DESTINATION.ordinal()], i) ? 2 : 0);
            if (is == kind && !isEmpty(dimensions, i)) {
                out[count++] = i;
            }
        }
        return count;
    }

    private static boolean isNarrow(Dimension dimension, int rule) {
        return (long) dimension.width(rule) * NARROW <= dimension.classes();
    }

    /** Whether the rule says of a field that it has no value: it matches nothing and is in no tree. */
    private static boolean isEmpty(Dimension[] dimensions, int rule) {
        for (Dimension dimension : dimensions) {
            if (dimension.runs(rule) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Number of the first rule that matches, or -1. Arguments as for {@link Match#matches}. */
    public int first(
            int in,
            int out,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort) {
        Packing packed = packing;
        if (packed == null) {
            return scan(
                    in,
                    out,
                    sourceHigh,
                    sourceLow,
                    destinationHigh,
                    destinationLow,
                    protocol,
                    sourcePort,
                    destinationPort);
        }
        int words = packed.words();
        long word0 = (long) indexes[0].ofAddress(sourceHigh, sourceLow) << packed.shift(0)
                | (long) indexes[1].ofAddress(destinationHigh, destinationLow) << packed.shift(1);
        long word1 = (long) indexes[2].of(Field.serviceKey(protocol, destinationPort)) << packed.shift(2)
                | (long) indexes[3].of(Field.portKey(sourcePort)) << packed.shift(3);
        long word2 = (long) indexes[4].of(Field.interfaceKey(in)) << packed.shift(4)
                | (long) indexes[5].of(Field.interfaceKey(out)) << packed.shift(5);
        if (words < 3) {
            word1 |= word2;
            word0 |= words == 1 ? word1 : 0;
        }
        int entry = packed.entry();
        int best = rules.length;
        for (int tree = 0; tree < roots.length && firsts[tree] < best; tree++) {
            long reference = roots[tree];
            while (!LeafLists.isLeaf(reference)) {
                int word = CutTree.word(reference);
                reference = nodes[CutTree.child(reference, word == 0 ? word0 : word == 1 ? word1 : word2)];
            }
            int at = LeafLists.place(reference);
            for (int end = at + entry * LeafLists.length(reference); at < end; at += entry) {
                if (!isBetween(word0, at, packed.guards(0))
                        || (words > 1 && !isBetween(word1, at + 2, packed.guards(1)))
                        || (words > 2 && !isBetween(word2, at + 4, packed.guards(2)))) {
                    continue;
                }
                long number = packed.number(leaves, at);
                int rule = (int) (number >>> 1);
                if (rule >= best) {
                    break;
                }
                if ((number & 1) == 0
                        || rules[rule].matches(
                                in,
                                out,
                                sourceHigh,
                                sourceLow,
                                destinationHigh,
                                destinationLow,
                                protocol,
                                sourcePort,
                                destinationPort)) {
                    best = rule;
                    break;
                }
            }
        }
        return best == rules.length ? -1 : best;
    }

    /** Whether each class in the word is between its bounds here; the upper ones have their guards. */
    private boolean isBetween(long word, int at, long guards) {
        return (((word | guards) - leaves[at]) & (leaves[at + 1] - word) & guards) == guards;
    }

    private int scan(
            int in,
            int out,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort) {
        for (int i = 0; i < rules.length; i++) {
            if (rules[i].matches(
                    in,
                    out,
                    sourceHigh,
                    sourceLow,
                    destinationHigh,
                    destinationLow,
                    protocol,
                    sourcePort,
                    destinationPort)) {
                return i;
            }
        }
        return -1;
    }

    /** Longs that the trees take, at most {@link CutTree#mostLongs} for each tree. */
    long longs() {
        return (long) nodes.length + leaves.length;
    }

    /** Rules that were looked at to make the trees, at most {@link CutTree#mostLooks} for each tree. */
    long looks() {
        return looks;
    }

    /** Octets that look-ups walk through, but for rules that their classes do not decide. */
    public long size() {
        return Long.BYTES * longs()
                + Arrays.stream(indexes).mapToLong(ClassIndex::size).sum();
    }
}
