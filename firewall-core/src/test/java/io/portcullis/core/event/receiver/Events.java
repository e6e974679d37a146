package io.portcullis.core.event.receiver;

import io.portcullis.core.event.Event;
import io.portcullis.core.event.EventType;
import io.portcullis.core.event.LoggedEvent;
import io.portcullis.core.event.Severity;
import java.time.Instant;
import java.util.List;

/** Events to send and write. */
final class Events {
    static final EventType OPENED =
            new EventType("CONN", 600_001, Severity.INFO, "conn_open", List.of("rule", "connsrcip"), "x");
    static final EventType FULL =
            new EventType("CONN", 600_003, Severity.WARNING, "connection_table_full", List.of("replaced"), "x");
    static final EventType LISTED = new EventType("RULE", 6_000_006, Severity.DEBUG, "rule_match", List.of(), "x");
    static final Instant AT = Instant.parse("2026-07-23T14:05:06.789Z");

    private Events() {}

    static LoggedEvent opened(Object rule, String source) {
        return new LoggedEvent(AT, Event.of(OPENED, "open", rule, source));
    }
}
