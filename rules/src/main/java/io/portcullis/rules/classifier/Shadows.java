package io.portcullis.rules.classifier;

import java.util.ArrayList;
import java.util.List;

/** Finds rules that can never be the first to match, because one above matches all that they do. */
public final class Shadows {
    /**
     * Pairs of rules that are compared at most: what then is not found stays a missing warning, and nobody waits for
     * it.
     */
    static final int MOST_COMPARED = 500_000;

    /**
     * A rule that is never asked.
     *
     * @param rule its place, from 0
     * @param by place of the first rule that matches all that it does, above it
     */
    public record Shadow(int rule, int by) {}

    private Shadows() {}

    /**
     * Rules that one other rule hides, by their places. What only several rules hide together is not found, and of very
     * many rules that overlap not all.
     *
     * @param rules the earlier wins; those that match nothing hide nothing and are not hidden
     * @param classifier made of these rules
     */
    public static List<Shadow> among(List<Match> rules, Classifier classifier) {
        List<Shadow> found = new ArrayList<>();
        int compared = 0;
        for (int rule = 0; rule < rules.size() && compared < MOST_COMPARED; rule++) {
            Match hidden = rules.get(rule);
            if (hidden.isEmpty()) {
                continue;
            }
            // Who hides it matches any packet of it; no rule above this one matches one of them.
            for (int by = hidden.firstFor(classifier); by < rule; by++) {
                compared++;
                if (rules.get(by).covers(hidden)) {
                    found.add(new Shadow(rule, by));
                    break;
                }
            }
        }
        return found;
    }
}
