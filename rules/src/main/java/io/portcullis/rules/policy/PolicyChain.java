package io.portcullis.rules.policy;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.rules.classifier.Classifier;
import io.portcullis.rules.classifier.Match;
import io.portcullis.rules.schedule.Schedule;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One rule set, compiled: stretches of policies, each with a look-up of its own, and each up to a policy that may have
 * the next stretch asked: a Goto, a Return, or one that asks for IPv6 extension headers. Immutable once it is linked; a
 * look-up allocates nothing.
 */
final class PolicyChain {
    private final String name;
    private final List<Entry> entries;
    private Stretch[] stretches = {};

    /**
     * A policy as configured, and as compiled.
     *
     * @param schedule when it counts; empty for always
     */
    record Entry(ConfigObject<IpPolicy> configured, CompiledPolicy compiled, Match match, Optional<Schedule> schedule) {
        boolean counts(LocalDateTime when) {
            return schedule.isEmpty() || schedule.get().covers(when);
        }

        IpPolicy policy() {
            return configured.value();
        }

        /** Whether what it matches, or what is like that, may be decided by policies behind it. */
        boolean endsStretch() {
            return isJump() || match.asksForExtensions();
        }

        /** Whether what it matches goes to another rule set, or leaves this one. */
        boolean isJump() {
            return policy().action() == IpPolicy.Decision.GOTO || isReturn();
        }

        boolean isReturn() {
            return policy().action() == IpPolicy.Decision.RETURN;
        }
    }

    /** Policies that are looked up together. */
    private static final class Stretch {
        final Classifier classifier;
        final List<Entry> entries;
        final CompiledPolicy[] policies;
        /** How many of them decide: all, or all but the Goto or Return at the end. */
        final int deciding;
        /** The last of them when it asks for extension headers; else null. */
        final @Nullable Match asking;
        /** Where the Goto leads; null for a Return. */
        final @Nullable PolicyChain target;

        Stretch(List<Entry> entries, int deciding, @Nullable PolicyChain target) {
            this.classifier = new Classifier(entries.stream().map(Entry::match).toList());
            this.entries = List.copyOf(entries);
            this.policies = entries.stream().map(Entry::compiled).toArray(CompiledPolicy[]::new);
            this.deciding = deciding;
            this.target = target;
            Match last = entries.getLast().match();
            this.asking = last.asksForExtensions() ? last : null;
        }
    }

    PolicyChain(String name, List<Entry> entries) {
        this.name = name;
        this.entries = List.copyOf(entries);
    }

    String name() {
        return name;
    }

    List<Entry> entries() {
        return entries;
    }

    /**
     * Follows the Gotos, of which none may lead back here.
     *
     * @param counting which policies are looked up
     */
    void link(Map<String, PolicyChain> chains, Predicate<Entry> counting) {
        List<Stretch> made = new ArrayList<>();
        List<Entry> next = new ArrayList<>();
        for (Entry entry : entries) {
            if (!counting.test(entry)) {
                continue;
            }
            next.add(entry);
            if (entry.endsStretch()) {
                PolicyChain target = entry.policy()
                        .ruleSet()
                        .map(wanted -> chains.get(wanted.name()))
                        .orElse(null);
                made.add(new Stretch(next, next.size() - (entry.isJump() ? 1 : 0), target));
                next.clear();
            }
        }
        if (!next.isEmpty()) {
            made.add(new Stretch(next, next.size(), null));
        }
        stretches = made.toArray(Stretch[]::new);
    }

    /** The look-up of these entries: the one that is there where they are one stretch, else a new one. */
    Classifier classifier(List<Entry> wanted) {
        return stretches.length == 1 && stretches[0].entries.equals(wanted)
                ? stretches[0].classifier
                : new Classifier(wanted.stream().map(Entry::match).toList());
    }

    /**
     * The first policy that decides, null when none does. Arguments as for {@link Match#matches} and
     * {@link Match#fits}.
     *
     * @param path takes each that matches on the way there, and itself; null when nobody asks
     */
    @Nullable
    CompiledPolicy lookup(
            int in,
            int out,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort,
            int extensions,
            @Nullable Consumer<String> path) {
        for (Stretch stretch : stretches) {
            int index = stretch.classifier.first(
                    in,
                    out,
                    sourceHigh,
                    sourceLow,
                    destinationHigh,
                    destinationLow,
                    protocol,
                    sourcePort,
                    destinationPort);
            if (index < 0) {
                continue;
            }
            Match asking = index == stretch.policies.length - 1 ? stretch.asking : null;
            if (asking != null && !asking.fits(protocol, sourcePort, destinationPort, extensions)) {
                if (path != null) {
                    path.accept(describe(stretch.entries.get(index))
                            + ", passed over: the packet carries no extension header that its service asks for");
                }
                continue;
            }
            if (path != null) {
                path.accept(describe(stretch.entries.get(index)));
            }
            if (index < stretch.deciding) {
                return stretch.policies[index];
            }
            PolicyChain target = stretch.target;
            if (target == null) {
                return null;
            }
            CompiledPolicy decided = target.lookup(
                    in,
                    out,
                    sourceHigh,
                    sourceLow,
                    destinationHigh,
                    destinationLow,
                    protocol,
                    sourcePort,
                    destinationPort,
                    extensions,
                    path);
            if (decided != null) {
                return decided;
            }
        }
        return null;
    }

    /** {@code main 3 to_branches: Goto branches}. */
    private String describe(Entry entry) {
        return name + " " + (entries.indexOf(entry) + 1) + " "
                + entry.compiled().name() + ": " + RuleView.action(entry.policy());
    }
}
