package io.portcullis.test.filter;

import static io.portcullis.test.filter.FilterLab.DMZ_HOST;
import static io.portcullis.test.filter.FilterLab.DMZ_HOST6;
import static io.portcullis.test.filter.FilterLab.LAN_HOST;
import static io.portcullis.test.filter.FilterLab.LAN_HOST6;
import static io.portcullis.test.filter.FilterLab.WAN_HOST;
import static io.portcullis.test.filter.FilterLab.WAN_HOST6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.IpProtocol;
import io.portcullis.test.filter.FilterLab.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no rule can let through: here every source is accepted everywhere and everything is allowed. */
@DisplayName("FFW_RUL_EXT.1.6, .7: dropped always")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlwaysDroppedTest {
    /** What came of datagrams with the same identification is remembered for less. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(61);

    private FilterLab lab;

    @BeforeAll
    void start(@TempDir Path folder) {
        lab = new FilterLab(folder);
        lab.configure(FilterLab.ANY_SOURCE, FilterLab.ALLOW_ALL);
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    private static Datagram whole(boolean v4) {
        return v4
                ? Datagram.udp(WAN_HOST, 7, LAN_HOST, 7, new byte[56])
                : Datagram.udp(WAN_HOST6, 7, LAN_HOST6, 7, new byte[56]);
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.6 {0} from {1} to {2}")
    @CsvSource({
        "broadcast source, 255.255.255.255, 192.0.2.10, illegal_source",
        "multicast source, 224.0.0.5, 192.0.2.10, illegal_source",
        "multicast source, 239.255.255.255, 192.0.2.10, illegal_source",
        "multicast source, ff02::5, 2001:db8:1::10, illegal_source",
        "multicast source, ff0e::5, 2001:db8:1::10, illegal_source",
        "loopback source, 127.0.0.1, 192.0.2.10, illegal_source",
        "loopback source, 127.255.255.255, 192.0.2.10, illegal_source",
        "loopback source, ::1, 2001:db8:1::10, illegal_source",
        "unspecified source, 0.0.0.0, 192.0.2.10, illegal_source",
        "unspecified source, 0.1.2.3, 192.0.2.10, illegal_source",
        "unspecified source, ::, 2001:db8:1::10, illegal_source",
        "reserved source, 240.0.0.1, 192.0.2.10, illegal_source",
        "reserved source, 4000::1, 2001:db8:1::10, illegal_source",
        "reserved source, fec0::1, 2001:db8:1::10, illegal_source",
        "reserved source, ::2, 2001:db8:1::10, illegal_source",
        "reserved source, 1fff:ffff::1, 2001:db8:1::10, illegal_source",
        "unspecified destination, 198.51.100.10, 0.0.0.0, illegal_destination",
        "unspecified destination, 2001:db8:2::10, ::, illegal_destination",
        "reserved destination, 198.51.100.10, 240.0.0.1, illegal_destination",
        "reserved destination, 2001:db8:2::10, 4000::1, illegal_destination",
        "reserved destination, 2001:db8:2::10, fe00::1, illegal_destination",
    })
    void illegalAddresses(String what, String from, String to, String reason) {
        lab.sent("wan", Datagram.udp(from, 7, to, 7)).assertDropped(reason, "malformed_packet", "reason=" + reason);
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.6 what is not reserved passes: from {0}")
    @CsvSource({"2000::1", "3fff::1", "fc00::1", "fdff::1", "64:ff9b::c000:20a", "64:ff9b:1::1"})
    void whatHasAMeaning(String from) {
        Datagram datagram = Datagram.udp(from, 7, LAN_HOST6, 7);
        lab.sent("wan", datagram).assertPassed(datagram);
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.6 source is the broadcast address of the network")
    void networksBroadcast() {
        lab.sent("wan", Datagram.udp("198.51.100.255", 7, LAN_HOST, 7))
                .assertDropped("access_denied", "ruleset_drop_packet", "rule=Default_Access_Rule");
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.6 IP option: {0}")
    @CsvSource({
        "loose source route, 8307046363636300",
        "strict source route, 8907046363636300",
        "record route, 0707040000000000",
        "record route behind padding, 0101010107070400000000",
    })
    void options(String what, String option) {
        String padded = option + "0".repeat(-option.length() & 7);
        Datagram plain = Datagram.udp(WAN_HOST, 7, LAN_HOST, 7);
        lab.sent("wan", plain.withOption(padded))
                .assertDropped("bad_options", "malformed_packet", "reason=bad_options");
        lab.sent("wan", plain).assertPassed(plain);
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.6 IPv6 source route: a routing header of type 0")
    void routingHeader() {
        Datagram plain = Datagram.udp(WAN_HOST6, 7, LAN_HOST6, 7);
        Datagram routed =
                plain.withExtension(IpProtocol.ROUTING, "0002000100000000" + "20010db8000300000000000000000010");
        lab.sent("wan", routed).assertDropped("bad_extension", "malformed_packet", "reason=bad_extension");
        lab.sent("wan", plain).assertPassed(plain);
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.6 fragments: whole ones pass, IPv4 {0}")
    @CsvSource({"true", "false"})
    void fragmentsPass(boolean v4) {
        Datagram whole = whole(v4);
        lab.passTime(FORGOTTEN);
        lab.sent("wan", whole.fragment(32, 64, 32, false), whole.fragment(0, 32, 0, true))
                .assertPassed(whole);
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.6 invalid fragment: {0}")
    @CsvSource({
        "no multiple of 8 with others to follow, true, 0, 0, 12, true",
        "no multiple of 8 with others to follow, false, 0, 0, 12, true",
        "beyond 65535, true, 65528, 0, 32, false",
        "beyond 65535, false, 65528, 0, 32, false",
    })
    void invalidFragment(String what, boolean v4, int at, int from, int until, boolean more) {
        Outcome outcome = lab.sent("wan", whole(v4).fragment(from, until, at, more));
        assertEquals(List.of(), outcome.arrived(), outcome::toString);
        // What is known to be ruined is not kept: the datagram dies with its fragment.
        assertTrue(outcome.dropped("bad_fragment") >= 1, outcome::toString);
        assertTrue(outcome.logged("malformed_packet", "reason=bad_fragment") >= 1, outcome::toString);
        lab.sent("wan", whole(v4)).assertPassed(whole(v4));
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.6 invalid fragment: the first without the whole TCP header, IPv4 {0}")
    @CsvSource({"true", "false"})
    void tinyFragment(boolean v4) {
        Datagram segment =
                v4 ? Datagram.syn(WAN_HOST, 1025, LAN_HOST, 80) : Datagram.syn(WAN_HOST6, 1025, LAN_HOST6, 80);
        lab.sent("wan", segment.fragment(0, 8, 0, true))
                .assertDropped("bad_fragment", "malformed_packet", "reason=bad_fragment");
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.6 fragments that overlap, IPv4 {0}")
    @CsvSource({"true", "false"})
    void overlap(boolean v4) {
        Datagram whole = whole(v4);
        Outcome outcome = lab.sent(
                "wan",
                whole.fragment(0, 32, 0, true),
                whole.fragment(24, 48, 24, true),
                whole.fragment(32, 64, 32, false));
        assertEquals(List.of(), outcome.arrived(), outcome::toString);
        assertTrue(outcome.logged("malformed_packet", "reason=bad_fragment") >= 1, outcome::toString);
        Outcome rest = lab.passTime(Duration.ofSeconds(31));
        assertEquals(List.of(), rest.arrived(), rest::toString);
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.6 fragments that never become whole, IPv4 {0}")
    @CsvSource({"true", "false"})
    void missing(boolean v4) {
        lab.passTime(FORGOTTEN);
        Outcome first = lab.sent("wan", whole(v4).fragment(0, 32, 0, true));
        assertEquals(List.of(), first.arrived(), first::toString);
        lab.passTime(Duration.ofSeconds(31))
                .assertDropped("fragment_timeout", "malformed_packet", "reason=fragment_timeout");
        Outcome late = lab.sent("wan", whole(v4).fragment(32, 64, 32, false));
        assertEquals(List.of(), late.arrived(), late::toString);
        lab.passTime(Duration.ofSeconds(31)).assertDropped("fragment_timeout", "malformed_packet");
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.6 more datagrams in fragments than are kept")
    void tooMany() {
        List<Datagram> halves = new ArrayList<>();
        for (int host = 1; host <= 140; host++) {
            halves.add(Datagram.udp("198.51.100." + host, 7, LAN_HOST, 7, new byte[56])
                    .fragment(0, 32, 0, true));
        }
        Outcome outcome = lab.sent("wan", halves.toArray(Datagram[]::new));
        assertEquals(List.of(), outcome.arrived(), outcome::toString);
        assertTrue(outcome.dropped("fragments_full") >= 1, outcome::toString);
        assertTrue(outcome.logged("malformed_packet", "reason=fragments_full") >= 1, outcome::toString);
        lab.passTime(Duration.ofSeconds(31));
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.7 the firewall''s own address as source: {1} from {0}")
    @CsvSource({
        "lan, 192.0.2.1, 198.51.100.10",
        "lan, 198.51.100.1, 203.0.113.10",
        "wan, 198.51.100.1, 192.0.2.10",
        "lan, 2001:db8:1::1, 2001:db8:2::10",
        "wan, 2001:db8:2::1, 2001:db8:1::10",
    })
    void ownAddress(String wire, String from, String to) {
        lab.sent(wire, Datagram.udp(from, 7, to, 7))
                .assertDropped("access_denied", "ruleset_drop_packet", "rule=Default_Access_Rule", "recvif=" + wire);
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.7 link-local from {1} to {2}")
    @CsvSource({
        "wan, 169.254.1.1, 192.0.2.10",
        "lan, 192.0.2.10, 169.254.1.1",
        "wan, fe80::10, 2001:db8:1::10",
        "wan, febf:ffff::10, 2001:db8:1::10",
        "lan, 2001:db8:1::10, fe80::10",
    })
    void linkLocal(String wire, String from, String to) {
        lab.sent(wire, Datagram.udp(from, 7, to, 7))
                .assertDropped("link_local", "malformed_packet", "reason=link_local", "recvif=" + wire);
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.7 source that is not reached by {0}: {1}")
    @CsvSource({
        "wan, " + LAN_HOST + ", " + DMZ_HOST,
        "lan, " + WAN_HOST + ", " + DMZ_HOST,
        "lan, 8.8.8.8, " + WAN_HOST,
        "dmz, " + LAN_HOST6 + ", " + WAN_HOST6,
        "lan, " + DMZ_HOST6 + ", " + WAN_HOST6,
        "lan, 2001:4860:4860::8888, " + WAN_HOST6,
    })
    void notReachedByThere(String wire, String from, String to) {
        lab.configure(FilterLab.ALLOW_ALL);
        lab.sent(wire, Datagram.udp(from, 7, to, 7))
                .assertDropped("access_denied", "ruleset_drop_packet", "rule=Default_Access_Rule", "recvif=" + wire);
        lab.configure(FilterLab.ANY_SOURCE, FilterLab.ALLOW_ALL);
    }
}
