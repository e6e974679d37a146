package io.portcullis.core.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The difference that a candidate makes to one object.
 *
 * @param kind what happened to it
 * @param key its name, in the newer configuration where it is in there
 * @param before the object in the older configuration
 * @param after the object in the newer configuration
 * @param properties the properties that differ, for {@link Kind#CHANGED}
 */
public record Change(
        Kind kind,
        ObjectKey key,
        Optional<ConfigObject<?>> before,
        Optional<ConfigObject<?>> after,
        List<PropertyChange> properties) {
    /** What happened to an object. */
    public enum Kind {
        ADDED('+'),
        DELETED('-'),
        CHANGED('*'),
        MOVED('*'),
        DISABLED('o'),
        ENABLED('*');

        private final char mark;

        Kind(char mark) {
            this.mark = mark;
        }

        /** The mark in front of the object in listings. */
        public char mark() {
            return mark;
        }
    }

    /**
     * One property, before and after; secrets as asterisks.
     *
     * @param name name of the property
     * @param before older value as text
     * @param after newer value as text
     */
    public record PropertyChange(String name, String before, String after) {}

    /** The schema of the object. */
    public Schema<?> schema() {
        return after.or(() -> before).orElseThrow().schema();
    }

    /** All differences, in the order of the newer configuration, what was deleted last. */
    public static List<Change> between(Configuration older, Configuration newer) {
        Map<Long, ConfigObject<?>> left = new HashMap<>();
        older.stored().forEach(object -> left.put(object.id(), object));
        List<Change> changes = new ArrayList<>();
        for (ConfigObject<?> object : newer.stored()) {
            ConfigObject<?> was = left.remove(object.id());
            if (was == null) {
                changes.add(change(Kind.ADDED, newer, Optional.empty(), object, List.of()));
            } else {
                List<PropertyChange> properties = properties(was, object);
                if (!properties.isEmpty()) {
                    changes.add(change(Kind.CHANGED, newer, Optional.of(was), object, properties));
                } else if (object.disabled() != was.disabled()) {
                    Kind kind = object.disabled() ? Kind.DISABLED : Kind.ENABLED;
                    changes.add(change(kind, newer, Optional.of(was), object, List.of()));
                }
            }
        }
        changes.addAll(moved(older, newer, changes));
        for (ConfigObject<?> object : older.stored()) {
            if (left.containsKey(object.id())) {
                changes.add(
                        new Change(Kind.DELETED, older.key(object), Optional.of(object), Optional.empty(), List.of()));
            }
        }
        return changes;
    }

    private static Change change(
            Kind kind,
            Configuration newer,
            Optional<ConfigObject<?>> was,
            ConfigObject<?> now,
            List<PropertyChange> properties) {
        return new Change(kind, newer.key(now), was, Optional.of(now), properties);
    }

    private static List<PropertyChange> properties(ConfigObject<?> was, ConfigObject<?> now) {
        if (was.equals(now)) {
            return List.of();
        }
        List<PropertyChange> out = new ArrayList<>();
        for (SchemaProperty property : now.schema().properties()) {
            if (!property.get(was.value()).equals(property.get(now.value()))) {
                out.add(new PropertyChange(property.name(), property.print(was.value()), property.print(now.value())));
            }
        }
        return out;
    }

    /** Ordered objects that stand in another order among those that both configurations have. */
    private static List<Change> moved(Configuration older, Configuration newer, List<Change> changes) {
        Set<Long> changed = new HashSet<>();
        changes.forEach(change -> change.after().ifPresent(object -> changed.add(object.id())));
        Map<Long, Integer> rank = new HashMap<>();
        older.stored().forEach(object -> rank.put(object.id(), rank.size()));
        Map<Configuration.Siblings, Integer> furthest = new HashMap<>();
        List<Change> out = new ArrayList<>();
        for (ConfigObject<?> object : newer.stored()) {
            Integer was = rank.get(object.id());
            if (was == null || !object.schema().ordered()) {
                continue;
            }
            Configuration.Siblings list = Configuration.Siblings.of(object.parent(), object.schema());
            if (was < furthest.getOrDefault(list, -1)) {
                if (!changed.contains(object.id())) {
                    out.add(change(Kind.MOVED, newer, older.byId(object.id()), object, List.of()));
                }
            } else {
                furthest.put(list, was);
            }
        }
        return out;
    }
}
