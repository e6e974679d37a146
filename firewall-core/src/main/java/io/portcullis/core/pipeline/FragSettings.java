package io.portcullis.core.pipeline;

import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.fragment.FragmentLimits;

/** What is done about fragments, as configured. Datagrams are put together before anything is decided about them. */
@ObjectType(
        value = "FragSettings",
        category = "Settings",
        title = "Fragment settings",
        help = "Limits of fragmented datagrams, and what is done about suspicious ones: Ignore, Log, Drop or DropLog.",
        singleton = true)
public record FragSettings(
        @Property(
                help = "Datagrams that are put together at a time; beyond that the oldest is given up. 0 drops all"
                        + " fragments.",
                name = "PseudoReass_MaxConcurrent",
                byDefault = "128",
                min = 0,
                max = 1024)
        int mostDatagrams,

        @Property(
                help =
                        "Fragments that overlap others with other data, lie outside of a datagram or contradict its end, and"
                                + " the datagram with them: Drop or DropLog.",
                name = "IllegalFrags",
                byDefault = "DropLog")
        Reaction illegal,

        @Property(
                help = "Fragments that came before, and such of datagrams that are complete: Drop or DropLog.",
                name = "DuplicateFrags",
                byDefault = "Drop")
        Reaction duplicates,

        @Property(
                help = "Datagrams that do not become complete in time, or are too many: Drop or DropLog.",
                name = "FragReassemblyFail",
                byDefault = "DropLog")
        Reaction failures,

        @Property(
                help = "ICMP in fragments, but for pings and their answers.",
                name = "FragmentedICMP",
                byDefault = "DropLog")
        Reaction fragmentedIcmp,

        @Property(
                help = "The least octets that a fragment carries, unless it is the last.",
                name = "MinimumFragLength",
                byDefault = "8",
                min = 8,
                max = 1280)
        int minimumLength,

        @Property(help = "Fragments that carry less.", name = "ShortFrags", byDefault = "DropLog")
        Reaction shortFragments,

        @Property(
                help = "Seconds after a fragment in which another must come.",
                name = "ReassTimeout",
                byDefault = "30",
                min = 1,
                max = 300)
        int timeout,

        @Property(
                help = "Seconds after the first fragment in which all must have come.",
                name = "ReassTimeLimit",
                byDefault = "60",
                min = 1,
                max = 300)
        int timeLimit,

        @Property(
                help = "Seconds in which fragments of a datagram that is complete are known as duplicates.",
                name = "ReassDoneLinger",
                byDefault = "20",
                min = 0,
                max = 300)
        int doneLinger,

        @Property(
                help = "Seconds in which fragments of a datagram are refused that had illegal ones.",
                name = "ReassIllegalLinger",
                byDefault = "60",
                min = 0,
                max = 300)
        int illegalLinger)
        implements Checked {
    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        mustDrop("IllegalFrags", illegal, findings);
        mustDrop("DuplicateFrags", duplicates, findings);
        mustDrop("FragReassemblyFail", failures, findings);
        if (timeLimit < timeout) {
            findings.warning("ReassTimeout", "is never reached: ReassTimeLimit is less");
        }
    }

    private static void mustDrop(String property, Reaction reaction, Findings.ForObject findings) {
        if (!reaction.drops()) {
            findings.error(property, reaction + " is not possible, nobody could use them: Drop or DropLog");
        }
    }

    /** All workers together. */
    FragmentLimits limits() {
        return FragmentLimits.ofSeconds(mostDatagrams, timeout, timeLimit, doneLinger, illegalLinger);
    }
}
