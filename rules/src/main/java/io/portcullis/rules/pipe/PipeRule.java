package io.portcullis.rules.pipe;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.core.shaping.PipeChain;
import io.portcullis.core.shaping.PipeDefinition;
import io.portcullis.rules.classifier.InterfaceSet;
import io.portcullis.rules.schedule.ScheduleProfile;
import io.portcullis.rules.service.Service;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A pipe rule as it is configured. */
@ObjectType(
        value = "PipeRule",
        title = "Pipe rule",
        help = "Puts connections that a policy has allowed into pipes. The first rule that matches decides; one without"
                + " pipes keeps connections out of all.",
        ordered = true,
        nameOptional = true)
public record PipeRule(
        @Property(help = "Name of the rule.") String name,

        @Property(
                help = "Interfaces that the connection comes from.",
                required = true,
                category = "Interface",
                also = {InterfaceSet.ANY, InterfaceSet.CORE})
        List<Ref> sourceInterface,

        @Property(help = "Addresses that the connection comes from.", required = true)
        Addresses sourceNetwork,

        @Property(
                help = "Interfaces that the connection is addressed to.",
                required = true,
                category = "Interface",
                also = {InterfaceSet.ANY, InterfaceSet.CORE})
        List<Ref> destinationInterface,

        @Property(help = "Addresses that the connection is addressed to.", required = true)
        Addresses destinationNetwork,

        @Property(help = "Services that the connection is for.", required = true, category = Service.CATEGORY)
        List<Ref> service,

        @Property(
                help = "Pipes that packets of who opens the connection go through, in order.",
                refersTo = PipeConfiguration.class)
        List<Ref> forwardChain,

        @Property(help = "Pipes that the answers go through, in order.", refersTo = PipeConfiguration.class)
        List<Ref> returnChain,

        @Property(
                help =
                        "Where packets have their precedence from: the first pipe's default, the upper three bits of their"
                                + " DS field, or FixedPrecedence.",
                byDefault = "FromPipe")
        Origin precedence,

        @Property(
                help = "Precedence of the packets with Precedence=Fixed.",
                byDefault = "0",
                min = 0,
                max = PipeDefinition.PRECEDENCES - 1)
        int fixedPrecedence,

        @Property(help = "When the rule counts; without one it does always.", refersTo = ScheduleProfile.class)
        Optional<Ref> schedule,

        @Property(help = "Remark.") String comments)
        implements Checked {
    /** Where packets have their precedence from. */
    public enum Origin {
        FROM_PIPE("FromPipe"),
        MAP_IP_DSCP("MapIPDSCP"),
        FIXED("Fixed");

        private final String word;

        Origin(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        check("ForwardChain", forwardChain, findings);
        check("ReturnChain", returnChain, findings);
        if (precedence != Origin.FIXED && fixedPrecedence != 0) {
            findings.error("FixedPrecedence", "is used with Precedence=Fixed only, and Precedence is " + precedence);
        }
    }

    private static void check(String property, List<Ref> chain, Findings.ForObject findings) {
        if (chain.size() > PipeChain.MOST) {
            findings.error(property, "has " + chain.size() + " pipes; " + PipeChain.MOST + " are allowed");
        }
        Set<String> seen = new HashSet<>();
        for (Ref pipe : chain) {
            if (!seen.add(pipe.name())) {
                findings.error(property, "leads through " + pipe.name() + " twice: a chain must not come back");
            }
        }
    }

    /** As {@link PipeChain} takes it. */
    int chainPrecedence() {
        return switch (precedence) {
            case FROM_PIPE -> PipeChain.FROM_PIPE;
            case MAP_IP_DSCP -> PipeChain.FROM_DSCP;
            case FIXED -> fixedPrecedence;
        };
    }
}
