package io.portcullis.rules.classifier;

import java.util.Arrays;

/**
 * The leaves of {@link CutTree}s, in one array: of each rule in a leaf its lower bounds and its upper bounds with
 * guards, as {@link Packing} places them, and its number with whether {@link Match#matches} has to decide. Equal lists
 * are one, since what lies between narrow rules is much the same everywhere.
 *
 * <p>A reference to a leaf has sign, length and place, so that nothing is read before the first rule's bounds.
 */
final class LeafLists {
    private final Dimension[] dimensions;
    private final Packing packing;
    /** Whether nothing but its classes decides, for each rule. */
    private final boolean[] exact;

    private long[] leaves = new long[64];
    private int end;
    /** References by their lists' hashes; 0 where none is, which is no reference to a leaf. */
    private long[] table = new long[64];

    private int count;

    LeafLists(Dimension[] dimensions, Packing packing, boolean[] exact) {
        this.dimensions = dimensions;
        this.packing = packing;
        this.exact = exact;
    }

    static boolean isLeaf(long reference) {
        return reference < 0;
    }

    /** First long of a leaf's list. */
    static int place(long leaf) {
        return (int) leaf;
    }

    /** Rules in a leaf's list. */
    static int length(long leaf) {
        return (int) (leaf >>> Integer.SIZE) & Integer.MAX_VALUE;
    }

    /** All of them. */
    long[] trimmed() {
        return Arrays.copyOf(leaves, end);
    }

    /** The leaf with this stretch of rules. */
    long of(int[] rules, int from, int to) {
        int at = find(rules, from, to);
        if (table[at] != 0) {
            return table[at];
        }
        long made = Long.MIN_VALUE | (long) (to - from) << Integer.SIZE | end;
        table[at] = made;
        int needed = end + (to - from) * packing.entry();
        if (needed > leaves.length) {
            leaves = Arrays.copyOf(leaves, Math.max(needed, leaves.length + leaves.length / 2));
        }
        for (int i = from; i < to; i++) {
            write(rules[i]);
        }
        if (2 * ++count > table.length) {
            grow();
        }
        return made;
    }

    private void write(int rule) {
        boolean decides = exact[rule];
        for (int d = 0; d < dimensions.length; d++) {
            int at = end + 2 * packing.wordOf(d);
            leaves[at] |= (long) dimensions[d].first(rule) << packing.shift(d);
            leaves[at + 1] |= (long) dimensions[d].last(rule) << packing.shift(d);
            decides &= dimensions[d].runs(rule) == 1;
        }
        for (int word = 0; word < packing.words(); word++) {
            leaves[end + 2 * word + 1] |= packing.guards(word);
        }
        packing.number(leaves, end, (long) rule << 1 | (decides ? 0 : 1));
        end += packing.entry();
    }

    /** Where the table has the leaf with these rules, or has room for it. */
    private int find(int[] rules, int from, int to) {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + rules[i];
        }
        int at = slot(hash);
        while (table[at] != 0 && !has(table[at], rules, from, to)) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }

    private boolean has(long leaf, int[] rules, int from, int to) {
        if (length(leaf) != to - from) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (rule(leaf, i) != rules[from + i]) {
                return false;
            }
        }
        return true;
    }

    private int rule(long leaf, int i) {
        return (int) (packing.number(leaves, place(leaf) + i * packing.entry()) >>> 1);
    }

    private int slot(int hash) {
        // Numbers of rules are next to each other: their hashes are spread (Fibonacci hashing).
        return (hash * 0x9e37_79b9) >>> Integer.numberOfLeadingZeros(table.length - 1);
    }

    private void grow() {
        long[] old = table;
        table = new long[2 * old.length];
        for (long leaf : old) {
            if (leaf == 0) {
                continue;
            }
            int hash = 1;
            for (int i = 0; i < length(leaf); i++) {
                hash = 31 * hash + rule(leaf, i);
            }
            int at = slot(hash);
            while (table[at] != 0) {
                at = (at + 1) & (table.length - 1);
            }
            table[at] = leaf;
        }
    }
}
