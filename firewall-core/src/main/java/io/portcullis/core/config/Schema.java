package io.portcullis.core.config;

import io.portcullis.core.net.IpAddress;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of an object type, read from its record: the only reader of {@link ObjectType} and {@link Property}.
 * A record that declares something impossible is refused here, when the program starts.
 */
public final class Schema<T extends Record> {
    private final Class<T> recordClass;
    private final ObjectType declared;
    private final Constructor<T> constructor;
    private final List<SchemaProperty> properties;
    private final List<SchemaProperty> references;
    private final @Nullable SchemaProperty name;

    private Schema(Class<T> recordClass) {
        this.recordClass = recordClass;
        this.declared = annotation(recordClass);
        RecordComponent[] components = recordClass.getRecordComponents();
        List<SchemaProperty> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (RecordComponent component : components) {
            SchemaProperty property = property(component);
            if (!names.add(property.name().toLowerCase(Locale.ROOT))) {
                throw wrong(component.getName(), "is a second property of the same name");
            }
            read.add(property);
        }
        this.properties = List.copyOf(read);
        this.references =
                read.stream().filter(property -> property.type().refers()).toList();
        try {
            this.constructor = recordClass.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(recordClass + " has no canonical constructor", e);
        }
        this.name =
                properties.stream().filter(SchemaProperty::isName).findFirst().orElse(null);
        if (name == null && !declared.singleton() && !declared.nameOptional()) {
            throw new IllegalArgumentException(recordClass + " needs a component String name, or nameOptional");
        }
    }

    /** Reads a record's declaration. @throws IllegalArgumentException when it declares something impossible */
    public static <T extends Record> Schema<T> of(Class<T> recordClass) {
        return new Schema<>(recordClass);
    }

    /** The type name that a record declares. */
    static String typeName(Class<? extends Record> recordClass) {
        return annotation(recordClass).value();
    }

    public Class<T> recordClass() {
        return recordClass;
    }

    /** Name in commands, such as {@code IPsecTunnel}. */
    public String type() {
        return declared.value();
    }

    /** Category in commands, or empty. */
    public String category() {
        return declared.category();
    }

    public String title() {
        return declared.title();
    }

    public String help() {
        return declared.help();
    }

    /** Types that it can be a child of; empty for types that only stand at the top. */
    public List<Class<? extends Record>> parents() {
        return List.of(declared.in());
    }

    /** Whether it can stand at the top. */
    public boolean isTopLevel() {
        return parents().isEmpty() || declared.atTop();
    }

    public boolean ordered() {
        return declared.ordered();
    }

    public boolean singleton() {
        return declared.singleton();
    }

    public boolean nameOptional() {
        return declared.nameOptional();
    }

    /** The properties in the order of declaration. */
    public List<SchemaProperty> properties() {
        return properties;
    }

    /** Those properties that may name other objects. */
    List<SchemaProperty> references() {
        return references;
    }

    /** The property of this name, in any case. */
    public Optional<SchemaProperty> property(String name) {
        return properties.stream()
                .filter(property -> property.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** The name of an object, or empty. */
    public String nameOf(Record object) {
        return name == null ? "" : (String) name.get(object);
    }

    /**
     * An object with these properties; the others have their defaults.
     *
     * @param texts property names in any case with values as typed
     * @throws ConfigError when a property is unknown, missing or refused
     */
    public T parse(Map<String, String> texts) {
        return build(Optional.empty(), texts);
    }

    /**
     * The object with these properties changed.
     *
     * @param texts property names in any case with values as typed; {@code <empty>} returns one that cannot be empty
     *     to its default
     * @throws ConfigError when a property is unknown or refused
     */
    public T change(T object, Map<String, String> texts) {
        return build(Optional.of(object), texts);
    }

    private T build(Optional<T> before, Map<String, String> texts) {
        Object[] values = new Object[properties.size()];
        Map<SchemaProperty, String> given = new HashMap<>();
        texts.forEach((name, text) -> {
            if (given.put(require(name), text) != null) {
                throw new ConfigError(name, "is given twice");
            }
        });
        for (int i = 0; i < values.length; i++) {
            SchemaProperty property = properties.get(i);
            String text = given.get(property);
            boolean toDefault = ValueType.EMPTY.equals(text)
                    && !property.optional()
                    && !property.type().canBeEmpty();
            if (text != null && !toDefault) {
                values[i] = property.parse(text);
            } else if (text != null || before.isEmpty()) {
                values[i] = property.unset();
            } else {
                values[i] = property.get(before.get());
            }
        }
        return construct(values);
    }

    /** The property of this name. @throws ConfigError naming the closest ones when there is none */
    public SchemaProperty require(String name) {
        return property(name).orElseThrow(() -> {
            Optional<String> near = Nearest.to(
                    name, properties.stream().map(SchemaProperty::name).toList());
            return new ConfigError(
                    name,
                    type() + " has no such property"
                            + near.map(n -> "; did you mean " + n + "?").orElse(""));
        });
    }

    T construct(Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ConfigError error) {
                throw error;
            }
            throw new IllegalStateException(type() + " cannot be made", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type() + " cannot be made", e);
        }
    }

