package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.time.ManualClock;
import io.portcullis.ipsec.esp.SaDatabase;
import io.portcullis.ipsec.ike.iana.Encr;
import io.portcullis.ipsec.ike.iana.Integ;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SaUsage;
import io.portcullis.ipsec.sa.SecretKeys;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class IpsecCommandTest {
    private static final SecretKeys KEYS = new SecretKeys(new byte[16], new byte[4], new byte[0]);

    private final ManualClock clock = new ManualClock(Instant.EPOCH);

    private IpsecCommand ipsec(List<SaDatabase.View> views) {
        return new IpsecCommand(() -> views, clock, () -> List.of("branch", "dc"));
    }

    private static SaDatabase.View pair(String tunnel, boolean udp, boolean active) {
        SaPair.Path path =
                new SaPair.Path(IpAddress.literal("198.51.100.2"), 4500, IpAddress.literal("203.0.113.1"), 4500, udp);
        SaPair pair = new SaPair(
                tunnel,
                0x1111_2222,
                0x3333_4444,
                new EspSuite(Encr.AES_GCM_16, 128, Integ.NONE),
                KEYS,
                KEYS,
                List.of(
                        TrafficSelector.of(IpNetwork.literal("172.16.1.0/24")),
                        TrafficSelector.of(IpNetwork.literal("172.16.3.0/24"))),
                List.of(TrafficSelector.of(IpNetwork.literal("192.168.11.0/24"))),
                path,
                true,
                64,
                0,
                2L << 20,
                null);
        return new SaDatabase.View(pair, path, new SaUsage(5, 500, 0, 0, 1_000_000_000L, 0, 7, 1, 0), active, false);
    }

    @Test
    void eachPairIsALineAsInTheReference() {
        String text = Typed.run(ipsec(List.of(pair("branch", false, true))), "ipsec");
        assertEquals("IPsec Tunnel Local Net Remote Net Remote GW", Typed.line(text, "IPsec Tunnel"));
        assertEquals("branch 172.16.1.0/24,172.16.3.0/24 192.168.11.0/24 203.0.113.1", Typed.line(text, "branch"));
        assertEquals("--- IPsec SAs:\nNone.\n", Typed.run(ipsec(List.of()), "ipsec -show"));
    }

    @Test
    void verboseAndUsageTellAllInOneTable() {
        clock.advance(Duration.ofMillis(3_500));
        String text = Typed.run(ipsec(List.of(pair("branch", true, false))), "ipsec -show -verbose -usage");
        assertTrue(text.contains("\nbranch (receives only: another pair sends)\n"), text);
        assertEquals("Inbound SPI 0x11112222", Typed.line(text, "Inbound SPI"));
        assertEquals("Outer path 198.51.100.2:4500 <-> 203.0.113.1:4500 (ESP in UDP)", Typed.line(text, "Outer path"));
        assertEquals("Sequence numbers 64 bits, replay window 64", Typed.line(text, "Sequence"));
        assertEquals("Volume limit 2048 kilobytes", Typed.line(text, "Volume"));
        assertEquals("Received 5 packets, 500 octets, last 2.5 s ago", Typed.line(text, "Received"));
        assertEquals("Sent 0 packets, 0 octets", Typed.line(text, "Sent "));
        List<String> lines = text.lines().toList();
        assertEquals(column(lines, "Inbound SPI", "0x11112222"), column(lines, "Received", "5 packets"), "one column");
    }

    private static int column(List<String> lines, String name, String value) {
        return lines.stream()
                .filter(line -> line.strip().startsWith(name))
                .findFirst()
                .orElseThrow()
                .indexOf(value);
    }

    @Test
    void oneTunnelIsChosenAndManyAreCut() {
        List<SaDatabase.View> views = List.of(pair("branch", false, true), pair("dc", false, true));
        String text = Typed.run(ipsec(views), "ipsec -tunnel=dc");
        assertTrue(text.contains("dc ") && !text.contains("branch"), text);
        assertEquals("there is no tunnel 'x'; there are branch, dc", Typed.failure(ipsec(views), "ipsec -tunnel=x"));
        List<SaDatabase.View> many = IntStream.range(0, 3_000)
                .mapToObj(i -> pair("t" + i, false, true))
                .toList();
        String cut = Typed.run(ipsec(many), "ipsec");
        assertTrue(cut.endsWith("(2980 more: -num=all shows all)\n"), cut);
        assertFalse(cut.contains("t20 "), cut);
    }
}
