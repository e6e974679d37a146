package io.portcullis.hostmon;

import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.List;

/** What monitors find out. The reference has these two events for tunnels, with ids of its category IPSEC. */
public final class HostmonEvents {
    static final EventType REACHABLE = new EventType(
            "HOSTMON",
            4_290_901,
            Severity.INFO,
            "monitored_host_reachable",
            List.of("ip", "proto", "monitor"),
            "A monitored host answers, and as fast as it has to.");

    static final EventType UNREACHABLE = new EventType(
            "HOSTMON",
            4_290_902,
            Severity.ERROR,
            "monitored_host_unreachable",
            List.of("ip", "proto", "monitor", "lost", "latency"),
            "A monitored host left more questions unanswered than it may, or took longer on average; latency in"
                    + " milliseconds. hostmon shows the limits.");

    /** All of them, for the catalogue. */
    public static final List<EventType> ALL = List.of(REACHABLE, UNREACHABLE);

    private HostmonEvents() {}
}
