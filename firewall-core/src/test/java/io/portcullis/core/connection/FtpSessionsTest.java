package io.portcullis.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FtpSessionsTest {
    /** Against a map: numbers that meet in the same places, put and removed in any order. */
    @Test
    void findsWhatAMapFinds() {
        for (long seed = 20261122; seed < 20261142; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            FtpSessions sessions = new FtpSessions();
            Map<Integer, FtpSession> expected = new HashMap<>();
            int spread = 1 << random.nextInt(8);
            for (int i = 0; i < 4_000; i++) {
                int number = random.nextInt(64) * spread;
                String where = "seed " + seed + ", step " + i;
                assertSame(expected.get(number), sessions.get(number), where);
                if (random.nextBoolean()) {
                    assertSame(expected.remove(number), sessions.remove(number), where);
                } else if (!expected.containsKey(number)) {
                    FtpSession session = new FtpSession(false);
                    expected.put(number, session);
                    sessions.put(number, session);
                }
                assertEquals(expected.size(), sessions.size(), where);
            }
        }
    }
}
