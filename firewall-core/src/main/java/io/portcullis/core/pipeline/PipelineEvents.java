package io.portcullis.core.pipeline;

import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.List;

/** Events of packets that died. */
public final class PipelineEvents {
    static final EventType RULESET_DROP = new EventType(
            "RULE",
            6_000_051,
            Severity.WARNING,
            "ruleset_drop_packet",
            List.of("rule", "recvif", "srcip", "destip", "ipproto", "srcport", "destport"),
            "An access rule or policy refused the packet. Default_Access_Rule: no route leads back to the source by way "
                    + "of the interface that the packet came in by, or the source is an own address or a broadcast.");

    static final EventType MALFORMED = new EventType(
            "IP",
            700_901,
            Severity.NOTICE,
            "malformed_packet",
            List.of("reason", "recvif", "srcip", "destip", "ipproto"),
            "The packet's headers contradict themselves or name addresses that no host has, or that do not belong where it"
                    + " was going; or it is a fragment of what can not be put together.");

    static final EventType NO_ROUTE = new EventType(
            "ROUTE",
            1_100_901,
            Severity.NOTICE,
            "no_route",
            List.of("recvif", "srcip", "destip", "ipproto"),
            "No route leads to the packet's destination.");

    static final EventType DEFECT = new EventType(
            "SYSTEM",
            3_200_901,
            Severity.ERROR,
            "packet_defect",
            List.of("recvif", "cause", "where"),
            "A defect of the firewall: the packet was contained. Please report what this line says.");

    /** All of them, for the catalogue. */
    public static final List<EventType> ALL = List.of(RULESET_DROP, MALFORMED, NO_ROUTE, DEFECT);

    private PipelineEvents() {}
}
