package io.portcullis.ipsec.ike.iana;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds every enum and every name against the registry's rows. */
class IanaRegistryTest {
    private static final Pattern ROW = Pattern.compile("(\\w+),(\\d+),(\"[^\"]*\"|[^,]*),(.*)");

    record Row(String registry, int value, String name) {}

    private static final Map<String, IntFunction<String>> NAMES = Map.ofEntries(
            Map.entry("ExchangeType", ExchangeType::nameOf),
            Map.entry("PayloadType", PayloadType::nameOf),
            Map.entry("TransformType", TransformType::nameOf),
            Map.entry("Encr", Encr::nameOf),
            Map.entry("Prf", Prf::nameOf),
            Map.entry("Integ", Integ::nameOf),
            Map.entry("DhGroup", DhGroup::nameOf),
            Map.entry("Esn", Esn::nameOf),
            Map.entry("IdType", IdType::nameOf),
            Map.entry("CertEncoding", CertEncoding::nameOf),
            Map.entry("AuthMethod", AuthMethod::nameOf),
            Map.entry("NotifyType", NotifyType::nameOf),
            Map.entry("ProtocolId", ProtocolId::nameOf),
            Map.entry("TsType", TsType::nameOf),
            Map.entry("ConfigurationType", ConfigurationType::nameOf),
            Map.entry("ConfigurationAttribute", ConfigurationAttribute::nameOf),
            Map.entry("HashAlgorithm", HashAlgorithm::nameOf));

    @Test
    void everyAssignedValueHasTheRegistrysName() throws IOException {
        for (Row row : rows()) {
            assertEquals(row.name, names(row.registry).apply(row.value), row.registry + " " + row.value);
        }
    }

    @Test
    void whatIsNotAssignedKeepsItsNumber() throws IOException {
        Set<String> assigned = new HashSet<>();
        rows().forEach(row -> assigned.add(row.registry + row.value));
        NAMES.forEach((registry, names) -> {
            for (int value = 0; value < 70; value++) {
                if (!assigned.contains(registry + value)) {
                    String name = names.apply(value);
                    assertTrue(name.endsWith("(" + value + ")"), registry + " " + value + " is named " + name);
                }
            }
        });
    }

    @Test
    void everyRowOfOursIsTheRegistrysAndInItsOrder() throws IOException {
        List<Row> rows = rows();
        checkEnum(rows, "ExchangeType", ids(ExchangeType.values(), ExchangeType::id));
        checkEnum(rows, "PayloadType", ids(PayloadType.values(), PayloadType::id));
        checkEnum(rows, "TransformType", ids(TransformType.values(), TransformType::id));
        checkEnum(rows, "Encr", ids(Encr.values(), Encr::id));
        checkEnum(rows, "Prf", ids(Prf.values(), Prf::id));
        checkEnum(rows, "Integ", ids(Integ.values(), Integ::id));
        checkEnum(rows, "DhGroup", ids(DhGroup.values(), DhGroup::id));
        checkEnum(rows, "Esn", ids(Esn.values(), Esn::id));
        checkEnum(rows, "IdType", ids(IdType.values(), IdType::id));
        checkEnum(rows, "CertEncoding", ids(CertEncoding.values(), CertEncoding::id));
        checkEnum(rows, "AuthMethod", ids(AuthMethod.values(), AuthMethod::id));
        checkEnum(rows, "NotifyType", ids(NotifyType.values(), NotifyType::id));
        checkEnum(rows, "ProtocolId", ids(ProtocolId.values(), ProtocolId::id));
        checkEnum(rows, "TsType", ids(TsType.values(), TsType::id));
        checkEnum(rows, "ConfigurationType", ids(ConfigurationType.values(), ConfigurationType::id));
        checkEnum(rows, "ConfigurationAttribute", ids(ConfigurationAttribute.values(), ConfigurationAttribute::id));
        checkEnum(rows, "HashAlgorithm", ids(HashAlgorithm.values(), HashAlgorithm::id));
    }

    @Test
    void aRowHasOneNameOnly() {
        for (Encr row : Encr.values()) {
            assertEquals("ENCR(" + row.id() + ")", OtherNames.encr(row.id()));
        }
        for (Prf row : Prf.values()) {
            assertEquals("PRF(" + row.id() + ")", OtherNames.prf(row.id()));
        }
        for (Integ row : Integ.values()) {
            assertEquals("AUTH(" + row.id() + ")", OtherNames.integ(row.id()));
        }
        for (DhGroup row : DhGroup.values()) {
            assertEquals("GROUP(" + row.id() + ")", OtherNames.group(row.id()));
        }
    }

    @Test
    void anErrorIsTold() {
        assertTrue(NotifyType.CHILD_SA_NOT_FOUND.isError());
        assertTrue(!NotifyType.INITIAL_CONTACT.isError());
    }

    private static void checkEnum(List<Row> rows, String registry, List<Integer> ids) {
        assertEquals(ids.stream().distinct().sorted().toList(), ids, registry + " is in numeric order");
        List<Integer> registered = rows.stream()
                .filter(row -> row.registry.equals(registry))
                .map(Row::value)
                .toList();
        assertTrue(registered.containsAll(ids), registry + " " + ids + " not in " + registered);
    }

    private static <E> List<Integer> ids(E[] values, java.util.function.ToIntFunction<E> id) {
        return Arrays.stream(values).map(id::applyAsInt).toList();
    }

    private static IntFunction<String> names(String registry) {
        return Objects.requireNonNull(NAMES.get(registry), registry);
    }

    private static List<Row> rows() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(IanaRegistryTest.class.getResourceAsStream("ikev2-parameters.csv"))) {
            List<Row> rows = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .skip(1)
                    .toList()) {
                Matcher row = ROW.matcher(line);
                assertTrue(row.matches(), line);
                String ours = row.group(4).isEmpty() ? row.group(3).replace("\"", "") : row.group(4);
                rows.add(new Row(row.group(1), Integer.parseInt(row.group(2)), ours));
            }
            assertTrue(rows.size() > 200);
            return rows;
        }
    }
}
