package io.portcullis.ipsec.decision;

import io.portcullis.core.net.IpAddress;
import java.time.Instant;
import java.util.List;

/**
 * One attempt to set up a tunnel, as far as it has come: everything that was sent, received and decided, in order.
 *
 * @param number counts attempts of this firewall since its start
 * @param tunnel name of the tunnel; empty while, or when, none was found for the peer
 * @param initiator whether this side began
 * @param local own address
 * @param remote the peer's
 * @param began wall time
 * @param steps what happened
 * @param omitted steps that were not kept because there were too many
 * @param outcome how it ended
 */
public record Attempt(
        long number,
        String tunnel,
        boolean initiator,
        IpAddress local,
        IpAddress remote,
        Instant began,
        List<Step> steps,
        int omitted,
        Outcome outcome) {
    public Attempt {
        steps = List.copyOf(steps);
    }

    /** One thing that happened. */
    public sealed interface Step {
        /** Wall time. */
        Instant at();
    }

    /**
     * A message.
     *
     * @param outbound sent, else received
     * @param summary exchange and payloads, no values
     */
    public record Exchanged(Instant at, boolean outbound, String summary) implements Step {}

    /** A decision of this side. */
    public record Decided(Instant at, Decision decision) implements Step {}

    /** How an attempt ended. */
    public sealed interface Outcome {}

    /** It has not ended. */
    public record Pending() implements Outcome {}

    /** Both SAs stand. */
    public record Established(Instant at) implements Outcome {}

    /** @param reason one sentence for people */
    public record Failed(Instant at, String reason) implements Outcome {}
}
