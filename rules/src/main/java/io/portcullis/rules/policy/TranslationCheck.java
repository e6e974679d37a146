package io.portcullis.rules.policy;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.net.Transposition;
import io.portcullis.core.pipeline.Redirection;
import io.portcullis.rules.policy.PolicyChain.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Finds policies of a rule set that send the same connections to different places (SAT). One above another that it
 * matches a part of is the usual way to make an exception; one that leaves nothing to the other is an error, and where
 * each has something of its own nobody can tell from one of them where connections go.
 */
final class TranslationCheck {
    /** Pairs that are compared at most, and findings at most: activating waits for neither. */
    private static final int MOST_COMPARED = 500_000;

    private static final int MOST_FINDINGS = 20;

    private final Configuration configuration;
    private final Findings findings;
    private int compared;
    private int found;

    TranslationCheck(Configuration configuration, Findings findings) {
        this.configuration = configuration;
        this.findings = findings;
    }

    /** @param at where in its rule set the policy stands */
    private record Place(Entry entry, int at, IpRange addresses) {}

    void check(PolicyChain chain) {
        List<Place> places = new ArrayList<>();
        for (int at = 0; at < chain.entries().size(); at++) {
            Entry entry = chain.entries().get(at);
            if (entry.compiled().redirection() != null && !entry.match().isEmpty()) {
                for (IpRange range : entry.match().destinations().ranges()) {
                    places.add(new Place(entry, at, range));
                }
            }
        }
        Set<List<Integer>> judged = new HashSet<>();
        overlapping(places, (one, other) -> {
            Place above = one.at < other.at ? one : other;
            Place below = one.at < other.at ? other : one;
            if (judged.add(List.of(above.at, below.at))) {
                judge(above.entry, below.entry);
            }
        });
    }

    /**
     * Errors where policies give the same addresses to different sources (SAT): who answers them could mean either.
     *
     * @param entries of all rule sets, since connections of all of them leave by the same interfaces
     */
    void checkSources(List<Entry> entries) {
        List<Place> places = new ArrayList<>();
        for (int at = 0; at < entries.size(); at++) {
            Transposition newSources = entries.get(at).compiled().newSources();
            if (newSources != null) {
                for (IpRange range : entries.get(at).match().sources().ranges()) {
                    places.add(new Place(
                            entries.get(at),
                            at,
                            new IpRange(newSources.of(range.first()), newSources.of(range.last()))));
                }
            }
        }
        overlapping(places, (one, other) -> {
            Entry above = one.at < other.at ? one.entry : other.entry;
            Entry below = one.at < other.at ? other.entry : one.entry;
            if (!newSources(above).agrees(newSources(below))) {
                found++;
                findings.of(configuration.key(below.configured()))
                        .error(
                                "SATSourceIP",
                                "overlaps what " + configuration.key(above.configured()) + " gives to other sources");
            }
        });
    }

    private static Transposition newSources(Entry entry) {
        return Objects.requireNonNull(entry.compiled().newSources());
    }

    /** Pairs of different policies that have an address in common, by passing over all addresses once. */
    private void overlapping(List<Place> places, BiConsumer<Place, Place> take) {
        places.sort(Comparator.comparing(place -> place.addresses.first()));
        List<Place> open = new ArrayList<>();
        for (Place place : places) {
            open.removeIf(before -> before.addresses.last().compareTo(place.addresses.first()) < 0);
            for (Place before : open) {
                if (compared++ == MOST_COMPARED || found == MOST_FINDINGS) {
                    return;
                }
                if (before.at != place.at) {
                    take.accept(before, place);
                }
            }
            open.add(place);
        }
    }

    private static Redirection redirection(Entry entry) {
        return Objects.requireNonNull(entry.compiled().redirection());
    }

    private void judge(Entry above, Entry below) {
        boolean hides = above.match().covers(below.match());
        boolean isException = !hides && below.match().covers(above.match());
        if (isException
                || !above.match().overlaps(below.match())
                || redirection(above).agrees(redirection(below))) {
            return;
        }
        found++;
        Findings.ForObject at = findings.of(configuration, below.configured());
        String sends = configuration.key(above.configured()) + ", which stands above it, sends ";
        String where = " to " + redirection(above);
        if (hides) {
            at.error("SATTranslateToIP", "nothing goes there: " + sends + "all that it matches" + where);
        } else {
            at.warning("SATTranslateToIP", "not all goes there: " + sends + "some of it" + where);
        }
    }
}
