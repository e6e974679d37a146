package io.portcullis.core.shaping;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A pipe at a moment.
 *
 * @param precedences what passed by each precedence, 0 to 7
 * @param waiting packets that wait; a super-packet is one
 * @param users that had packets in the last seconds; 0 for a pipe without grouping
 */
public record PipeView(PipeDefinition definition, List<Precedence> precedences, int waiting, int users) {
    public PipeView {
        precedences = List.copyOf(precedences);
    }

    /**
     * What passed by one precedence. What exceeds its precedence's limit counts as the lowest.
     *
     * @param kbps thousands of bits in the last whole second
     * @param pps packets in the last whole second
     * @param packets altogether
     * @param dropped because too many waited, altogether; by the precedence that they came with
     */
    public record Precedence(long kbps, long pps, long packets, long dropped) {
        static final Precedence NOTHING = new Precedence(0, 0, 0, 0);
    }

    /** All precedences together. */
    public long sum(ToLongFunction<Precedence> what) {
        return precedences.stream().mapToLong(what).sum();
    }
}
