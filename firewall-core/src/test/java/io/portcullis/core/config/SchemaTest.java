package io.portcullis.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.portcullis.core.config.Samples.Policy;
import io.portcullis.core.config.Samples.Port;
import io.portcullis.core.config.Samples.SharedKey;
import io.portcullis.core.config.Samples.Tunnel;
import io.portcullis.core.config.Samples.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SchemaTest {
    private static final Tunnel TUNNEL = Samples.make(
            Tunnel.class,
            "name",
            "t",
            "localnetwork",
            "10.0.0.0/24, lan_net",
            "REMOTENETWORK",
            "10.1.0.0/24",
            "remoteEndpoint",
            "dns:peer.example",
            "psk",
            "k");

    @Test
    void propertiesAreReadInAnyCaseAndDefaultsFillTheRest() {
        assertEquals(List.of("10.0.0.0/24", "lan_net"), TUNNEL.localNetwork().parts());
        assertEquals(Version.V2, TUNNEL.ikeVersion());
        assertEquals(List.of(21, 20, 19), TUNNEL.dhGroup());
        assertEquals(new Ref("any"), TUNNEL.incomingInterfaceFilter());
        assertFalse(TUNNEL.autoEstablish());
    }

    @Test
    void emptyUnsetsAndReturnsToDefaults() {
        Schema<Tunnel> schema = Samples.TYPES.of(Tunnel.class);
        Tunnel changed =
                schema.change(TUNNEL, Map.of("RemoteEndpoint", "<empty>", "IKEVersion", "auto", "Kilobytes", "5"));
        assertTrue(changed.remoteEndpoint().isEmpty());
        assertEquals(Version.AUTO, changed.ikeVersion());
        assertEquals(5, changed.kilobytes());
        assertEquals(0, schema.change(changed, Map.of("Kilobytes", "<empty>")).kilobytes());
        assertEquals(
                "PSK: must be given; the name of an object: PSK",
                assertThrows(ConfigError.class, () -> schema.change(TUNNEL, Map.of("PSK", "<empty>")))
                        .getMessage());
    }

    @TestFactory
    List<DynamicTest> errorsSayWhatWasGivenAndWhatIsAllowed() {
        return List.of(
                refused("MTU", "50", "MTU: \"50\" is not a number from 68 to 65535"),
                refused("MTU", "many", "MTU: \"many\" is not a number from 68 to 65535"),
                refused("IP", "10.0.0.300", "IP: \"10.0.0.300\" is not an IPv4 or IPv6 address"),
                refused("Network", "10.0.0.0/33", null),
                refused("Network", "10.0.0.1/24", null),
                refused("Network", "", null),
                refused("Network", "a,,b", null),
                refused("Nettwork", "x", "Nettwork: Ethernet has no such property; did you mean Network?"),
                refused("Name", "two words", null),
                refused("Name", "10.0.0.1", null),
                refused("Name", "", null));
    }

    private static DynamicTest refused(String property, String value, String message) {
        return DynamicTest.dynamicTest(property + "=" + value, () -> {
            Port port = Samples.make(Port.class, "Name", "lan", "IP", "10.0.0.1");
            Schema<Port> schema = Samples.TYPES.of(Port.class);
            if (value.isEmpty() && property.equals("Network")) {
                assertTrue(
                        schema.change(port, Map.of(property, value)).network().isEmpty());
                return;
            }
            ConfigError error = assertThrows(ConfigError.class, () -> schema.change(port, Map.of(property, value)));
            assertEquals(property, error.property());
            if (message != null) {
                assertEquals(message, error.getMessage());
            }
        });
    }

    @Test
    void constructorsHaveTheirSay() {
        ConfigError error = assertThrows(
                ConfigError.class,
                () -> Samples.TYPES.of(Tunnel.class).change(TUNNEL, Map.of("DHGroup", "<empty>", "name", "u")));
        assertEquals("DHGroup", error.property());
    }

    @Test
    void commasInListsAreEscaped() {
        SharedKey key = Samples.make(SharedKey.class, "Name", "k", "PSKAscii", "a,b", "Older", "x\\,y,z\\\\");
        assertEquals(List.of(new Secret("x,y"), new Secret("z\\")), key.older());
        assertEquals("a,b", key.ascii().orElseThrow().reveal());
    }

    @Test
    void everyTypeSurvivesTextAndJson() {
        List<Record> objects = List.of(
                TUNNEL,
                Samples.make(SharedKey.class, "Name", "k", "PSKAscii", "s\"e c,r\\et", "Older", "x\\,y,z\\\\"),
                Samples.make(Policy.class, "SourceInterface", "any,lan", "Comment", "tab\tand \"quotes\""),
                Samples.make(Port.class, "Name", "wan", "IP", "2001:db8::1"));
        for (Record object : objects) {
            roundTrip(Samples.TYPES.of(object.getClass()), object);
        }
    }

    private static <T extends Record> void roundTrip(Schema<T> schema, Record object) {
        Map<String, String> texts = new LinkedHashMap<>();
        schema.properties().forEach(property -> texts.put(property.name(), property.reveal(object)));
        assertEquals(object, schema.parse(texts));
        assertEquals(object, ConfigurationJson.read(schema, json(schema, object, ConfigurationJson.Secrets.REVEALED)));
    }

    private static JsonNode json(Schema<?> schema, Record object, ConfigurationJson.Secrets secrets) {
        try (TokenBuffer tokens = new TokenBuffer(null, false)) {
            ConfigurationJson.write(tokens, schema, object, secrets);
            return new ObjectMapper().readTree(tokens.asParser());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void secretsArePrintedAsAsterisksAndAsterisksAreNotASecret() {
        SharedKey key = Samples.make(SharedKey.class, "Name", "k", "PSKAscii", "hush");
        Schema<SharedKey> schema = Samples.TYPES.of(SharedKey.class);
        assertEquals("********", schema.require("pskascii").print(key));
        assertFalse(
                json(schema, key, ConfigurationJson.Secrets.HIDDEN).toString().contains("hush"));
        assertThrows(ConfigError.class, () -> schema.change(key, Map.of("PSKAscii", "********")));
    }

    @Test
    void impossibleDeclarationsAreRefusedAtTheStart() {
        @ObjectType(value = "A", title = "A", help = "A")
        record NoDefault(
                @Property(help = "Name") String name,
                @Property(help = "Number") int number) {}
        @ObjectType(value = "B", title = "B", help = "B")
        record BadDefault(
                @Property(help = "Name") String name,

                @Property(help = "Number", byDefault = "9", max = 5)
                int number) {}
        @ObjectType(value = "C", title = "C", help = "C")
        record Unannotated(@Property(help = "Name") String name, int number) {}
        @ObjectType(value = "D", title = "D", help = "D")
        record Unnamed(
                @Property(help = "Number", byDefault = "1") int number) {}
        for (Class<? extends Record> wrong :
                List.of(NoDefault.class, BadDefault.class, Unannotated.class, Unnamed.class)) {
            assertThrows(IllegalArgumentException.class, () -> Schema.of(wrong), wrong.getSimpleName());
        }
    }
}
