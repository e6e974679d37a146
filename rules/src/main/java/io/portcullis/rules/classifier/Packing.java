package io.portcullis.rules.classifier;

/**
 * How a packet's classes stand side by side in words, so that all in a word are compared with a rule's bounds at once.
 * Each class has as many bits as its dimension needs and a guard bit above them, which is set in the minuend of a
 * subtraction and stays where the minuend was not less (Knuth, "The Art of Computer Programming" 4A, section 7.1.3).
 *
 * <p>All stand in one word where they fit, and a rule's number in what both of its bounds leave free above them, where
 * borrows do no harm: a rule in a leaf is 16 octets then. Else the addresses have a word and everything else another
 * one, or each two dimensions one; and the number stands behind the bounds.
 */
final class Packing {
    private final int words;
    /** Bits of each dimension's class, the word that it is in, and where it begins there. */
    private final int[] bits;

    private final int[] wordOf;
    private final int[] shifts;
    /** The guard bits of each word. */
    private final long[] guards = new long[3];
    /** Bits of a single word below a rule's number, at least one. */
    private final int taken;

    /**
     * @param rules how many numbers there are
     * @param fewest words that are taken at least, 1..3
     */
    Packing(Dimension[] dimensions, int rules, int fewest) {
        bits = new int[dimensions.length];
        wordOf = new int[dimensions.length];
        shifts = new int[dimensions.length];
        int together = 0;
        int addresses = 0;
        for (int d = 0; d < dimensions.length; d++) {
            bits[d] = Integer.SIZE - Integer.numberOfLeadingZeros(dimensions[d].classes() - 1);
            together += withGuard(d);
            addresses += d < 2 ? withGuard(d) : 0;
        }
        int number = Long.SIZE - Long.numberOfLeadingZeros(2L * rules);
        taken = Math.max(1, together);
        if (fewest <= 1 && 2 * (Long.SIZE - taken) >= number) {
            words = 1;
        } else {
            words = fewest <= 2 && together - addresses <= Long.SIZE ? 2 : 3;
        }
        for (int d = 0, next = 0; d < dimensions.length; d++) {
            wordOf[d] = words == 1 ? 0 : Math.min(words - 1, d / 2);
            boolean inTurn = words == 1 || (words == 2 && d >= 2);
            shifts[d] = inTurn ? next : d % 2 * Integer.SIZE;
            next += inTurn ? withGuard(d) : 0;
            if (bits[d] > 0) {
                guards[wordOf[d]] |= 1L << (shifts[d] + bits[d]);
            }
        }
    }

    /** What has no bits needs no guard. */
    private int withGuard(int dimension) {
        return bits[dimension] == 0 ? 0 : bits[dimension] + 1;
    }

    /** 1..3. */
    int words() {
        return words;
    }

    /**
     * Longs of a rule in a leaf: lower and upper bounds in each word, and its number where that has a place of its own.
     */
    int entry() {
        return words == 1 ? 2 : 2 * words + 1;
    }

    int bits(int dimension) {
        return bits[dimension];
    }

    int wordOf(int dimension) {
        return wordOf[dimension];
    }

    int shift(int dimension) {
        return shifts[dimension];
    }

    long guards(int word) {
        return guards[word];
    }

    /** Puts a number into the entry that begins here, whose bounds are there. */
    void number(long[] entries, int at, long number) {
        if (words == 1) {
            entries[at] |= number << taken;
            entries[at + 1] |= number >>> (Long.SIZE - taken) << taken;
        } else {
            entries[at + 2 * words] = number;
        }
    }

    /** The number in the entry that begins here. */
    long number(long[] entries, int at) {
        return words == 1
                ? entries[at] >>> taken | entries[at + 1] >>> taken << (Long.SIZE - taken)
                : entries[at + 2 * words];
    }
}
