package io.portcullis.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.time.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventLogTest {
    private static final EventType TYPE =
            new EventType("RULE", 6_000_051, Severity.WARNING, "ruleset_drop_packet", List.of("rule", "srcip"), "x");

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-21T08:00:00Z"));
    private final EventLog log = new EventLog(clock, 50);

    @Test
    void printsTheReferencesLine() {
        log.emit(TYPE, "drop", "Default_Access_Rule", "10.0.0.1");

        assertEquals(
                "[2026-11-21 08:00:00] RULE: prio=4 id=06000051 rev=1 event=ruleset_drop_packet action=drop"
                        + " rule=Default_Access_Rule srcip=10.0.0.1",
                log.recent(1).getFirst().line(ZoneOffset.UTC));
    }

    @Test
    void aValueCanNotForgeALine() {
        log.emit(TYPE, "drop", "a\nRULE: prio=0", "say \"x\"");

        String line = log.recent(1).getFirst().line(ZoneOffset.UTC);

        assertTrue(line.endsWith("rule=\"a.RULE: prio=0\" srcip=\"say \\\"x\\\"\""), line);
    }

    @Test
    void keepsTheLatestOnly() {
        for (int i = 0; i < 60; i++) {
            log.emit(TYPE, "drop", "rule" + i, "::1");
        }

        List<LoggedEvent> recent = log.recent(1000);

        assertEquals(50, recent.size());
        assertEquals("rule10", recent.getFirst().event().values().getFirst());
        assertEquals("rule59", recent.getLast().event().values().getFirst());
    }

    @Test
    void saysHowManyTheLimitSwallowed() {
        for (int i = 0; i < 130; i++) {
            log.emit(TYPE, "drop", "r", "::1");
        }
        log.dispatch();
        clock.advance(Duration.ofSeconds(1));
        log.dispatch();

        Event last = log.recent(1).getFirst().event();

        assertEquals(LogEvents.SUPPRESSED, last.type());
        assertEquals(List.of("ruleset_drop_packet", "30"), last.values());
    }

    @Test
    void aReceiverHearsUntilItCloses() {
        List<LoggedEvent> heard = new ArrayList<>();
        try (EventLog.Subscription _ = log.subscribe(heard::add)) {
            log.emit(TYPE, "drop", "first", "::1");
            log.dispatch();
        }
        log.emit(TYPE, "drop", "second", "::1");
        log.dispatch();

        assertEquals(1, heard.size());
    }

    @Test
    void whatDoesNotFitTheCatalogueIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Event.of(TYPE, "drop", "only one"));
    }
}
