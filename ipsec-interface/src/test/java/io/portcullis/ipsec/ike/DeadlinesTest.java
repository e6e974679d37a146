package io.portcullis.ipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each member is called at its own time, however often that was changed. */
final class DeadlinesTest {
    private static final int MEMBERS = 10_000;

    @Test
    void likeAPlainMap() {
        long seed = 20_260_723;
        System.out.println("DeadlinesTest: seed " + seed);
        Random random = new Random(seed);
        Deadlines<Integer> deadlines = new Deadlines<>();
        Map<Integer, Long> plain = new HashMap<>();
        for (int step = 0; step < 10 * MEMBERS; step++) {
            int member = random.nextInt(MEMBERS);
            switch (random.nextInt(8)) {
                case 0 -> {
                    deadlines.remove(member);
                    plain.remove(member);
                }
                case 1 -> {
                    deadlines.set(member, Long.MAX_VALUE);
                    plain.remove(member);
                }
                default -> {
                    long at = random.nextLong(1_000_000);
                    deadlines.set(member, at);
                    plain.put(member, at);
                }
            }
            assertEquals(plain.containsKey(member), deadlines.has(member));
        }
        long now = 0;
        while (!plain.isEmpty()) {
            long next = deadlines.next();
            assertTrue(next >= now, "earlier than one that was due before");
            now = next;
            assertNull(deadlines.due(now - 1));
            Integer member = deadlines.due(now);
            assertEquals(now, plain.remove(member));
        }
        assertEquals(Long.MAX_VALUE, deadlines.next());
        assertNull(deadlines.due(Long.MAX_VALUE));
    }
}
