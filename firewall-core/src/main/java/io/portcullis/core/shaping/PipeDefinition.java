package io.portcullis.core.shaping;

import java.util.List;

/**
 * What a pipe is to do. A precedence's limit is what it is guaranteed: what is beyond it competes with the lowest
 * precedence, first come, first served. The limit of the lowest precedence itself is one that is never exceeded.
 *
 * @param name of the pipe
 * @param total of all that passes; without it a pipe is never full, and precedences make no difference
 * @param precedences limits of the precedences 0 to 7
 * @param userTotal of each user
 * @param userPrecedences of each user's precedences 0 to 7
 * @param grouping who is a user
 * @param networkSize prefix length where users are IPv4 networks; IPv6 networks are those of 64 bits
 * @param balances whether users that have packets waiting get equal shares, rather than who comes first is served first
 * @param lowest least precedence: that of what has a lower one, and of what exceeds its limit
 * @param byDefault precedence of what enters its first pipe without one
 * @param highest greatest precedence: that of what has a higher one
 */
public record PipeDefinition(
        String name,
        PipeLimit total,
        List<PipeLimit> precedences,
        PipeLimit userTotal,
        List<PipeLimit> userPrecedences,
        Grouping grouping,
        int networkSize,
        boolean balances,
        int lowest,
        int byDefault,
        int highest) {
    /** How many precedences there are, 0 to 7; 7 is the most important. */
    public static final int PRECEDENCES = 8;

    public PipeDefinition {
        precedences = List.copyOf(precedences);
        userPrecedences = List.copyOf(userPrecedences);
        if (precedences.size() != PRECEDENCES || userPrecedences.size() != PRECEDENCES) {
            throw new IllegalArgumentException(name + " needs a limit for each precedence");
        }
        if (lowest < 0 || byDefault < lowest || highest < byDefault || highest >= PRECEDENCES) {
            throw new IllegalArgumentException(name + ": precedences " + lowest + ", " + byDefault + ", " + highest);
        }
        if (networkSize < 0 || networkSize > Integer.SIZE) {
            throw new IllegalArgumentException(name + ": network size " + networkSize);
        }
    }

    /** A pipe with nothing but a limit. */
    public static PipeDefinition of(String name, PipeLimit total) {
        List<PipeLimit> none = List.of(
                PipeLimit.NONE,
                PipeLimit.NONE,
                PipeLimit.NONE,
                PipeLimit.NONE,
                PipeLimit.NONE,
                PipeLimit.NONE,
                PipeLimit.NONE,
                PipeLimit.NONE);
        return new PipeDefinition(
                name, total, none, PipeLimit.NONE, none, Grouping.NONE, 0, false, 0, 0, PRECEDENCES - 1);
    }

    /** The precedence that a packet of this one gets here. */
    int bounded(int precedence) {
        return Math.clamp(precedence, lowest, highest);
    }
}
