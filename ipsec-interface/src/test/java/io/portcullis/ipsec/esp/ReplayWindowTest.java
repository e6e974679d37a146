package io.portcullis.ipsec.esp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplayWindowTest {
    private static final long WRAP = 1L << 32;

    @Test
    void table() {
        ReplayWindow window = new ReplayWindow(64, true);
        long[][] table = {
            // number, expected
            {0, 0},
            {1, 1},
            {1, 0},
            {9, 1},
            {8, 1},
            {7, 1},
            {7, 0},
            {64, 1},
            {65, 1},
            {2, 1},
            {1, 0},
            {63, 1},
            {128, 1},
            {64, 0},
            {65, 0},
            {66, 1},
            {191, 1},
            {127, 0},
            {129, 1},
            {10_000, 1},
            {191, 0},
            {9_936, 0},
            {9_937, 1},
            {9_937, 0},
            {10_000, 0},
            {WRAP - 1, 1},
            {WRAP, 1},
            {WRAP + 62, 1},
            {WRAP - 2, 0},
            {WRAP - 1, 0},
            {WRAP + 1, 1},
            {-5, 0},
        };
        for (long[] row : table) {
            boolean expected = row[1] == 1;
            assertEquals(expected, window.mayAccept(row[0]), "may " + row[0]);
            assertEquals(expected, window.mayAccept(row[0]), "asking changes nothing: " + row[0]);
            assertEquals(expected, window.accepted(row[0]), "accepted " + row[0]);
        }
        assertEquals(WRAP + 62, window.top());
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 128, 192, 320, 1024, 4096})
    void agreesWithASetThatForgetsNothing(int size) {
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        for (long start : new long[] {1, WRAP - 3L * size, 5 * WRAP - size}) {
            ReplayWindow window = new ReplayWindow(size, true);
            Set<Long> seen = new HashSet<>();
            long top = 0;
            long around = start;
            for (int i = 0; i < 20_000; i++) {
                long number = Math.max(1, around + random.nextInt(3 * size) - 2L * size);
                if (top > 0 && Math.abs(number - top) < Integer.MAX_VALUE) {
                    // What the packet carries is the lower half: whatever the window would take is guessed right.
                    long guessed = window.full((int) number);
                    assertTrue(guessed == number || number <= top - size, "seed " + seed + " number " + number);
                }
                boolean expected = number > top - size && !seen.contains(number);
                assertEquals(expected, window.mayAccept(number), "seed " + seed + " number " + number);
                if (random.nextInt(4) != 0) {
                    assertEquals(expected, window.accepted(number), "seed " + seed + " number " + number);
                    if (expected) {
                        seen.add(number);
                        top = Math.max(top, number);
                        around = random.nextInt(50) == 0 ? top + random.nextInt(10 * size) : top;
                    }
                }
            }
        }
    }

    @Test
    void theUpperHalfIsGuessedAroundTheWrap() {
        ReplayWindow window = new ReplayWindow(64, true);
        assertTrue(window.full(-1) <= 0, "before the first packet nothing lies behind");
        window.accepted(WRAP - 10);
        assertEquals(WRAP - 1, window.full(-1));
        assertEquals(WRAP, window.full(0));
        assertEquals(WRAP + 500, window.full(500));
        window.accepted(WRAP + 5);
        assertEquals(WRAP - 10, window.full(-10));
        assertEquals(WRAP + 5, window.full(5));
        assertEquals(WRAP + 0x8000_0000L, window.full(0x8000_0000));
    }

    @Test
    void withoutExtensionTheNumberIsTheField() {
        ReplayWindow window = new ReplayWindow(64, false);
        assertEquals(WRAP - 1, window.full(-1));
        assertTrue(window.accepted(WRAP - 1));
        assertEquals(3, window.full(3));
        assertFalse(window.mayAccept(3));
    }

    @Test
    void switchedOffItTakesEverythingTwice() {
        ReplayWindow window = new ReplayWindow(0, false);
        assertTrue(window.accepted(7));
        assertTrue(window.mayAccept(7));
        assertTrue(window.accepted(7));
        assertTrue(window.accepted(1));
        assertFalse(window.mayAccept(0));
    }

    @Test
    void sizesThatAreNoWordsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ReplayWindow(65, false));
        assertThrows(IllegalArgumentException.class, () -> new ReplayWindow(4160, false));
        assertThrows(IllegalArgumentException.class, () -> new ReplayWindow(-64, false));
    }
}
