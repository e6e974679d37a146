package io.portcullis.core.config;

import io.portcullis.core.net.AddressSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All objects of a firewall at one moment; immutable and thread-safe. Compilers use the typed look-ups, which see what
 * is in force: enabled objects, predefined and derived ones included. {@link #stored} sees what the operator made.
 *
 * <p>Objects are held in lists of siblings, one for each parent and category (or type, where there is no category):
 * within a list names are unique and the order is kept.
 */
public final class Configuration {
    private final ObjectTypes types;
    private final Map<Siblings, List<ConfigObject<?>>> lists;
    private final long lastId;
    private final @Nullable ConfigObject<?> lastAdded;
    // Made on first use: candidates are edited far more often than they are compiled.
    private volatile @Nullable EffectiveObjects effective;

    /** One list of siblings: the parent's id, and the category or type that the objects share. */
    record Siblings(long parent, String kind) {
        static Siblings of(long parent, Schema<?> schema) {
            return new Siblings(parent, ObjectTypes.list(schema));
        }
    }

    private Configuration(
            ObjectTypes types,
            Map<Siblings, List<ConfigObject<?>>> lists,
            long lastId,
            @Nullable ConfigObject<?> lastAdded) {
        this.types = types;
        this.lists = lists;
        this.lastId = lastId;
        this.lastAdded = lastAdded;
    }

    /** A configuration without stored objects. */
    public static Configuration empty(ObjectTypes types) {
        return new Configuration(types, Map.of(), ConfigObject.TOP, null);
    }

    /** A configuration with these top-level objects, for tests and first starts. */
    public static Configuration of(ObjectTypes types, Record... objects) {
        Configuration configuration = empty(types);
        for (Record object : objects) {
            configuration = configuration.add(ConfigObject.TOP, object);
        }
        return configuration;
    }

    public ObjectTypes types() {
        return types;
    }

    // --- what is in force

    /** The objects of a type that are in force, in order. */
    public <T extends Record> List<T> all(Class<T> type) {
        return objects(type).stream().map(ConfigObject::value).toList();
    }

    /** As {@link #all}, with their places. */
    public <T extends Record> List<ConfigObject<T>> objects(Class<T> type) {
        return effective().ofType(type);
    }

    /** The object of this type and name that is in force; at the top for types that can be children too. */
    public <T extends Record> Optional<T> find(Class<T> type, String name) {
        return effective().named(type, name).map(ConfigObject::value);
    }

    /** As {@link #find}, with its place. */
    public <T extends Record> Optional<ConfigObject<T>> object(Class<T> type, String name) {
        return effective().named(type, name);
    }

    /** The children of this type, in order. */
    public <T extends Record> List<T> children(ConfigObject<?> parent, Class<T> type) {
        return objects(type).stream()
                .filter(child -> child.parent() == parent.id())
                .map(ConfigObject::value)
                .toList();
    }

    /** The children of the object of this type and name; none when it is not in force. */
    public <P extends Record, T extends Record> List<T> children(Class<P> parentType, String parent, Class<T> type) {
        return object(parentType, parent).map(found -> children(found, type)).orElse(List.of());
    }

    /** The objects in force of a category, in order. */
    public List<ConfigObject<?>> byCategory(String category) {
        return effective().ofCategory(category);
    }

    /** The object in force of this category and name. */
    public Optional<ConfigObject<?>> find(String category, String name) {
        return effective().inCategory(category, name);
    }

    /** Everything that is in force except what is predefined: stored objects and what they derive, in order. */
    public List<ConfigObject<?>> inForce() {
        return effective().inOrder();
    }

    /** Objects in force that have taken a name which another one of their category derives. */
    List<EffectiveObjects.Clash> clashes() {
        return effective().clashes();
    }

    /** The one object of a settings type: as stored, else with its defaults. */
    public <T extends Record> T settings(Class<T> type) {
        Schema<T> schema = types.of(type);
        return all(type).stream().findFirst().orElseGet(() -> schema.parse(Map.of()));
    }

    /**
     * The addresses that an expression stands for; {@code dns:} names are left to those who resolve them.
     *
     * @throws ConfigError when a name is not an address object in force, or when groups contain each other
     */
    public AddressSet resolve(Addresses addresses) {
        AddressSet literal = addresses.literal();
        return literal != null ? literal : effective().addresses().resolve(addresses);
    }

    // --- what the operator made

    /** Every stored object, each before its children, siblings in order. */
    public List<ConfigObject<?>> stored() {
        List<ConfigObject<?>> out = new ArrayList<>();
        Set<Long> parents = lists.keySet().stream().map(Siblings::parent).collect(Collectors.toSet());
        collect(ConfigObject.TOP, parents, out);
        return out;
    }

    /** The stored objects directly in this parent, siblings in order. */
    public List<ConfigObject<?>> stored(long parent) {
        List<ConfigObject<?>> out = new ArrayList<>();
        lists.forEach((siblings, list) -> {
            if (siblings.parent() == parent) {
                out.addAll(list);
            }
        });
        return out;
    }

    /** The stored objects of a type in this parent, in order. */
    @SuppressWarnings("unchecked") // the schema of an object is that of its value
    public <T extends Record> List<ConfigObject<T>> stored(long parent, Schema<T> schema) {
        List<ConfigObject<T>> out = new ArrayList<>();
        for (ConfigObject<?> object : lists.getOrDefault(Siblings.of(parent, schema), List.of())) {
            if (object.schema().type().equals(schema.type())) {
                out.add((ConfigObject<T>) object);
            }
        }
        return out;
    }

    /** The stored object with this id. */
    public Optional<ConfigObject<?>> byId(long id) {
        if (id == ConfigObject.TOP) {
            return Optional.empty();
        }
        for (List<ConfigObject<?>> list : lists.values()) {
            for (ConfigObject<?> object : list) {
                if (object.id() == id) {
                    return Optional.of(object);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The stored object of a type in a parent.
     *
     * @param id its name, or its index from 1 where it has no name; anything for settings
     */
    public <T extends Record> Optional<ConfigObject<T>> stored(long parent, Schema<T> schema, String id) {
        List<ConfigObject<T>> candidates = stored(parent, schema);
        if (schema.singleton()) {
            return candidates.stream().findFirst();
        }
        Optional<ConfigObject<T>> named =
                candidates.stream().filter(object -> object.name().equals(id)).findFirst();
        if (named.isPresent() || id.isEmpty() || !id.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return id.isEmpty() ? Optional.empty() : named;
        }
        return candidates.stream()
                .filter(object -> Integer.toString(indexOf(object)).equals(id))
                .findFirst();
    }

    /** The stored object that a key names. */
    public Optional<ConfigObject<?>> stored(ObjectKey key) {
        ObjectKey parent = key.parent();
        Optional<Long> in =
                parent == null ? Optional.of(ConfigObject.TOP) : stored(parent).map(ConfigObject::id);
        return in.flatMap(id -> types.find(key.type()).flatMap(schema -> this.<Record>anyStored(id, schema, key.id())));
    }

    @SuppressWarnings("unchecked")
    private <T extends Record> Optional<ConfigObject<?>> anyStored(long parent, Schema<?> schema, String id) {
        return stored(parent, (Schema<T>) schema, id).map(object -> object);
    }

    /** The key of an object of this configuration. */
    public ObjectKey key(ConfigObject<?> object) {
        ObjectKey parent = object.parent() == ConfigObject.TOP
                ? null
                : byId(object.parent()).map(this::key).orElse(null);
        String id = object.schema().singleton()
                ? ""
                : object.name().isEmpty() ? Integer.toString(indexOf(object)) : object.name();
        return new ObjectKey(parent, object.schema().type(), id);
    }

    /** Place from 1 among the siblings that it is ordered with, or among those of its type. */
    public int indexOf(ConfigObject<?> object) {
        int index = 0;
        for (ConfigObject<?> sibling : lists.getOrDefault(Siblings.of(object.parent(), object.schema()), List.of())) {
            if (countsWith(sibling.schema(), object.schema())) {
                index++;
            }
            if (sibling.id() == object.id()) {
                return index;
            }
        }
        return 0;
    }

    /** The object whose addition made this configuration; empty when something else did. */
    public Optional<ConfigObject<?>> lastAdded() {
        return Optional.ofNullable(lastAdded);
    }

    // --- changes: each returns a new configuration

    /** Adds an object as the last of its siblings. @throws ConfigError when its name is taken or it cannot be there */
    public Configuration add(long parent, Record object) {
        return add(parent, object, 0, false);
    }

    /** Adds a child to the object of this type and name. @throws ConfigError as {@link #add(long, Record)} */
    public Configuration addTo(Class<? extends Record> parentType, String parent, Record object) {
        ConfigObject<?> in = stored(ConfigObject.TOP, types.of(parentType), parent)
                .orElseThrow(() -> new ConfigError(Schema.typeName(parentType) + " " + parent + " does not exist"));
        return add(in.id(), object);
    }

    /**
     * Adds an object.
     *
     * @param parent id of the object to put it in, {@link ConfigObject#TOP} for none
     * @param index its place from 1 among its siblings, 0 for the last
     * @throws ConfigError when its name is taken, the place does not exist, or it cannot be in that parent
     */
    @SuppressWarnings("unchecked") // the class of a record is the class of its schema
    public Configuration add(long parent, Record object, int index, boolean disabled) {
        Schema<Record> schema = types.of((Class<Record>) object.getClass());
        checkParent(parent, schema);
        ConfigObject<Record> added = new ConfigObject<>(lastId + 1, parent, schema, object, disabled);
        checkName(added);
        Siblings siblings = Siblings.of(parent, schema);
        List<ConfigObject<?>> list = new ArrayList<>(lists.getOrDefault(siblings, List.of()));
        list.add(slot(list, schema, index), added);
        return new Configuration(types, changed(siblings, list), added.id(), added);
    }

    /**
     * Makes one object as it is in another configuration of this lineage: changed back, removed, or brought back with
     * what was in it.
     *
     * @throws ConfigError when its name or its parent is not free any more
     */
    public Configuration revert(long id, Configuration to) {
        Optional<ConfigObject<?>> now = byId(id);
        Optional<ConfigObject<?>> was = to.byId(id);
        if (was.isEmpty()) {
            return now.map(this::delete).orElse(this);
        }
        ConfigObject<?> object = was.get();
        checkName(object);
        if (now.isPresent()) {
            return replace(object);
        }
        checkParent(object.parent(), object.schema());
        Siblings siblings = Siblings.of(object.parent(), object.schema());
        List<ConfigObject<?>> list = new ArrayList<>(lists.getOrDefault(siblings, List.of()));
        int place = to.lists.getOrDefault(siblings, List.of()).indexOf(object);
        list.add(Math.min(place, list.size()), object);
        Configuration back = with(siblings, list, Math.max(lastId, id));
        for (ConfigObject<?> child : to.stored(id)) {
            back = back.revert(child.id(), to);
        }
        return back;
    }

    /** Gives a stored object another value. @throws ConfigError when its new name is taken */
    public <T extends Record> Configuration set(ConfigObject<T> object, T value) {
        ConfigObject<T> changed = object.with(value);
        if (!changed.name().equals(object.name())) {
            checkName(changed);
        }
        return replace(changed);
    }

    /** Switches a stored object off or on. */
    public Configuration disable(ConfigObject<?> object, boolean off) {
        ConfigObject<?> present = byId(object.id()).orElseThrow();
        return replace(present.disabled(off));
    }

    /** Moves a stored object to this place from 1. @throws ConfigError when the order has no meaning there */
    public Configuration move(ConfigObject<?> object, int index) {
        if (!object.schema().ordered()) {
            throw new ConfigError("Index", object.schema().type() + " objects have no order");
        }
        Siblings siblings = Siblings.of(object.parent(), object.schema());
        List<ConfigObject<?>> list = new ArrayList<>(lists.getOrDefault(siblings, List.of()));
        list.removeIf(sibling -> sibling.id() == object.id());
        list.add(slot(list, object.schema(), index), object);
        return with(siblings, list, lastId);
    }

    /** Removes a stored object and what it contains. */
    public Configuration delete(ConfigObject<?> object) {
        Map<Siblings, List<ConfigObject<?>>> left = new LinkedHashMap<>(lists);
        remove(object, left);
        return new Configuration(types, left, lastId, null);
    }

    private static void remove(ConfigObject<?> object, Map<Siblings, List<ConfigObject<?>>> lists) {
        Siblings siblings = Siblings.of(object.parent(), object.schema());
        List<ConfigObject<?>> list = new ArrayList<>(lists.getOrDefault(siblings, List.of()));
        list.removeIf(sibling -> sibling.id() == object.id());
        if (list.isEmpty()) {
            lists.remove(siblings);
        } else {
            lists.put(siblings, List.copyOf(list));
        }
        List<ConfigObject<?>> children = new ArrayList<>();
        lists.forEach((key, value) -> {
            if (key.parent() == object.id()) {
                children.addAll(value);
            }
        });
        children.forEach(child -> remove(child, lists));
    }

    private Configuration replace(ConfigObject<?> changed) {
        Siblings siblings = Siblings.of(changed.parent(), changed.schema());
        List<ConfigObject<?>> list = new ArrayList<>(lists.getOrDefault(siblings, List.of()));
        list.replaceAll(sibling -> sibling.id() == changed.id() ? changed : sibling);
        return with(siblings, list, lastId);
    }

    private Configuration with(Siblings siblings, List<ConfigObject<?>> list, long last) {
        return new Configuration(types, changed(siblings, list), last, null);
    }

    /** The lists with this one in place; the caller gives the list away. */
    private Map<Siblings, List<ConfigObject<?>>> changed(Siblings siblings, List<ConfigObject<?>> list) {
        Map<Siblings, List<ConfigObject<?>>> changed = new LinkedHashMap<>(lists);
        changed.put(siblings, Collections.unmodifiableList(list));
        return changed;
    }

    private void checkParent(long parent, Schema<?> schema) {
        if (parent == ConfigObject.TOP) {
            if (!schema.isTopLevel()) {
                String in = Schema.typeName(schema.parents().getFirst());
                throw new ConfigError(schema.type() + " can only be in " + in + ": use cc " + in + " first");
            }
            return;
        }
        Schema<?> holder = byId(parent)
                .orElseThrow(() -> new ConfigError("the object that it should be in does not exist"))
                .schema();
        if (!schema.parents().contains(holder.recordClass())) {
            throw new ConfigError(schema.type() + " cannot be in " + holder.type());
        }
    }

    private void checkName(ConfigObject<?> object) {
        Schema<?> schema = object.schema();
        List<ConfigObject<?>> list = lists.getOrDefault(Siblings.of(object.parent(), schema), List.of());
        if (schema.singleton() && list.stream().anyMatch(other -> other.schema() == schema)) {
            throw new ConfigError(schema.type() + " exists already: use set");
        }
        String name = object.name();
        if (name.isEmpty()) {
            return;
        }
        for (ConfigObject<?> other : list) {
            if (other.id() != object.id() && other.name().equals(name)) {
                throw new ConfigError("Name", other.schema().type() + " " + name + " exists already");
            }
        }
        Optional<Schema<?>> fixed = types.predefined(schema, name);
        if (object.parent() == ConfigObject.TOP && fixed.isPresent()) {
            throw new ConfigError("Name", fixed.get().type() + " " + name + " is predefined");
        }
    }

    /** Position in the list for a place from 1 among the siblings that the type is ordered with. */
    private static int slot(List<ConfigObject<?>> list, Schema<?> schema, int index) {
        if (index == 0) {
            return list.size();
        }
        int counted = 0;
        for (int i = 0; i < list.size(); i++) {
            if (countsWith(list.get(i).schema(), schema) && ++counted == index) {
                return i;
            }
        }
        if (index == counted + 1) {
            return list.size();
        }
        throw new ConfigError("Index", index + " is not from 1 to " + (counted + 1));
    }

    private static boolean countsWith(Schema<?> sibling, Schema<?> schema) {
        return sibling == schema || (sibling.ordered() && schema.ordered());
    }

    private void collect(long parent, Set<Long> parents, List<ConfigObject<?>> out) {
        for (ConfigObject<?> object : stored(parent)) {
            out.add(object);
            if (parents.contains(object.id())) {
                collect(object.id(), parents, out);
            }
        }
    }

    private EffectiveObjects effective() {
        EffectiveObjects made = effective;
        if (made == null) {
            made = EffectiveObjects.of(this);
            effective = made;
        }
        return made;
    }

    /** Highest id given out in this lineage. */
    long lastId() {
        return lastId;
    }

    /** A configuration read from the store. The objects come with their ids, each before its children. */
    static Configuration of(ObjectTypes types, List<ConfigObject<?>> objects, long lastId) {
        Map<Siblings, List<ConfigObject<?>>> lists = new LinkedHashMap<>();
        for (ConfigObject<?> object : objects) {
            lists.computeIfAbsent(Siblings.of(object.parent(), object.schema()), key -> new ArrayList<>())
                    .add(object);
        }
        lists.replaceAll((key, list) -> List.copyOf(list));
        return new Configuration(types, lists, lastId, null);
    }

    /** Equal when the same stored objects stand in the same order. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Configuration configuration && lists.equals(configuration.lists);
    }

    @Override
    public int hashCode() {
        return Objects.hash(lists);
    }

    /** Only the number of objects: a configuration holds secrets. */
    @Override
    public String toString() {
        return "configuration of "
                + lists.values().stream().mapToInt(List::size).sum() + " objects";
    }
}
