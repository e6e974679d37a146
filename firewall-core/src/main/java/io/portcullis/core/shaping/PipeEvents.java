package io.portcullis.core.shaping;

import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.List;

/** Events of traffic shaping. */
public final class PipeEvents {
    static final EventType FULL = new EventType(
            "PIPES",
            6_300_901,
            Severity.NOTICE,
            "pipe_full",
            List.of("pipe", "precedence", "waiting"),
            "Packets are dropped because enough of them wait in the pipe already; said once a second at most. Senders"
                    + " that mind losses, like TCP, slow down. The command pipes counts them.");

    /** All of them, for the catalogue. */
    public static final List<EventType> ALL = List.of(FULL);

    private PipeEvents() {}
}
