package io.portcullis.rules.classifier;

import io.portcullis.core.net.KeyIntervals;
import io.portcullis.core.net.KeyTrie;
import io.portcullis.rules.classifier.Field.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * One field of all rules: its values fall into classes, and values of one class are in the same rules' sets. A class
 * counts as one value for everything behind, however many addresses it has: a group of a thousand hosts is one.
 *
 * <p>Classes are numbered in the order in which they first appear. So what a range of values sees for the first time
 * are consecutive numbers; and what appears in it again and belongs to the set was first seen in an earlier range of the
 * same set. Hence each set is exactly a few runs of numbers, one for each of its ranges at most.
 */
final class Dimension {
    private static final Comparator<Event> IN_ORDER = (one, other) -> {
        int byHigh = Long.compareUnsigned(one.high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(one.low, other.low);
    };

    private final KeyTrie v4;
    private final KeyTrie others;
    private final int classes;
    /** First and last class of each run, for each rule. */
    private final int[][] runs;

    /** Where a range of a set begins, or is over. */
    private record Event(long high, long low, Range range, boolean begins) {}

    /** A range of a set, and the classes first seen in it. */
    private static final class Range {
        final KeyRange keys;
        final Signature member;
        int first;
        int end = -1;

        Range(KeyRange keys, Signature member) {
            this.keys = keys;
            this.member = member;
        }
    }

    /** A set of sets as the sum of its members' random numbers: two sets of sets with one sum do not happen. */
    private record Signature(long one, long other) {
        static final Signature EMPTY = new Signature(0, 0);

        Signature plus(Signature member) {
            return new Signature(one + member.one, other + member.other);
        }

        Signature minus(Signature member) {
            return new Signature(one - member.one, other - member.other);
        }
    }

    Dimension(Field field, Match[] rules) {
        SplittableRandom random = new SplittableRandom(1);
        Map<Object, List<Range>> sets = new HashMap<>();
        List<Event> v4Events = new ArrayList<>();
        List<Event> otherEvents = new ArrayList<>();
        for (Match rule : rules) {
            sets.computeIfAbsent(field.key(rule), key -> {
                Signature member = new Signature(random.nextLong(), random.nextLong());
                List<Range> ranges = new ArrayList<>();
                for (KeyRange keys : field.ranges(rule)) {
                    Range range = new Range(keys, member);
                    ranges.add(range);
                    enter(range, keys.v4() ? v4Events : otherEvents);
                }
                return ranges;
            });
        }
        Map<Signature, Integer> numbers = new HashMap<>();
        v4 = sweep(v4Events, numbers);
        others = sweep(otherEvents, numbers);
        classes = numbers.size();
        Map<Object, int[]> runsOf = new HashMap<>();
        sets.forEach((key, ranges) -> runsOf.put(key, runs(ranges)));
        runs = new int[rules.length][];
        for (int i = 0; i < rules.length; i++) {
            runs[i] = Objects.requireNonNull(runsOf.get(field.key(rules[i])));
        }
    }

    private static void enter(Range range, List<Event> events) {
        KeyRange keys = range.keys;
        events.add(new Event(keys.firstHigh(), keys.firstLow(), range, true));
        long low = keys.lastLow() + 1;
        long high = keys.lastHigh() + (low == 0 ? 1 : 0);
        if (high != 0 || low != 0) {
            events.add(new Event(high, low, range, false));
        }
    }

    private static KeyTrie sweep(List<Event> events, Map<Signature, Integer> numbers) {
        events.sort(IN_ORDER);
        KeyIntervals intervals = new KeyIntervals(events.size());
        Signature current = Signature.EMPTY;
        if (events.isEmpty() || events.getFirst().high != 0 || events.getFirst().low != 0) {
            intervals.begin(0, 0, numberOf(current, numbers));
        }
        for (int from = 0, to; from < events.size(); from = to) {
            Event at = events.get(from);
            for (to = from; to < events.size() && IN_ORDER.compare(at, events.get(to)) == 0; to++) {
                Event event = events.get(to);
                if (event.begins) {
                    event.range.first = numbers.size();
                    current = current.plus(event.range.member);
                } else {
                    event.range.end = numbers.size();
                    current = current.minus(event.range.member);
                }
            }
            intervals.begin(at.high, at.low, numberOf(current, numbers));
        }
        for (Event event : events) {
            if (event.range.end < 0) {
                event.range.end = numbers.size();
            }
        }
        return new KeyTrie(intervals);
    }

    private static int numberOf(Signature signature, Map<Signature, Integer> numbers) {
        Integer known = numbers.putIfAbsent(signature, numbers.size());
        return known == null ? numbers.size() - 1 : known;
    }

    private static int[] runs(List<Range> ranges) {
        int[] bounds = new int[2 * ranges.size()];
        int count = 0;
        ranges.sort(Comparator.comparingInt(range -> range.first));
        for (Range range : ranges) {
            if (range.first >= range.end) {
                continue;
            }
            if (count > 0 && bounds[count - 1] + 1 >= range.first) {
                bounds[count - 1] = Math.max(bounds[count - 1], range.end - 1);
            } else {
                bounds[count++] = range.first;
                bounds[count++] = range.end - 1;
            }
        }
        return Arrays.copyOf(bounds, count);
    }

    int classes() {
        return classes;
    }

    /** First and last class of each run of the rule's classes, in order. */
    int[] runs(int rule) {
        return runs[rule];
    }

    /** Number of classes that the rule's set has. */
    int width(int rule) {
        int width = 0;
        for (int i = 0; i < runs[rule].length; i += 2) {
            width += runs[rule][i + 1] - runs[rule][i] + 1;
        }
        return width;
    }

    /** Whether the rule's set has all of these classes. */
    boolean covers(int rule, int first, int last) {
        int[] bounds = runs[rule];
        int from = 0;
        int to = bounds.length / 2 - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            if (bounds[2 * middle] > first) {
                to = middle - 1;
            } else if (bounds[2 * middle + 1] < first) {
                from = middle + 1;
            } else {
                return bounds[2 * middle + 1] >= last;
            }
        }
        return false;
    }

    /** Class of an address. */
    int ofAddress(long high, long low) {
        return KeyIntervals.isV4(high, low) ? v4.find(low << Integer.SIZE, 0) : others.find(high, low);
    }

    /** Class of a key of another field. */
    int of(long key) {
        return others.find(key, 0);
    }

    /** Octets that look-ups walk through. */
    long size() {
        return v4.size() + others.size();
    }
}
