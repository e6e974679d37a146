package io.portcullis.core.config;

/**
 * An object with its place in a {@link Configuration}.
 *
 * @param id number that stays with the object while names, order and properties change; unique in a lineage of
 *     configurations; negative for predefined and derived objects, which are not stored
 * @param parent id of the object that it is in, {@link #TOP} at the top
 * @param schema its declaration
 * @param value its properties
 * @param disabled whether the operator switched it off; its children are off with it
 * @param name its name, or empty; read once, since look-ups compare it often
 */
public record ConfigObject<T extends Record>(
        long id, long parent, Schema<T> schema, T value, boolean disabled, String name) {
    /** The parent of top-level objects. */
    public static final long TOP = 0;

    ConfigObject(long id, long parent, Schema<T> schema, T value, boolean disabled) {
        this(id, parent, schema, value, disabled, schema.nameOf(value));
    }

    /**
     * Whether it is written to the store and can be changed; the others come from {@link Derives} or are predefined.
     */
    public boolean stored() {
        return id > TOP;
    }

    ConfigObject<T> with(T changed) {
        return new ConfigObject<>(id, parent, schema, changed, disabled);
    }

    ConfigObject<T> disabled(boolean off) {
        return new ConfigObject<>(id, parent, schema, value, off);
    }
}
