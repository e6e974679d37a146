package io.portcullis.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLimitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final EventType TYPE =
            new EventType("TEST", 1, Severity.INFO, "tested", List.of("number"), "Only for the test.");

    private final List<Event> events = new ArrayList<>();
    private final EventLimit limit = new EventLimit(TYPE, 2, events::add);

    @Test
    void aFewPassAndTheRestIsCountedWhenTheSecondIsOver() {
        long start = -5 * SECOND;
        assertTrue(limit.admits(start));
        limit.emit("drop", 1);
        assertTrue(limit.admits(start + 1));
        assertFalse(limit.admits(start + 2));
        assertFalse(limit.admits(start + SECOND - 1));
        assertEquals(1, events.size());
        limit.tick(start + SECOND);
        assertEquals(LogEvents.SUPPRESSED, events.get(1).type());
        assertEquals(List.of("tested", "2"), events.get(1).values());
        limit.tick(start + 3 * SECOND);
        assertEquals(2, events.size(), "said once");
        assertTrue(limit.admits(start + 3 * SECOND));
    }
}
