package io.portcullis.core.port.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FoundStateTest {
    private static final MacAddress MAC = new MacAddress(0x0200_0000_0001L);
    private static final FoundState FOUND = new FoundState(
            false, 65_535, MAC, true, Map.of("ipv4/rp_filter", "2", "ipv6/disable_ipv6", "0"), "uplink alias=x");

    @Test
    void whatIsWrittenIsRead() {
        assertEquals(Optional.of(FOUND), FoundState.parse(FOUND.text()));
    }

    @Test
    void allSettingsFitAndALongAliasIsCut() {
        FoundState found = new FoundState(true, 1500, MAC, true, KernelSettings.DEAF, "a".repeat(255));
        assertEquals(FoundState.LONGEST, found.text().getBytes(StandardCharsets.UTF_8).length);
        FoundState read = FoundState.parse(found.text()).orElseThrow();
        assertEquals(KernelSettings.DEAF, read.settings());
        assertTrue(read.alias().length() > 20);
    }

    @Test
    void onlyTheSettingsThatAreOursAreTaken() {
        String text = FOUND.text().replace("ipv4/rp_filter=2", "ipv4/../../../kernel/panic=1 ipv4/rp_filter=2;");
        assertEquals(
                Map.of("ipv6/disable_ipv6", "0"),
                FoundState.parse(text).orElseThrow().settings());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "uplink", " alias=", "portcullis has this device; found: up=1 alias="})
    void whatSomebodyElseWroteIsNotRead(String alias) {
        assertEquals(Optional.empty(), FoundState.parse(alias));
    }

    @Test
    void aTextThatWasCutAnywhereIsNotRead() {
        String whole = FOUND.text();
        for (int length = 0; length < whole.indexOf(" alias="); length++) {
            assertEquals(Optional.empty(), FoundState.parse(whole.substring(0, length)));
        }
    }
}
