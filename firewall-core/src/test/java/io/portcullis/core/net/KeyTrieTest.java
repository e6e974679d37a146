package io.portcullis.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeyTrieTest {
    private static final long TOP = Long.MIN_VALUE;

    /** Single keys side by side and far apart, of IPv4's bits, by tables of every size. */
    @Test
    void bothShapesFindTheInterval() {
        for (int seed = 1; seed <= 60; seed++) {
            Random random = new Random(seed);
            int wanted = 1 << random.nextInt(15);
            TreeMap<Long, Integer> starts = new TreeMap<>(Map.of(TOP, 0));
            for (int i = 1; i < wanted; i++) {
                starts.put(key(random) ^ TOP, i);
            }
            KeyIntervals intervals = new KeyIntervals(starts.size());
            starts.forEach((start, number) -> intervals.begin(start ^ TOP, 0, number));
            KeyTrie plain = new KeyTrie(intervals);
            KeyTrie aligned = KeyTrie.aligned(intervals, Integer.SIZE);
            for (int i = 0; i < 500; i++) {
                long key = key(random) + ((random.nextInt(3) - 1L) << Integer.SIZE);
                int expected = starts.floorEntry(key ^ TOP).getValue();
                String where = "seed " + seed + ", key " + Long.toHexString(key);
                assertEquals(expected, plain.find(key, 0), where);
                assertEquals(expected, aligned.find(key, 0), where);
            }
        }
    }

    private static long key(Random random) {
        long bits = random.nextBoolean() ? random.nextInt() : 0x0a00_0000 | random.nextInt(1 << 12);
        return bits << Integer.SIZE;
    }
}
