package io.portcullis.core.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every type of configuration object that this firewall knows; made once by the composition root. */
public final class ObjectTypes {
    private final Map<String, Schema<?>> byName = new LinkedHashMap<>();
    private final Map<Class<?>, Schema<?>> byClass = new HashMap<>();
    private final List<Record> predefined;
    private final Map<String, Map<String, Schema<?>>> predefinedNames = new HashMap<>();

    private ObjectTypes(List<Class<? extends Record>> recordClasses, List<Record> predefined) {
        for (Class<? extends Record> recordClass : recordClasses) {
            Schema<?> schema = Schema.of(recordClass);
            if (byName.put(lower(schema.type()), schema) != null) {
                throw new IllegalArgumentException("two types are called " + schema.type());
            }
            byClass.put(recordClass, schema);
        }
        Set<String> categories = new LinkedHashSet<>();
        byName.values().forEach(schema -> categories.add(lower(schema.category())));
        for (Schema<?> schema : byName.values()) {
            if (categories.contains(lower(schema.type())) && !schema.category().equalsIgnoreCase(schema.type())) {
                throw new IllegalArgumentException(schema.type() + " is a category too");
            }
        }
        for (Record object : predefined) {
            Schema<?> schema = of(object.getClass());
            predefinedNames
                    .computeIfAbsent(list(schema), key -> new HashMap<>())
                    .put(schema.nameOf(object), schema);
        }
        this.predefined = List.copyOf(predefined);
    }

    /** A registry of these types. @throws IllegalArgumentException when the declarations contradict each other */
    public static ObjectTypes of(List<Class<? extends Record>> recordClasses) {
        return new ObjectTypes(recordClasses, List.of());
    }

    /** The same registry with objects that exist in every configuration and cannot be changed ({@code all-nets}). */
    public ObjectTypes withPredefined(List<? extends Record> objects) {
        List<Class<? extends Record>> classes = new ArrayList<>();
        byName.values().forEach(schema -> classes.add(schema.recordClass()));
        return new ObjectTypes(classes, List.copyOf(objects));
    }

    List<Record> predefined() {
        return predefined;
    }

    /** The type of the predefined object that has this name among the siblings of a type. */
    Optional<Schema<?>> predefined(Schema<?> schema, String name) {
        return Optional.ofNullable(
                predefinedNames.getOrDefault(list(schema), Map.of()).get(name));
    }

    /** What the siblings share that an object's name must be unique among: its category, or its type without one. */
    static String list(Schema<?> schema) {
        return schema.category().isEmpty() ? schema.type() : schema.category();
    }

    /** All types in the order of registration. */
    public List<Schema<?>> all() {
        return List.copyOf(byName.values());
    }

    /** The type of this name, in any case. */
    public Optional<Schema<?>> find(String typeName) {
        return Optional.ofNullable(byName.get(lower(typeName)));
    }

    /** The schema of a record class. @throws IllegalArgumentException when it is not registered */
    @SuppressWarnings("unchecked") // byClass maps each class to the schema made from it
    public <T extends Record> Schema<T> of(Class<T> recordClass) {
        Schema<?> schema = byClass.get(recordClass);
        if (schema == null) {
            throw new IllegalArgumentException(recordClass + " is not a registered object type");
        }
        return (Schema<T>) schema;
    }

    /** Names of the categories, in order of registration. */
    public List<String> categories() {
        return byName.values().stream()
                .map(Schema::category)
                .filter(category -> !category.isEmpty())
                .distinct()
                .toList();
    }

    /** The types of a category, in any case; empty when there is no such category. */
    public List<Schema<?>> inCategory(String category) {
        return byName.values().stream()
                .filter(schema -> !category.isEmpty() && schema.category().equalsIgnoreCase(category))
                .<Schema<?>>map(schema -> schema)
                .toList();
    }

    /** Types that objects of this type can contain. */
    public List<Schema<?>> childrenOf(Schema<?> parent) {
        return byName.values().stream()
                .filter(schema -> schema.parents().contains(parent.recordClass()))
                .<Schema<?>>map(schema -> schema)
                .toList();
    }

    /** Types that stand at the top. */
    public List<Schema<?>> topLevel() {
        return byName.values().stream()
                .filter(Schema::isTopLevel)
                .<Schema<?>>map(schema -> schema)
                .toList();
    }

    /** The registered types that a reference may point to. */
    public List<Schema<?>> targets(ValueType.Reference reference) {
        List<Schema<?>> targets = new ArrayList<>(inCategory(reference.category()));
        for (Class<? extends Record> target : reference.to()) {
            Schema<?> schema = byClass.get(target);
            if (schema != null) {
                targets.add(schema);
            }
        }
        return List.copyOf(targets);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
