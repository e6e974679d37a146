package io.portcullis.core.config;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One property of a {@link Schema}: what its {@link Property} annotation and its component say. */
public final class SchemaProperty {
    private static final Object[] NO_ARGUMENTS = {};

    private final String name;
    private final Property declared;
    private final ValueType type;
    private final boolean optional;
    private final Method accessor;
    private final boolean isName;

    SchemaProperty(String name, Property declared, ValueType type, boolean optional, Method accessor, boolean isName) {
        this.name = name;
        this.declared = declared;
        this.type = type;
        this.optional = optional;
        this.accessor = accessor;
        this.isName = isName;
    }

    /** Name in commands, such as {@code LocalNetwork}. */
    public String name() {
        return name;
    }

    public String help() {
        return declared.help();
    }

    public String group() {
        return declared.group();
    }

    /** Type of the value inside the Optional, where it is one. */
    public ValueType type() {
        return type;
    }

    /** Whether it must be given when an object is added. */
    public boolean required() {
        return declared.required();
    }

    /** Whether it may be without a value. */
    public boolean optional() {
        return optional;
    }

    /** Whether it is the object's name. */
    public boolean isName() {
        return isName;
    }

    /** The default as one would type it; empty means none. */
    public String byDefault() {
        return declared.byDefault();
    }

    /** Lowest number allowed, where one is declared. */
    public OptionalLong min() {
        return declared.min() == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(declared.min());
    }

    /** Highest number allowed, where one is declared. */
    public OptionalLong max() {
        return declared.max() == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(declared.max());
    }

    /** Whether printing it anywhere but in the store shows asterisks. */
    public boolean secret() {
        return type.secret();
    }

    /**
     * The value of typed text: the component's value, Optional included.
     *
     * @throws ConfigError naming this property, what was given and what is allowed
     */
    public Object parse(String text) {
        if (optional && (text.isEmpty() || text.equals(ValueType.EMPTY))) {
            return Optional.empty();
        }
        try {
            Object value = type.parse(text);
            if (required() && (text.isEmpty() || text.equals(ValueType.EMPTY))) {
                throw new ConfigError("must not be empty");
            }
            return optional ? Optional.of(value) : value;
        } catch (ConfigError error) {
            throw new ConfigError(name, error.sentence());
        }
    }

    /** Text that {@link #parse} reads back, {@code <empty>} for none; asterisks for secrets. */
    public String print(Record object) {
        return value(object)
                .map(value -> secret() ? ValueType.HIDDEN : type.print(value))
                .orElse(ValueType.EMPTY);
    }

    /** As {@link #print}, secrets included: for the store and for scripts that the operator asked to contain them. */
    public String reveal(Record object) {
        return value(object).map(type::print).orElse(ValueType.EMPTY);
    }

    /** The value in an object; empty where an Optional is empty. */
    public Optional<Object> value(Record object) {
        return Optional.ofNullable(valueOrNull(object));
    }

    /** As {@link #value}, null instead of empty: for who asks all properties of very many objects. */
    @Nullable
    Object valueOrNull(Record object) {
        Object value = get(object);
        return optional ? ((Optional<?>) value).orElse(null) : value;
    }

    /** The component as the record has it. */
    Object get(Record object) {
        try {
            return accessor.invoke(object, NO_ARGUMENTS);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("property " + name + " cannot be read", e);
        }
    }

    /** The value of an object that does not give this property. @throws ConfigError when it must be given */
    Object unset() {
        if (!byDefault().isEmpty()) {
            return parse(byDefault());
        }
        if (required()) {
            throw new ConfigError(name, "must be given; " + type.allowed());
        }
        return optional ? Optional.empty() : type.zero().orElseThrow();
    }

    /** As {@link #value} of an object that does not give this property. @throws ConfigError when it must be given */
    public Optional<Object> unsetValue() {
        Object value = unset();
        return optional ? ((Optional<?>) value).map(inner -> inner) : Optional.of(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
