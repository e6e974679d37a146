package io.portcullis.rules.classifier;

import io.portcullis.core.net.KeyIntervals;
import io.portcullis.core.net.KeyTrie;
import io.portcullis.rules.classifier.KeyRanges.Edges;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One field of all rules: its values fall into classes, and values of one class are in the same rules' sets. A class
 * counts as one value for everything behind, however many addresses it has: a group of a thousand hosts is one.
 *
 * <p>Classes are numbered in the order in which they first appear. So what a range of values sees for the first time
 * are consecutive numbers; and what appears in it again and belongs to the set was first seen in an earlier range of
 * the same set. Hence each set is exactly a few runs of numbers, one for each of its ranges at most.
 *
 * <p>Needed while trees are made; look-ups need its {@link #index} only.
 */
final class Dimension {
    private final ClassIndex index;
    private final int classes;
    /** Rules that say the same share a set. */
    private final int[] setOf;
    /** Place of each set's first run, and of the end of the last. */
    private final int[] starts;
    /** First and last class of each run, in order for each set. */
    private int[] bounds;

    Dimension(Field field, Match[] rules) {
        setOf = new int[rules.length];
        KeyRanges ranges = new KeyRanges();
        Map<Object, Integer> sets = new HashMap<>();
        int[] rangesEnd = new int[rules.length];
        for (int i = 0; i < rules.length; i++) {
            Object key = field.key(rules[i]);
            Integer known = sets.get(key);
            if (known == null) {
                setOf[i] = sets.size();
                sets.put(key, setOf[i]);
                field.ranges(rules[i], ranges);
                rangesEnd[setOf[i]] = ranges.count();
            } else {
                setOf[i] = known;
            }
        }
        Sweep sweep = new Sweep(ranges.count(), rangesEnd, sets.size());
        KeyTrie v4 = KeyTrie.aligned(sweep.over(ranges.edges(true)), Integer.SIZE);
        index = new ClassIndex(v4, new KeyTrie(sweep.over(ranges.edges(false))));
        classes = sweep.numbers.count();
        starts = new int[sets.size() + 1];
        bounds = new int[2 * ranges.count()];
        int end = 0;
        for (int set = 0; set < sets.size(); set++) {
            starts[set] = end;
            end = runs(sweep, set == 0 ? 0 : rangesEnd[set - 1], rangesEnd[set], end);
        }
        starts[sets.size()] = end;
        bounds = Arrays.copyOf(bounds, end);
    }

    /** Goes through all keys in order, and finds which sets each is in. */
    private static final class Sweep {
        final Signatures numbers = new Signatures();
        /** Classes first seen in each range: from the one, before the other. */
        final int[] first;

        final int[] end;
        private final int[] setOfRange;
        private final long[] one;
        private final long[] other;

        Sweep(int ranges, int[] rangesEnd, int sets) {
            first = new int[ranges];
            end = new int[ranges];
            setOfRange = new int[ranges];
            one = new long[sets];
            other = new long[sets];
            SplittableRandom random = new SplittableRandom(1);
            for (int set = 0, from = 0; set < sets; from = rangesEnd[set++]) {
                one[set] = random.nextLong();
                other[set] = random.nextLong();
                Arrays.fill(setOfRange, from, rangesEnd[set], set);
            }
            Arrays.fill(end, -1);
        }

        KeyIntervals over(Edges edges) {
            KeyIntervals intervals = new KeyIntervals(edges.count());
            long in = 0;
            long inOther = 0;
            if (edges.count() == 0 || edges.high(0) != 0 || edges.low(0) != 0) {
                intervals.begin(0, 0, numbers.numberOf(in, inOther));
            }
            for (int from = 0, to; from < edges.count(); from = to) {
                for (to = from; to < edges.count() && edges.isAtTheSame(from, to); to++) {
                    int range = edges.run(to);
                    int set = setOfRange[range];
                    if (edges.isOver(to)) {
                        end[range] = numbers.count();
                        in -= one[set];
                        inOther -= other[set];
                    } else {
                        first[range] = numbers.count();
                        in += one[set];
                        inOther += other[set];
                    }
                }
                intervals.begin(edges.high(from), edges.low(from), numbers.numberOf(in, inOther));
            }
            for (int edge = 0; edge < edges.count(); edge++) {
                int range = edges.run(edge);
                end[range] = end[range] < 0 ? numbers.count() : end[range];
            }
            return intervals;
        }
    }

    /** Writes the runs of a set that has these ranges; the end of what is written. */
    private int runs(Sweep sweep, int from, int to, int at) {
        long[] ranges = new long[to - from];
        for (int range = from; range < to; range++) {
            ranges[range - from] = (long) sweep.first[range] << Integer.SIZE | sweep.end[range];
        }
        Arrays.sort(ranges);
        int written = at;
        for (long range : ranges) {
            int first = (int) (range >>> Integer.SIZE);
            int end = (int) range;
            if (first >= end) {
                continue;
            }
            if (written > at && bounds[written - 1] + 1 >= first) {
                bounds[written - 1] = Math.max(bounds[written - 1], end - 1);
            } else {
                bounds[written++] = first;
                bounds[written++] = end - 1;
            }
        }
        return written;
    }

    ClassIndex index() {
        return index;
    }

    int classes() {
        return classes;
    }

    /** How many runs of classes the rule's set is; 0 for a set without values. */
    int runs(int rule) {
        int set = setOf[rule];
        return (starts[set + 1] - starts[set]) / 2;
    }

    /** Lowest class of the rule's set, which is not empty. */
    int first(int rule) {
        return bounds[starts[setOf[rule]]];
    }

    /** Highest class of the rule's set, which is not empty. */
    int last(int rule) {
        return bounds[starts[setOf[rule] + 1] - 1];
    }

    /** Number of classes that the rule's set has. */
    int width(int rule) {
        int set = setOf[rule];
        int width = 0;
        for (int i = starts[set]; i < starts[set + 1]; i += 2) {
            width += bounds[i + 1] - bounds[i] + 1;
        }
        return width;
    }

    /** Whether the rule's set has all of these classes. */
    boolean covers(int rule, int low, int high) {
        int run = runUpTo(rule, low);
        return run < starts[setOf[rule] + 1] && bounds[run] <= low && high <= bounds[run + 1];
    }

    /**
     * Which parts of some classes the rule's set reaches into, as a set of bits.
     *
     * @param low the lowest class, {@code high} the highest
     * @param shift binary logarithm of a part's size; there are 64 parts at most
     */
    long reached(int rule, int low, int high, int shift) {
        int end = starts[setOf[rule] + 1];
        long parts = 0;
        for (int run = runUpTo(rule, low); run < end && bounds[run] <= high; ) {
            int from = (Math.max(bounds[run], low) - low) >> shift;
            int to = (Math.min(bounds[run + 1], high) - low) >> shift;
            parts |= -1L >>> (Long.SIZE - 1 - (to - from)) << from;
            // Thousands of runs may lie in one part: the next to look at reaches behind it, and is never this one
            // again.
            run = run + 2 < end ? Math.max(run + 2, runUpTo(rule, low + ((to + 1) << shift))) : end;
        }
        return parts;
    }

    /** Place of the first run of the rule that does not end below this class. */
    private int runUpTo(int rule, int low) {
        int set = setOf[rule];
        int from = starts[set] / 2;
        int to = starts[set + 1] / 2;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (bounds[2 * middle + 1] < low) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return 2 * from;
    }
}
