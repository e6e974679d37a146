package io.portcullis.core.trace;

import io.portcullis.core.packet.DropReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is found out about one packet, as it is led from step to step. Handed from worker to worker with it; for one
 * thread at a time.
 */
public final class Trail {
    private final List<TraceStep> steps = new ArrayList<>();
    private final List<String> tunnels = new ArrayList<>();
    private Optional<String> negotiates = Optional.empty();
    private String end = "";
    private boolean isWrapped;
    private boolean enters;

    /** Adds a step; {@code stage} and {@code text} as in {@link TraceStep}. */
    public void step(String stage, String text) {
        steps.add(new TraceStep(tunnels.size(), stage, text));
    }

    /** The packet's way ends here, alive: {@code forwarded to wan}. What the last one says counts. */
    public void end(String how) {
        end = how;
    }

    /** A tunnel has put the packet into another, which goes its own way from here on, as the firewall's own. */
    public void wrapped(String tunnel) {
        tunnels.add(tunnel);
        isWrapped = true;
    }

    /** Whether the packet was put into another since the last question. */
    public boolean takeWrapped() {
        boolean was = isWrapped;
        isWrapped = false;
        return was;
    }

    /** The packet comes in again, by the interface that it names now. */
    public void enters() {
        enters = true;
    }

    /** Whether the packet came in again since the last question. */
    public boolean takeEntering() {
        boolean did = enters;
        enters = false;
        return did;
    }

    /** The packet waits for an SA of this tunnel, which is negotiated for it. */
    public void negotiates(String tunnel) {
        negotiates = Optional.of(tunnel);
        end("waits until tunnel " + tunnel + " has an SA");
    }

    /** The packet has come to its end, alive. */
    public TraceReport alive() {
        return report(DropReason.NONE, end);
    }

    /** @param by the object that has it dropped; empty when none has */
    public TraceReport dropped(DropReason why, String by) {
        return report(why, "dropped: " + why.label() + (by.isEmpty() ? "" : " by " + by));
    }

    private TraceReport report(DropReason why, String verdict) {
        String inside = tunnels.isEmpty() ? "" : ", inside tunnel " + String.join(" inside ", tunnels);
        return new TraceReport(steps, why, verdict + inside, negotiates);
    }
}
