package io.portcullis.core.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The objects of a configuration that are in force, indexed by type, category and name; nothing changes once it is
 * made.
 */
final class EffectiveObjects {
    /** Derivations of derivations: an interface's addresses need one, a profile's tunnel two. */
    private static final int DEEPEST_DERIVATION = 4;

    private final ObjectTypes types;
    private final List<ConfigObject<?>> inOrder = new ArrayList<>();
    private final Map<Class<?>, List<ConfigObject<?>>> byType = new HashMap<>();
    private final Map<String, List<ConfigObject<?>>> byCategory = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<Class<?>, Map<String, ConfigObject<?>>> namedByType = new HashMap<>();
    private final Map<String, Map<String, Named>> namedByCategory = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<Clash> clashes = new ArrayList<>();
    private final AddressResolution addresses = new AddressResolution(this);
    private long nextDerivedId = -1;

    /**
     * One name for two objects of a category.
     *
     * @param name the name
     * @param first who has it
     * @param second who brought it again
     */
    record Clash(String name, ConfigObject<?> first, ConfigObject<?> second) {}

    private record Named(ConfigObject<?> object, ConfigObject<?> origin) {}

    private EffectiveObjects(ObjectTypes types) {
        this.types = types;
    }

    static EffectiveObjects of(Configuration configuration) {
        EffectiveObjects effective = new EffectiveObjects(configuration.types());
        for (Record fixed : configuration.types().predefined()) {
            ConfigObject<?> object = effective.unstored(fixed);
            effective.add(object, object, 0);
        }
        effective.inOrder.clear();
        Set<Long> off = new HashSet<>();
        for (ConfigObject<?> object : configuration.stored()) {
            if (object.disabled() || off.contains(object.parent())) {
                off.add(object.id());
            } else {
                effective.add(object, object, 0);
            }
        }
        return effective;
    }

    private void add(ConfigObject<?> object, ConfigObject<?> origin, int depth) {
        inOrder.add(object);
        Schema<?> schema = object.schema();
        byType.computeIfAbsent(schema.recordClass(), key -> new ArrayList<>()).add(object);
        String category = schema.category();
        byCategory.computeIfAbsent(category, key -> new ArrayList<>()).add(object);
        String name = object.name();
        if (!name.isEmpty()) {
            namedByType
                    .computeIfAbsent(schema.recordClass(), key -> new HashMap<>())
                    .putIfAbsent(name, object);
            if (!category.isEmpty()) {
                Named first = namedByCategory
                        .computeIfAbsent(category, key -> new HashMap<>())
                        .putIfAbsent(name, new Named(object, origin));
                if (first != null && first.origin().id() != origin.id()) {
                    clashes.add(new Clash(name, first.origin(), origin));
                }
            }
        }
        if (object.value() instanceof Derives source && depth < DEEPEST_DERIVATION) {
            source.derived().forEach(derived -> add(unstored(derived), origin, depth + 1));
        }
    }

    @SuppressWarnings("unchecked") // the class of a record is the class of its schema
    private ConfigObject<?> unstored(Record value) {
        Schema<Record> schema = types.of((Class<Record>) value.getClass());
        return new ConfigObject<>(nextDerivedId--, ConfigObject.TOP, schema, value, false);
    }

    List<ConfigObject<?>> inOrder() {
        return Collections.unmodifiableList(inOrder);
    }

    /** What address expressions come down to among these objects. */
    AddressResolution addresses() {
        return addresses;
    }

    List<Clash> clashes() {
        return Collections.unmodifiableList(clashes);
    }

    @SuppressWarnings("unchecked") // byType holds under each class the objects of that class
    <T extends Record> List<ConfigObject<T>> ofType(Class<T> type) {
        List<?> found = byType.getOrDefault(type, List.of());
        return Collections.unmodifiableList((List<ConfigObject<T>>) found);
    }

    @SuppressWarnings("unchecked") // as above
    <T extends Record> Optional<ConfigObject<T>> named(Class<T> type, String name) {
        return Optional.ofNullable(
                (ConfigObject<T>) namedByType.getOrDefault(type, Map.of()).get(name));
    }

    List<ConfigObject<?>> ofCategory(String category) {
        return Collections.unmodifiableList(byCategory.getOrDefault(category, List.of()));
    }

    Optional<ConfigObject<?>> inCategory(String category, String name) {
        Named found = namedByCategory.getOrDefault(category, Map.of()).get(name);
        return found == null ? Optional.empty() : Optional.of(found.object());
    }
}
