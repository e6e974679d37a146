package io.portcullis.core.trace;

import io.portcullis.core.packet.DropReason;
import java.util.List;
import java.util.Optional;

/**
 * What would become of a packet, and why.
 *
 * @param steps in the order of its way
 * @param why NONE, or what it would die of
 * @param verdict the same in words: {@code forwarded to wan by way of 203.0.113.254}
 * @param negotiates the tunnel that it would wait for while an SA is negotiated
 */
public record TraceReport(List<TraceStep> steps, DropReason why, String verdict, Optional<String> negotiates) {
    public TraceReport {
        steps = List.copyOf(steps);
    }
}
