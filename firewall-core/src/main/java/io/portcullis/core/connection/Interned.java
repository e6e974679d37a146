package io.portcullis.core.connection;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The few objects that many connections name, by small numbers which fit in a record. An object is kept while somebody
 * holds its number, and not longer. Number 0 is nobody's. Belongs to one worker.
 */
final class Interned<T> {
    private static final int FIRST = 16;

    private @Nullable Object[] values = new Object[FIRST];
    private int[] holders = new int[FIRST];
    private int[] hashes = new int[FIRST];
    /** The next number in the same bucket; of a free number, the next free one. */
    private int[] next = new int[FIRST];

    private int[] buckets = new int[FIRST];
    private int made = 1;
    private int free;

    /**
     * The number of an object that is held, 0 when it is not.
     *
     * @param hash the same for equal objects, dense or well spread
     */
    @SuppressWarnings("ReferenceEquality") // mostly it is the very one, and equals takes longer
    int find(T value, int hash) {
        for (int at = buckets[hash & buckets.length - 1]; at != 0; at = next[at]) {
            if (values[at] == value || (hashes[at] == hash && value.equals(values[at]))) {
                return at;
            }
        }
        return 0;
    }

    /** Its number, held once more. */
    int hold(T value, int hash) {
        int number = find(value, hash);
        if (number == 0) {
            number = take();
            values[number] = value;
            hashes[number] = hash;
            link(number);
        }
        holders[number]++;
        return number;
    }

    /** One holder less; number 0 has none. */
    void release(int number) {
        if (number == 0) {
            return;
        }
        Objects.requireNonNull(values[number], "nobody holds it");
        if (--holders[number] > 0) {
            return;
        }
        int bucket = hashes[number] & buckets.length - 1;
        if (buckets[bucket] == number) {
            buckets[bucket] = next[number];
        } else {
            int at = buckets[bucket];
            while (next[at] != number) {
                at = next[at];
            }
            next[at] = next[number];
        }
        values[number] = null;
        next[number] = free;
        free = number;
    }

    /** The object of a number that is held. */
    @SuppressWarnings("unchecked") // only values of this type go in
    T get(int number) {
        return (T) Objects.requireNonNull(values[number], "nobody holds it");
    }

    private int take() {
        if (free != 0) {
            int number = free;
            free = next[number];
            return number;
        }
        if (made == values.length) {
            grow(made * 2);
        }
        return made++;
    }

    private void grow(int capacity) {
        values = Arrays.copyOf(values, capacity);
        holders = Arrays.copyOf(holders, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        next = Arrays.copyOf(next, capacity);
        buckets = new int[capacity];
        for (int number = 1; number < made; number++) {
            link(number);
        }
    }

    private void link(int number) {
        int bucket = hashes[number] & buckets.length - 1;
        next[number] = buckets[bucket];
        buckets[bucket] = number;
    }
}
