package io.portcullis.core.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The JSON form of objects and configurations, made from the declarations. */
public final class ConfigurationJson {
    private final ObjectTypes types;
    private final ObjectMapper mapper = new ObjectMapper();

    public ConfigurationJson(ObjectTypes types) {
        this.types = types;
    }

    /** Whether secrets are written as they are: only into the store. */
    public enum Secrets {
        REVEALED,
        HIDDEN
    }

    /** Writes the properties of an object as a JSON object; those without a value are left out. */
    public static void write(JsonGenerator out, Schema<?> schema, Record object, Secrets secrets) throws IOException {
        out.writeStartObject();
        for (SchemaProperty property : schema.properties()) {
            Object value = property.valueOrNull(object);
            if (value == null) {
                continue;
            }
            out.writeFieldName(property.name());
            if (property.secret() && secrets == Secrets.HIDDEN) {
                out.writeString(ValueType.HIDDEN);
            } else {
                write(out, property.type(), value);
            }
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, ValueType type, Object value) throws IOException {
        switch (type) {
            case ValueType.YesNo _ -> out.writeBoolean((Boolean) value);
            case ValueType.WholeNumber _ -> out.writeNumber(((Number) value).longValue());
            case ValueType.ListOf list -> {
                out.writeStartArray();
                for (Object element : (List<?>) value) {
                    write(out, list.element(), element);
                }
                out.writeEndArray();
            }
            default -> out.writeString(type.print(value));
        }
    }

    /**
     * The object that these properties make; those left out have no value where they may, else their defaults.
     *
     * @throws ConfigError naming the property that is unknown, missing or refused
     */
    public static <T extends Record> T read(Schema<T> schema, JsonNode node) {
        if (!node.isObject()) {
            throw new ConfigError(schema.type() + " is not a JSON object");
        }
        Map<SchemaProperty, JsonNode> given = new HashMap<>();
        node.properties().forEach(entry -> given.put(schema.require(entry.getKey()), entry.getValue()));
        Object[] values = new Object[schema.properties().size()];
        for (int i = 0; i < values.length; i++) {
            SchemaProperty property = schema.properties().get(i);
            JsonNode value = given.get(property);
            if (value == null || value.isNull()) {
                values[i] = property.optional() ? Optional.empty() : property.unset();
            } else {
                values[i] = read(property, value);
            }
        }
        return schema.construct(values);
    }

    private static Object read(SchemaProperty property, JsonNode node) {
        try {
            Object value = read(property.type(), node);
            return property.optional() ? Optional.of(value) : value;
        } catch (ConfigError error) {
            throw new ConfigError(property.name(), error.sentence());
        }
    }

    private static Object read(ValueType type, JsonNode node) {
        if (type instanceof ValueType.ListOf list) {
            if (!node.isArray()) {
                return type.parse(scalar(node));
            }
            List<Object> elements = new ArrayList<>();
            node.forEach(element -> elements.add(read(list.element(), element)));
            return List.copyOf(elements);
        }
        return type.parse(scalar(node));
    }

    private static String scalar(JsonNode node) {
        if (!node.isValueNode()) {
            throw new ConfigError("must be a text, a number or a truth value");
        }
        return node.asText();
    }

    /** Writes a whole configuration with its secrets, for the store. */
    static void write(JsonGenerator out, Configuration configuration) throws IOException {
        out.writeStartObject();
        out.writeNumberField("lastId", configuration.lastId());
        out.writeArrayFieldStart("objects");
        for (ConfigObject<?> object : configuration.stored()) {
            out.writeStartObject();
            out.writeNumberField("id", object.id());
            out.writeStringField("type", object.schema().type());
            if (object.parent() != ConfigObject.TOP) {
                out.writeNumberField("parent", object.parent());
            }
            if (object.disabled()) {
                out.writeBooleanField("disabled", true);
            }
            out.writeFieldName("properties");
            write(out, object.schema(), object.value(), Secrets.REVEALED);
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    /**
     * A whole configuration.
     *
     * @throws ConfigError when it holds what this program does not know or allow; the sentence names the object
     */
    Configuration read(JsonNode root) {
        List<ConfigObject<?>> objects = new ArrayList<>();
        Set<Long> ids = new HashSet<>();
        ids.add(ConfigObject.TOP);
        for (JsonNode node : root.path("objects")) {
            ConfigObject<?> object = object(node);
            if (!ids.contains(object.parent()) || !ids.add(object.id()) || object.id() <= ConfigObject.TOP) {
                throw new ConfigError(object.schema().type() + " " + object.name() + " has no valid id and parent");
            }
            objects.add(object);
        }
        long highest = ids.stream().mapToLong(Long::longValue).max().orElse(ConfigObject.TOP);
        return Configuration.of(
                types, objects, Math.max(highest, root.path("lastId").asLong()));
    }

    private ConfigObject<?> object(JsonNode node) {
        String type = node.path("type").asText();
        Schema<?> schema =
                types.find(type).orElseThrow(() -> new ConfigError("there is no object type \"" + type + "\""));
        return object(schema, node);
    }

    private static <T extends Record> ConfigObject<T> object(Schema<T> schema, JsonNode node) {
        JsonNode properties = node.path("properties");
        try {
            return new ConfigObject<>(
                    node.path("id").asLong(),
                    node.path("parent").asLong(ConfigObject.TOP),
                    schema,
                    read(schema, properties),
                    node.path("disabled").asBoolean(false));
        } catch (ConfigError error) {
            String name = properties.path("Name").asText("");
            throw new ConfigError(error.property(), schema.type() + " " + name + ": " + error.sentence());
        }
    }

    /** What writes indented JSON into a stream; closing it leaves the stream open. */
    JsonGenerator generator(OutputStream out) throws IOException {
        return mapper.createGenerator(out).useDefaultPrettyPrinter().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    }

    JsonNode tree(byte[] json) {
        try {
            return mapper.readTree(json);
        } catch (IOException e) {
            throw new ConfigError("not JSON");
        }
    }
}