    private SchemaProperty property(RecordComponent component) {
        Property annotation = component.getAnnotation(Property.class);
        if (annotation == null) {
            throw wrong(component.getName(), "is not annotated with @Property");
        }
        if (annotation.help().isBlank()) {
            throw wrong(component.getName(), "has no help");
        }
        boolean optional = component.getType() == Optional.class;
        boolean isName = component.getName().equals("name") && component.getType() == String.class;
        Type inner = optional ? argument(component.getGenericType()) : component.getGenericType();
        ValueType type = isName
                ? new ValueType.Name(declared.nameOptional())
                : valueType(component.getName(), annotation, inner);
        String name = annotation.name().isEmpty() ? capital(component.getName()) : annotation.name();
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        SchemaProperty property = new SchemaProperty(name, annotation, type, optional, accessor, isName);
        boolean hasValue =
                optional || annotation.required() || !annotation.byDefault().isEmpty();
        if (!hasValue && type.zero().isEmpty() && !isName) {
            throw wrong(component.getName(), "needs a default, required = true or an Optional");
        }
        if (!annotation.byDefault().isEmpty()) {
            try {
                property.parse(annotation.byDefault());
            } catch (ConfigError error) {
                throw new IllegalArgumentException("default of " + type() + ": " + error.getMessage(), error);
            }
        }
        return property;
    }

    private ValueType valueType(String component, Property annotation, Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return new ValueType.ListOf(valueType(component, annotation, argument(list)));
        }
        if (type == String.class) {
            return new ValueType.Text();
        } else if (type == boolean.class || type == Boolean.class) {
            return new ValueType.YesNo();
        } else if (type == int.class || type == Integer.class) {
            long lowest = Math.max(annotation.min(), Integer.MIN_VALUE);
            long highest = Math.min(annotation.max(), Integer.MAX_VALUE);
            return new ValueType.WholeNumber(lowest, highest, false);
        } else if (type == long.class || type == Long.class) {
            return new ValueType.WholeNumber(annotation.min(), annotation.max(), true);
        } else if (type == Addresses.class) {
            return new ValueType.AddressExpression(List.of(annotation.also()));
        } else if (type == Ref.class) {
            if (annotation.refersTo().length == 0 && annotation.category().isEmpty()) {
                throw wrong(component, "is a Ref that says neither refersTo nor category");
            }
            return new ValueType.Reference(
                    List.of(annotation.refersTo()), annotation.category(), List.of(annotation.also()));
        } else if (type == Secret.class) {
            return new ValueType.SecretText();
        } else if (type == IpAddress.class) {
            return new ValueType.IpLiteral();
        } else if (type instanceof Class<?> c && c.isEnum()) {
            return ValueType.wordsOf(c);
        }
        throw wrong(component, "has a type that properties cannot have: " + type.getTypeName());
    }

    private static Type argument(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    private static String capital(String component) {
        return component.substring(0, 1).toUpperCase(Locale.ROOT) + component.substring(1);
    }

    private static ObjectType annotation(Class<? extends Record> recordClass) {
        ObjectType annotation = recordClass.getAnnotation(ObjectType.class);
        if (annotation == null) {
            throw new IllegalArgumentException(recordClass + " is not annotated with @ObjectType");
        }
        return annotation;
    }

    private IllegalArgumentException wrong(String component, String what) {
        return new IllegalArgumentException(recordClass.getName() + ": component " + component + " " + what);
    }

    @Override
    public String toString() {
        return type();
    }
}
