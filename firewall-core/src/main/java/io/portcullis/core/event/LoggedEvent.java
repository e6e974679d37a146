package io.portcullis.core.event;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * An event with the time at which it happened.
 *
 * @param at wall time
 */
public record LoggedEvent(Instant at, Event event) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /** The reference's line: {@code [date time] CATEGORY: prio=… id=… event=… key=value}. */
    public String line(ZoneId zone) {
        return "[" + TIME.format(at.atZone(zone)) + "] " + event;
    }
}
