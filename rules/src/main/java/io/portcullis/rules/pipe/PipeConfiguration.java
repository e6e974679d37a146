package io.portcullis.rules.pipe;

import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.shaping.Grouping;
import io.portcullis.core.shaping.PipeDefinition;
import io.portcullis.core.shaping.PipeLimit;
import java.util.List;

/** A pipe as it is configured. */
@ObjectType(
        value = "Pipe",
        title = "Pipe",
        help =
                "Limits how much passes; pipe rules say what goes through it. When it is full, higher precedences go first."
                        + " A precedence's limit is what it is guaranteed: what exceeds it competes with the lowest one.")
public record PipeConfiguration(
        @Property(help = "Name of the pipe.", required = true)
        String name,

        @Property(
                help = "Thousands of bits a second that pass; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "Limits")
        int limitKbpsTotal,

        @Property(
                help = "Packets a second that pass; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "Limits")
        int limitPPSTotal,

        @Property(
                help = "Thousands of bits a second by precedence 0; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "Limits")
        int limitKbps0,

        @Property(
                help = "Packets a second by precedence 0; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "Limits")
        int limitPPS0,

        @Property(
                help = "Thousands of bits a second by precedence 1; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "Limits")
        int limitKbps1,

        @Property(
                help = "Packets a second by precedence 1; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "Limits")
        int limitPPS1,

        @Property(
                help = "Thousands of bits a second by precedence 2; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "Limits")
        int limitKbps2,

        @Property(
                help = "Packets a second by precedence 2; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "Limits")
        int limitPPS2,

        @Property(
                help = "Thousands of bits a second by precedence 3; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "Limits")
        int limitKbps3,

        @Property(
                help = "Packets a second by precedence 3; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "Limits")
        int limitPPS3,

        @Property(
                help = "Thousands of bits a second by precedence 4; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "Limits")
        int limitKbps4,

        @Property(
                help = "Packets a second by precedence 4; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "Limits")
        int limitPPS4,

        @Property(
                help = "Thousands of bits a second by precedence 5; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "Limits")
        int limitKbps5,

        @Property(
                help = "Packets a second by precedence 5; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "Limits")
        int limitPPS5,

        @Property(
                help = "Thousands of bits a second by precedence 6; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "Limits")
        int limitKbps6,

        @Property(
                help = "Packets a second by precedence 6; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "Limits")
        int limitPPS6,

        @Property(
                help = "Thousands of bits a second by precedence 7; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "Limits")
        int limitKbps7,

        @Property(
                help = "Packets a second by precedence 7; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "Limits")
        int limitPPS7,

        @Property(
                help = "Thousands of bits a second of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "User limits")
        int userLimitKbpsTotal,

        @Property(
                help = "Packets a second of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "User limits")
        int userLimitPPSTotal,

        @Property(
                help = "Thousands of bits a second by precedence 0 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "User limits")
        int userLimitKbps0,

        @Property(
                help = "Packets a second by precedence 0 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "User limits")
        int userLimitPPS0,

        @Property(
                help = "Thousands of bits a second by precedence 1 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "User limits")
        int userLimitKbps1,

        @Property(
                help = "Packets a second by precedence 1 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "User limits")
        int userLimitPPS1,

        @Property(
                help = "Thousands of bits a second by precedence 2 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "User limits")
        int userLimitKbps2,

        @Property(
                help = "Packets a second by precedence 2 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "User limits")
        int userLimitPPS2,

        @Property(
                help = "Thousands of bits a second by precedence 3 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "User limits")
        int userLimitKbps3,

        @Property(
                help = "Packets a second by precedence 3 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "User limits")
        int userLimitPPS3,

        @Property(
                help = "Thousands of bits a second by precedence 4 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "User limits")
        int userLimitKbps4,

        @Property(
                help = "Packets a second by precedence 4 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "User limits")
        int userLimitPPS4,

        @Property(
                help = "Thousands of bits a second by precedence 5 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "User limits")
        int userLimitKbps5,

        @Property(
                help = "Packets a second by precedence 5 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "User limits")
        int userLimitPPS5,

        @Property(
                help = "Thousands of bits a second by precedence 6 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "User limits")
        int userLimitKbps6,

        @Property(
                help = "Packets a second by precedence 6 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "User limits")
        int userLimitPPS6,

        @Property(
                help = "Thousands of bits a second by precedence 7 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_KBPS,
                group = "User limits")
        int userLimitKbps7,

        @Property(
                help = "Packets a second by precedence 7 of each user; 0 for any number.",
                byDefault = "0",
                min = 0,
                max = PipeLimit.MOST_PPS,
                group = "User limits")
        int userLimitPPS7,

        @Property(
                help = "Whose packets share the limits of a user; a port is one of its address.",
                byDefault = "None",
                group = "Grouping")
        Grouping grouping,

        @Property(
                help = "Prefix length of IPv4 networks that are users; of IPv6 it is 64.",
                byDefault = "0",
                max = 32,
                min = 0,
                group = "Grouping")
        int groupingNetworkSize,

        @Property(
                help = "Whether users share a full pipe equally; without it who comes first is served first.",
                byDefault = "No",
                group = "Grouping")
        boolean dynamicBalancing,

        @Property(
                help = "The lowest precedence: also of what has a lower one, and of what exceeds its limit.",
                byDefault = "0",
                min = 0,
                max = PipeDefinition.PRECEDENCES - 1,
                group = "Precedences")
        int precedenceMin,

        @Property(
                help = "Precedence of what comes without one.",
                byDefault = "0",
                min = 0,
                max = PipeDefinition.PRECEDENCES - 1,
                group = "Precedences")
        int precedenceDefault,

        @Property(
                help = "The highest precedence: also of what has a higher one.",
                byDefault = "7",
                min = 0,
                max = PipeDefinition.PRECEDENCES - 1,
                group = "Precedences")
        int precedenceMax,

        @Property(help = "Remark.") String comments)
        implements Checked {
    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        if (precedenceDefault < precedenceMin) {
            findings.error(
                    "PrecedenceDefault", "is " + precedenceDefault + ", less than PrecedenceMin, " + precedenceMin);
        }
        if (precedenceMax < precedenceDefault) {
            findings.error(
                    "PrecedenceMax", "is " + precedenceMax + ", less than PrecedenceDefault, " + precedenceDefault);
        }
        boolean limitsUsers = !isWithout(userLimits()) || !userTotal().isNone();
        if (grouping == Grouping.NONE && (limitsUsers || dynamicBalancing)) {
            findings.error("Grouping", "is None, so there are no users to limit or to balance");
        }
        if (grouping.isByNetwork() && groupingNetworkSize == 0) {
            findings.error("GroupingNetworkSize", "must be given where users are networks");
        }
        if (!grouping.isByNetwork() && groupingNetworkSize != 0) {
            findings.error(
                    "GroupingNetworkSize", "means nothing, since users are no networks: Grouping is " + grouping);
        }
        if (total().isNone() && (dynamicBalancing || !isWithout(limits()))) {
            findings.warning(
                    "LimitKbpsTotal",
                    "is not given, nor LimitPPSTotal: the pipe is never full, so precedences and balancing do nothing");
        }
    }

    private static boolean isWithout(List<PipeLimit> limits) {
        return limits.stream().allMatch(PipeLimit::isNone);
    }

    private PipeLimit total() {
        return new PipeLimit(limitKbpsTotal, limitPPSTotal);
    }

    private PipeLimit userTotal() {
        return new PipeLimit(userLimitKbpsTotal, userLimitPPSTotal);
    }

    private List<PipeLimit> limits() {
        return List.of(
                new PipeLimit(limitKbps0, limitPPS0),
                new PipeLimit(limitKbps1, limitPPS1),
                new PipeLimit(limitKbps2, limitPPS2),
                new PipeLimit(limitKbps3, limitPPS3),
                new PipeLimit(limitKbps4, limitPPS4),
                new PipeLimit(limitKbps5, limitPPS5),
                new PipeLimit(limitKbps6, limitPPS6),
                new PipeLimit(limitKbps7, limitPPS7));
    }

    private List<PipeLimit> userLimits() {
        return List.of(
                new PipeLimit(userLimitKbps0, userLimitPPS0),
                new PipeLimit(userLimitKbps1, userLimitPPS1),
                new PipeLimit(userLimitKbps2, userLimitPPS2),
                new PipeLimit(userLimitKbps3, userLimitPPS3),
                new PipeLimit(userLimitKbps4, userLimitPPS4),
                new PipeLimit(userLimitKbps5, userLimitPPS5),
                new PipeLimit(userLimitKbps6, userLimitPPS6),
                new PipeLimit(userLimitKbps7, userLimitPPS7));
    }

    /** What the pipe is to do; its own precedences must be in order. */
    PipeDefinition definition() {
        return new PipeDefinition(
                name,
                total(),
                limits(),
                userTotal(),
                userLimits(),
                grouping,
                groupingNetworkSize,
                dynamicBalancing,
                precedenceMin,
                precedenceDefault,
                precedenceMax);
    }
}
