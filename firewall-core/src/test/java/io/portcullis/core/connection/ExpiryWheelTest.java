package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpiryWheelTest {
    /** More than the wheel has slots, so that a link may be taken for a slot, and the other way round. */
    private static final int CONNECTIONS = 1000;
    /** How exactly it tells times, nanoseconds. */
    private static final long TICK = 1 << 30;

    private final ConnectionStore store = new ConnectionStore(CONNECTIONS, new SourceCounts(new Random(1)), 0);

    @Test
    void everyoneHasHisTurnOnceAndNotBeforeItsTime() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            ExpiryWheel wheel = new ExpiryWheel(store, 0);
            Map<Integer, Long> deadlines = new HashMap<>();
            long now = 0;
            for (int step = 0; step < 5000; step++) {
                int connection = random.nextInt(CONNECTIONS);
                if (deadlines.remove(connection) != null) {
                    wheel.remove(connection);
                } else {
                    long deadline = now + random.nextLong(500 * IdleTimes.SECOND);
                    deadlines.put(connection, deadline);
                    wheel.add(connection, deadline);
                }
                if (random.nextInt(20) == 0) {
                    now += random.nextLong(3 * IdleTimes.SECOND);
                    takeDue(wheel, deadlines, now, "seed " + seed + ", step " + step);
                }
            }
            now += 2000 * IdleTimes.SECOND;
            takeDue(wheel, deadlines, now, "seed " + seed);
            assertEquals(Map.of(), deadlines, "seed " + seed);
        }
    }

    /** Takes those whose turn has come. */
    private static void takeDue(ExpiryWheel wheel, Map<Integer, Long> deadlines, long now, String where) {
        for (int due = wheel.due(now); due >= 0; due = wheel.due(now)) {
            Long deadline = deadlines.remove(due);
            assertNotNull(deadline, where + ": " + due + " is on no list");
            assertTrue(deadline <= now, where + ": " + due + " is early");
        }
        deadlines.forEach((connection, deadline) ->
                assertTrue(deadline > now - 2 * TICK, where + ": " + connection + " is late"));
    }
}
