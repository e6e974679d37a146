package io.portcullis.core.event;

import java.util.List;

/** What the log says about itself. */
public final class LogEvents {
    /** Said once a second at the most for each type of event that came too often. */
    public static final EventType SUPPRESSED = new EventType(
            "SYSTEM",
            3_200_900,
            Severity.NOTICE,
            "events_suppressed",
            List.of("suppressed_event", "count"),
            "An event came more often than the log takes; this many were counted and not logged.");

    static final EventType QUEUE_FULL = new EventType(
            "SYSTEM",
            3_200_902,
            Severity.WARNING,
            "event_queue_full",
            List.of("count"),
            "So many events, of any type, came faster than they could be taken, and are gone.");

    public static final EventType RECEIVER_FAILED = new EventType(
            "SYSTEM",
            3_200_903,
            Severity.ERROR,
            "log_receiver_failed",
            List.of("receiver", "reason"),
            "A log receiver could not be started; the others and the memory log get their events.");

    public static final EventType RECEIVER_LOST = new EventType(
            "SYSTEM",
            3_200_904,
            Severity.WARNING,
            "log_receiver_lost_events",
            List.of("receiver", "count"),
            "A log receiver was too slow or could not be reached: so many events that were for it are lost.");

    /** All of them, for the catalogue. */
    public static final List<EventType> ALL = List.of(SUPPRESSED, QUEUE_FULL, RECEIVER_FAILED, RECEIVER_LOST);

    private LogEvents() {}
}
