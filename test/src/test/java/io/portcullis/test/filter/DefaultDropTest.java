package io.portcullis.test.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.IpProtocol;
import io.portcullis.test.filter.FilterLab.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no rule matches. */
@DisplayName("FFW_RUL_EXT.1.9: nothing passes without a rule")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DefaultDropTest {
    private static final int PROTOCOLS = 256;
    /** As many lines of one kind as the log takes in a second. */
    private static final int AT_ONCE = 32;

    private static final Map<String, String> HOSTS = Map.of(
            "lan", FilterLab.LAN_HOST, "wan", FilterLab.WAN_HOST, "dmz", FilterLab.DMZ_HOST, "core", FilterLab.LAN);
    private static final Map<String, String> HOSTS6 = Map.of(
            "lan",
            FilterLab.LAN_HOST6,
            "wan",
            FilterLab.WAN_HOST6,
            "dmz",
            FilterLab.DMZ_HOST6,
            "core",
            "2001:db8:1::1");

    /** Numbers of IPv6 extension headers (RFC 8200): what is dropped is the packet behind them. */
    private static final Set<Integer> EXTENSIONS = Set.of(0, 43, 44, 60);

    private FilterLab lab;

    record Pair(String in, String out, boolean v4) {
        String from() {
            return (v4 ? HOSTS : HOSTS6).get(in);
        }

        String to() {
            return (v4 ? HOSTS : HOSTS6).get(out);
        }

        @Override
        public String toString() {
            return in + " to " + out + (v4 ? ", IPv4" : ", IPv6");
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        lab = new FilterLab(folder);
        // So that IPsec for the firewall itself needs a rule too.
        lab.configure("set Settings IPsecSettings IPsecBeforeRules=No\n");
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    static List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (String in : List.of("lan", "wan", "dmz")) {
            for (String out : List.of("lan", "wan", "dmz", "core")) {
                if (!in.equals(out)) {
                    pairs.add(new Pair(in, out, true));
                    pairs.add(new Pair(in, out, false));
                }
            }
        }
        return pairs;
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.9 {0}: every protocol number")
    @MethodSource("pairs")
    void everyProtocol(Pair pair) {
        for (int first = 0; first < PROTOCOLS; first += AT_ONCE) {
            Datagram[] batch = IntStream.range(first, first + AT_ONCE)
                    .mapToObj(protocol -> Datagram.ofProtocol(pair.from(), pair.to(), protocol))
                    .toArray(Datagram[]::new);
            Outcome outcome = lab.sent(pair.in(), batch);
            assertEquals(List.of(), outcome.arrived(), outcome::toString);
            assertEquals(Map.of("no_policy", (long) AT_ONCE), outcome.dropped(), outcome::toString);
            for (int protocol = first; protocol < first + AT_ONCE; protocol++) {
                if (pair.v4() || !EXTENSIONS.contains(protocol)) {
                    String name = "ipproto=" + IpProtocol.name(protocol) + " ";
                    assertTrue(
                            outcome.logged("ruleset_drop_packet", "rule=Default_Rule", "recvif=" + pair.in(), name) > 0,
                            () -> name + outcome);
                }
            }
            assertEquals(AT_ONCE, outcome.logged("rule=Default_Rule"), outcome::toString);
        }
    }
}
