package io.portcullis.core.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What an activation would do to what is running, object by object; made before anything happens.
 *
 * @param steps one for each object that is touched
 */
public record Plan(List<Step> steps) {
    /** What happens to a running object, mildest first. */
    public enum Effect {
        NONE("nothing"),
        IN_PLACE("changed in place"),
        ADD("added"),
        REKEY("rekeyed"),
        REESTABLISH("re-established"),
        REMOVE("removed");

        private final String words;

        Effect(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * One object.
     *
     * @param object its name
     * @param effect what happens to it
     * @param detail why, or how many connections or SAs are hit; may be empty
     */
    public record Step(ObjectKey object, Effect effect, String detail) {}

    public Plan {
        steps = List.copyOf(steps);
    }

    /** A plan from the differences alone, with the effect of each as somebody who knows the types says. */
    public static Plan of(List<Change> changes, Function<Change, Step> judge) {
        return new Plan(changes.stream().map(judge).toList());
    }

    /** What the kind of change says by itself: for types that nothing long-lived runs for. */
    public static Step usual(Change change) {
        Effect effect = switch (change.kind()) {
            case ADDED, ENABLED -> Effect.ADD;
            case DELETED, DISABLED -> Effect.REMOVE;
            case CHANGED, MOVED -> Effect.IN_PLACE;
        };
        String detail =
                change.properties().stream().map(Change.PropertyChange::name).collect(Collectors.joining(", "));
        return new Step(change.key(), effect, detail);
    }

    /** How many objects each effect has. */
    public Map<Effect, Integer> counts() {
        Map<Effect, Integer> counts = new EnumMap<>(Effect.class);
        steps.forEach(step -> counts.merge(step.effect(), 1, Integer::sum));
        return counts;
    }
}
