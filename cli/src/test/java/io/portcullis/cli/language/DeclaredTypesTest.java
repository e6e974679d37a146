package io.portcullis.cli.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.portcullis.core.address.AddressObjects;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ConfigurationJson;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.config.Schema;
import io.portcullis.core.config.SchemaProperty;
import io.portcullis.core.config.ValueType;
import io.portcullis.rules.service.PredefinedServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What holds for every object type of the product. */
class DeclaredTypesTest {
    private static final ObjectTypes TYPES = ObjectTypes.of(DeclaredTypes.all());
    private static final String SECRET = "a0b1c2d3e4f5";

    /** What a type needs beyond what its declaration requires. */
    private static final Map<String, Map<String, String>> NEEDED = Map.of(
            "PSK", Map.of("Type", "HEX", "PSKHex", SECRET), "ID", Map.of("Type", "DNS", "Hostname", "peer.example"));

    @Test
    void thereAreTheTypesOfEveryModule() {
        for (String type :
                List.of("Ethernet", "IP4Address", "RoutingTable", "Route", "IPPolicy", "IPsecTunnel", "PSK")) {
            assertTrue(TYPES.find(type).isPresent(), type);
        }
        Configuration.empty(TYPES.withPredefined(
                Stream.concat(AddressObjects.predefined().stream(), PredefinedServices.table().stream())
                        .toList()));
    }

    @TestFactory
    List<DynamicTest> declarationsAreComplete() {
        return forEach(schema -> {
            assertFalse(schema.help().isBlank());
            assertTrue(schema.help().endsWith("."), "help is a sentence: " + schema.help());
            assertFalse(schema.title().isBlank());
            schema.parents().forEach(parent -> TYPES.of(parent));
            for (SchemaProperty property : schema.properties()) {
                assertTrue(property.help().endsWith("."), property + ": help is a sentence: " + property.help());
                assertFalse(property.group().isBlank());
                ValueType type = property.type() instanceof ValueType.ListOf list ? list.element() : property.type();
                if (type instanceof ValueType.Reference reference) {
                    assertFalse(TYPES.targets(reference).isEmpty(), property + " refers to nothing");
                }
                if (type instanceof ValueType.Word word) {
                    assertEquals(
                            word.words().size(),
                            word.words().stream()
                                    .map(w -> w.toLowerCase(java.util.Locale.ROOT))
                                    .distinct()
                                    .count());
                }
            }
        });
    }

    @TestFactory
    List<DynamicTest> textAndJsonGiveTheSameObjectBack() {
        return forEach(DeclaredTypesTest::roundTrips);
    }

    private static <T extends Record> void roundTrips(Schema<T> schema) {
        T smallest = schema.parse(required(schema));
        Map<String, String> texts = new LinkedHashMap<>();
        schema.properties().forEach(property -> texts.put(property.name(), property.reveal(smallest)));
        assertEquals(smallest, schema.parse(texts));
        assertEquals(smallest, schema.change(smallest, Map.of()));
        assertEquals(
                smallest, ConfigurationJson.read(schema, json(schema, smallest, ConfigurationJson.Secrets.REVEALED)));
        // Each property by itself, with another value than its default.
        for (SchemaProperty property : schema.properties()) {
            T changed;
            try {
                changed = schema.change(smallest, Map.of(property.name(), another(property)));
            } catch (ConfigError contradictsTheOthers) {
                continue;
            }
            assertEquals(
                    changed,
                    schema.change(
                            smallest,
                            Map.of(property.name().toUpperCase(java.util.Locale.ROOT), property.reveal(changed))));
            assertEquals(
                    changed, ConfigurationJson.read(schema, json(schema, changed, ConfigurationJson.Secrets.REVEALED)));
        }
    }

    @TestFactory
    List<DynamicTest> secretsNeverPrint() {
        return forEach(DeclaredTypesTest::keepsSecrets);
    }

    private static <T extends Record> void keepsSecrets(Schema<T> schema) {
        Map<String, String> texts = required(schema);
        schema.properties().stream().filter(SchemaProperty::secret).forEach(p -> texts.put(p.name(), SECRET));
        T object = schema.parse(texts);
        List<String> shown = new ArrayList<>();
        shown.add(object.toString());
        schema.properties().forEach(property -> shown.add(property.print(object)));
        shown.add(json(schema, object, ConfigurationJson.Secrets.HIDDEN).toString());
        shown.forEach(text -> assertFalse(text.contains(SECRET), text));
    }

    private static JsonNode json(Schema<?> schema, Record object, ConfigurationJson.Secrets secrets) {
        try (TokenBuffer tokens = new TokenBuffer(null, false)) {
            ConfigurationJson.write(tokens, schema, object, secrets);
            return new ObjectMapper().readTree(tokens.asParser());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> required(Schema<?> schema) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (SchemaProperty property : schema.properties()) {
            if (property.required()) {
                texts.put(property.name(), example(property.type()));
            }
        }
        texts.putAll(NEEDED.getOrDefault(schema.type(), Map.of()));
        return texts;
    }

    private static String example(ValueType type) {
        return switch (type) {
            case ValueType.Text _ -> "1";
            case ValueType.Name _ -> "example";
            case ValueType.YesNo _ -> "Yes";
            case ValueType.WholeNumber number -> Long.toString(Math.max(number.min(), 1));
            case ValueType.Word word -> word.words().getFirst();
            case ValueType.AddressExpression _ -> "192.0.2.1";
            case ValueType.Reference _ -> "other";
            case ValueType.SecretText _ -> SECRET;
            case ValueType.IpLiteral _ -> "2001:db8::1";
            case ValueType.ListOf list -> example(list.element());
        };
    }

    private static String another(SchemaProperty property) {
        return switch (property.type()) {
            case ValueType.Text _ -> "2";
            case ValueType.Name _ -> "another";
            case ValueType.YesNo _ -> property.byDefault().equals("Yes") ? "No" : "Yes";
            case ValueType.WholeNumber number -> Long.toString(number.max());
            case ValueType.Word word -> word.words().getLast();
            case ValueType.AddressExpression _ -> "192.0.2.0/24,some_name,198.51.100.1-198.51.100.9";
            case ValueType.Reference _ -> "yet-another";
            case ValueType.SecretText _ -> "00ff";
            case ValueType.IpLiteral _ -> "192.0.2.9";
            case ValueType.ListOf list -> example(list.element());
        };
    }

    private interface Check {
        void of(Schema<?> schema);
    }

    private static List<DynamicTest> forEach(Check check) {
        return TYPES.all().stream()
                .map(schema -> DynamicTest.dynamicTest(schema.type(), () -> check.of(schema)))
                .toList();
    }
}
