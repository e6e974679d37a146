package io.portcullis.core.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The objects of a configuration that are in force, indexed by type, category and name. */
final class EffectiveObjects {
    /** Derivations of derivations: an interface's addresses need one, a profile's tunnel two. */
    private static final int DEEPEST_DERIVATION = 4;

    private final ObjectTypes types;
    private final Map<Class<?>, List<ConfigObject<?>>> byType = new HashMap<>();
    private final Map<String, List<ConfigObject<?>>> byCategory = new HashMap<>();
    private final Map<Class<?>, Map<String, ConfigObject<?>>> namedByType = new HashMap<>();
    private final Map<String, Map<String, ConfigObject<?>>> namedByCategory = new HashMap<>();
    private long nextDerivedId = -1;

    private EffectiveObjects(ObjectTypes types) {
        this.types = types;
    }

    static EffectiveObjects of(Configuration configuration) {
        EffectiveObjects effective = new EffectiveObjects(configuration.types());
        for (Record fixed : configuration.types().predefined()) {
            effective.addDerived(fixed, 0);
        }
        Set<Long> off = new HashSet<>();
        for (ConfigObject<?> object : configuration.stored()) {
            if (object.disabled() || off.contains(object.parent())) {
                off.add(object.id());
            } else {
                effective.add(object, 0);
            }
        }
        return effective;
    }

    private void add(ConfigObject<?> object, int depth) {
        Schema<?> schema = object.schema();
        byType.computeIfAbsent(schema.recordClass(), key -> new ArrayList<>()).add(object);
        String category = schema.category().toLowerCase(Locale.ROOT);
        byCategory.computeIfAbsent(category, key -> new ArrayList<>()).add(object);
        String name = object.name();
        if (!name.isEmpty()) {
            namedByType
                    .computeIfAbsent(schema.recordClass(), key -> new HashMap<>())
                    .putIfAbsent(name, object);
            if (!category.isEmpty()) {
                namedByCategory
                        .computeIfAbsent(category, key -> new HashMap<>())
                        .putIfAbsent(name, object);
            }
        }
        if (object.value() instanceof Derives source && depth < DEEPEST_DERIVATION) {
            source.derived().forEach(derived -> addDerived(derived, depth + 1));
        }
    }

    @SuppressWarnings("unchecked") // the class of a record is the class of its schema
    private void addDerived(Record value, int depth) {
        Schema<Record> schema = types.of((Class<Record>) value.getClass());
        add(new ConfigObject<>(nextDerivedId--, ConfigObject.TOP, schema, value, false), depth);
    }

    @SuppressWarnings("unchecked") // byType holds under each class the objects of that class
    <T extends Record> List<ConfigObject<T>> ofType(Class<T> type) {
        List<ConfigObject<T>> out = new ArrayList<>();
        byType.getOrDefault(type, List.of()).forEach(object -> out.add((ConfigObject<T>) object));
        return out;
    }

    @SuppressWarnings("unchecked") // as above
    <T extends Record> Optional<ConfigObject<T>> named(Class<T> type, String name) {
        return Optional.ofNullable(
                (ConfigObject<T>) namedByType.getOrDefault(type, Map.of()).get(name));
    }

    List<ConfigObject<?>> ofCategory(String category) {
        return List.copyOf(byCategory.getOrDefault(category.toLowerCase(Locale.ROOT), List.of()));
    }

    Optional<ConfigObject<?>> inCategory(String category, String name) {
        return Optional.ofNullable(namedByCategory
                .getOrDefault(category.toLowerCase(Locale.ROOT), Map.of())
                .get(name));
    }
}
