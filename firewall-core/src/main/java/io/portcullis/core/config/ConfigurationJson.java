package io.portcullis.core.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The JSON form of objects and configurations, made from the declarations. */
public final class ConfigurationJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

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

    /** The properties of an object; those without a value are left out. */
    public static ObjectNode write(Schema<?> schema, Record object, Secrets secrets) {
        ObjectNode node = NODES.objectNode();
        for (SchemaProperty property : schema.properties()) {
            property.value(object)
                    .ifPresent(value -> node.set(
                            property.name(),
                            property.secret() && secrets == Secrets.HIDDEN
                                    ? NODES.textNode(ValueType.HIDDEN)
                                    : write(property.type(), value)));
        }
        return node;
    }

    private static JsonNode write(ValueType type, Object value) {
        return switch (type) {
            case ValueType.YesNo _ -> NODES.booleanNode((Boolean) value);
            case ValueType.WholeNumber _ -> NODES.numberNode(((Number) value).longValue());
            case ValueType.ListOf list -> {
                ArrayNode array = NODES.arrayNode();
                ((List<?>) value).forEach(element -> array.add(write(list.element(), element)));
                yield array;
            }
            default -> NODES.textNode(type.print(value));
        };
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

    /** A whole configuration with its secrets, for the store. */
    ObjectNode tree(Configuration configuration) {
        ObjectNode root = NODES.objectNode();
        root.put("lastId", configuration.lastId());
        ArrayNode objects = root.putArray("objects");
        for (ConfigObject<?> object : configuration.stored()) {
            ObjectNode node = objects.addObject();
            node.put("id", object.id());
            node.put("type", object.schema().type());
            if (object.parent() != ConfigObject.TOP) {
                node.put("parent", object.parent());
            }
            if (object.disabled()) {
                node.put("disabled", true);
            }
            node.set("properties", write(object.schema(), object.value(), Secrets.REVEALED));
        }
        return root;
    }

    /**
     * A whole configuration.
     *
     * @throws ConfigError when it holds what this program does not know or allow; the sentence names the object
     */
    Configuration read(byte[] json) {
        JsonNode root = tree(json);
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

    byte[] bytes(JsonNode node) {
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes cannot be written", e);
        }
    }

    JsonNode tree(byte[] json) {
        try {
            return mapper.readTree(json);
        } catch (IOException e) {
            throw new ConfigError("not JSON");
        }
    }
}
