package io.portcullis.test.filter;

import static io.portcullis.test.filter.FilterLab.LAN_HOST;
import static io.portcullis.test.filter.FilterLab.LAN_HOST6;
import static io.portcullis.test.filter.FilterLab.LAN_OTHER;
import static io.portcullis.test.filter.FilterLab.LAN_OTHER6;
import static io.portcullis.test.filter.FilterLab.WAN_HOST;
import static io.portcullis.test.filter.FilterLab.WAN_HOST6;
import static io.portcullis.test.filter.FilterLab.WAN_OTHER;
import static io.portcullis.test.filter.FilterLab.WAN_OTHER6;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.test.filter.FilterLab.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules can name each field, alone and together, to permit and to drop, with and without log, on one interface. */
@DisplayName("FFW_RUL_EXT.1.2, .3, .4: the fields of a rule")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuleFieldsTest {
    /** An extension header of options, none of which says anything (RFC 8200 section 4.2). */
    private static final String PADDING = "0000010400000000";

    private FilterLab lab;

    /**
     * A rule that names a field.
     *
     * @param field what it names
     * @param service console command that makes the service {@code named}
     * @param from source network of the rule
     * @param to destination network
     * @param matching what the rule is about
     * @param others each differs from it in just one field that the rule names
     */
    record Rule(String field, String service, String from, String to, Datagram matching, List<Datagram> others) {
        @Override
        public String toString() {
            return field;
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        lab = new FilterLab(folder);
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        String any = "all-nets";
        Datagram ping = Datagram.icmp(LAN_HOST, WAN_HOST, 8, 0, 1);
        rules.add(new Rule("ICMPv4 type", icmp("8", "0-255"), any, any, ping, List.of(icmpTo(13, 0))));
        rules.add(new Rule("ICMPv4 code", icmp("0-255", "0"), any, any, ping, List.of(icmpTo(8, 1))));
        rules.add(new Rule(
                "ICMPv4 type and code",
                icmp("8,15", "0,7-9"),
                any,
                any,
                icmpTo(8, 8),
                List.of(icmpTo(13, 8), icmpTo(8, 6))));
        for (boolean v4 : new boolean[] {true, false}) {
            String family = v4 ? "IPv4 " : "IPv6 ";
            String all = v4 ? any : "all-nets6";
            String from = v4 ? LAN_HOST : LAN_HOST6;
            String to = v4 ? WAN_HOST : WAN_HOST6;
            String otherFrom = v4 ? LAN_OTHER : LAN_OTHER6;
            String otherTo = v4 ? WAN_OTHER : WAN_OTHER6;
            Datagram gre = Datagram.ofProtocol(from, to, 47);
            rules.add(new Rule(
                    family + "source",
                    proto("0-255"),
                    from,
                    all,
                    gre,
                    List.of(Datagram.ofProtocol(otherFrom, to, 47))));
            rules.add(new Rule(
                    family + "destination",
                    proto("0-255"),
                    all,
                    to,
                    gre,
                    List.of(Datagram.ofProtocol(from, otherTo, 47))));
            rules.add(new Rule(
                    family + (v4 ? "protocol" : "next header"),
                    proto("47"),
                    all,
                    all,
                    gre,
                    List.of(Datagram.ofProtocol(from, to, 99), Datagram.udp(from, 47, to, 47))));
            Datagram syn = Datagram.syn(from, 1234, to, 80);
            rules.add(new Rule(
                    family + "TCP source port",
                    ports("TCP", "1234", "0-65535"),
                    all,
                    all,
                    syn,
                    List.of(Datagram.syn(from, 1235, to, 80), Datagram.udp(from, 1234, to, 80))));
            rules.add(new Rule(
                    family + "TCP destination port",
                    ports("TCP", "0-65535", "80"),
                    all,
                    all,
                    syn,
                    List.of(Datagram.syn(from, 1234, to, 81), Datagram.udp(from, 1234, to, 80))));
            Datagram udp = Datagram.udp(from, 5000, to, 53);
            rules.add(new Rule(
                    family + "UDP source port",
                    ports("UDP", "5000", "0-65535"),
                    all,
                    all,
                    udp,
                    List.of(Datagram.udp(from, 5001, to, 53), Datagram.syn(from, 5000, to, 53))));
            rules.add(new Rule(
                    family + "UDP destination port",
                    ports("UDP", "0-65535", "53"),
                    all,
                    all,
                    udp,
                    List.of(Datagram.udp(from, 5000, to, 54), Datagram.syn(from, 5000, to, 53))));
            rules.add(new Rule(
                    family + "all fields together",
                    ports("TCP", "1234", "80"),
                    from,
                    to,
                    syn,
                    List.of(
                            Datagram.syn(otherFrom, 1234, to, 80),
                            Datagram.syn(from, 1234, otherTo, 80),
                            Datagram.udp(from, 1234, to, 80),
                            Datagram.syn(from, 1235, to, 80),
                            Datagram.syn(from, 1234, to, 81))));
        }
        Datagram plain = Datagram.udp(LAN_HOST6, 5000, WAN_HOST6, 53);
        Datagram hop = plain.withExtension(IpProtocol.HOP_BY_HOP, PADDING);
        Datagram options = plain.withExtension(IpProtocol.DESTINATION_OPTIONS, PADDING);
        // Type 2 belongs to mobile nodes (RFC 6275); a whole datagram may be its only fragment (RFC 6946).
        Datagram routing =
                plain.withExtension(IpProtocol.ROUTING, "0002020100000000" + "20010db8000300000000000000000010");
        Datagram fragment = plain.fragment(0, plain.length() - Ipv6.HEADER, 0, false);
        rules.add(rule6("Hop-by-Hop Options", extension(0), hop, plain, options, routing, fragment));
        rules.add(rule6("Routing", extension(43), routing, plain, hop, options, fragment));
        rules.add(rule6("Fragment", extension(44), fragment, plain, hop, options, routing));
        rules.add(rule6("Destination Options", extension(60), options, plain, hop, routing, fragment));
        rules.add(rule6(
                "several and a next header",
                "add Service ServiceIPProto named IPProto=17 ExtensionHeaders=0,60\n",
                options,
                plain,
                routing,
                Datagram.syn(LAN_HOST6, 5000, WAN_HOST6, 53).withExtension(IpProtocol.DESTINATION_OPTIONS, PADDING)));
        rules.add(new Rule(
                "ICMPv6 code",
                "add Service ServiceICMPv6 named MessageTypes=Specific MessageNumbers=0-255 Codes=0\n",
                "all-nets6",
                "all-nets6",
                Datagram.icmp(LAN_HOST6, WAN_HOST6, 128, 0, 1),
                List.of(Datagram.icmp(LAN_HOST6, WAN_HOST6, 128, 1, 1))));
        return rules;
    }

    private static Rule rule6(String header, String service, Datagram matching, Datagram... others) {
        return new Rule(
                "IPv6 extension headers: " + header, service, "all-nets6", "all-nets6", matching, List.of(others));
    }

    private static String extension(int header) {
        return "add Service ServiceIPProto named IPProto=0-255 ExtensionHeaders=" + header + "\n";
    }

    private static Datagram icmpTo(int type, int code) {
        return Datagram.icmp(LAN_HOST, WAN_HOST, type, code, 1);
    }

    private static String icmp(String types, String codes) {
        return "add Service ServiceICMP named MessageTypes=Specific MessageNumbers=%s Codes=%s\n"
                .formatted(types, codes);
    }

    private static String proto(String numbers) {
        return "add Service ServiceIPProto named IPProto=" + numbers + "\n";
    }

    private static String ports(String type, String sources, String destinations) {
        return "add Service ServiceTCPUDP named Type=%s SourcePorts=%s DestinationPorts=%s\n"
                .formatted(type, sources, destinations);
    }

    private static String named(Rule rule, String what) {
        return FilterLab.policy("named", "SourceInterface=lan SourceNetwork=" + rule.from(), rule.to(), what, "named");
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.2 {0}: permitted, and nothing else")
    @MethodSource("rules")
    void permitsWhatItNames(Rule rule) {
        for (boolean logs : new boolean[] {true, false}) {
            lab.configure(
                    FilterLab.ANY_SOURCE,
                    rule.service(),
                    named(rule, "Action=Allow LogEnabled=" + (logs ? "Yes" : "No")));
            Outcome matching = lab.sent("lan", rule.matching());
            matching.assertPassed(rule.matching());
            assertEquals(logs ? 1 : 0, matching.logged("conn_open", "rule=named"), matching::toString);
            for (Datagram other : rule.others()) {
                lab.type("connections -close -all");
                lab.sent("lan", other).assertDropped("no_policy", "ruleset_drop_packet", "rule=Default_Rule");
            }
            lab.sent("dmz", rule.matching())
                    .assertDropped("no_policy", "ruleset_drop_packet", "rule=Default_Rule", "recvif=dmz");
        }
    }

    @ParameterizedTest(name = "FFW_RUL_EXT.1.3 {0}: dropped, and nothing else")
    @MethodSource("rules")
    void dropsWhatItNames(Rule rule) {
        for (boolean logs : new boolean[] {true, false}) {
            lab.configure(
                    FilterLab.ANY_SOURCE,
                    rule.service(),
                    named(rule, "Action=Deny LogEnabled=" + (logs ? "Yes" : "No")),
                    FilterLab.ALLOW_ALL);
            Outcome matching = lab.sent("lan", rule.matching());
            assertEquals(List.of(), matching.arrived(), matching::toString);
            assertEquals(1, matching.dropped("policy_denied"), matching::toString);
            assertEquals(logs ? 1 : 0, matching.logged("ruleset_drop_packet", "rule=named"), matching::toString);
            for (Datagram other : rule.others()) {
                lab.type("connections -close -all");
                lab.sent("lan", other).assertPassed(other);
            }
            lab.sent("dmz", rule.matching()).assertPassed(rule.matching());
        }
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.2 ICMPv6 type: permitted, and nothing else")
    void icmpv6Type() {
        Datagram ping = Datagram.icmp(LAN_HOST6, WAN_HOST6, 128, 0, 1);
        String service = "add Service ServiceICMPv6 named MessageTypes=Specific MessageNumbers=%d\n";
        String allow = FilterLab.policy(
                "named", "SourceInterface=lan SourceNetwork=all-nets6", "all-nets6", "Action=Allow", "named");
        lab.configure(service.formatted(128), allow);
        lab.sent("lan", ping).assertPassed(ping);
        lab.configure(service.formatted(127), allow);
        lab.sent("lan", ping).assertDropped("no_policy", "rule=Default_Rule");
        String deny = allow.replace("Action=Allow SourceTranslation=None", "Action=Deny");
        lab.configure(service.formatted(128), deny, FilterLab.ALLOW_ALL);
        lab.sent("lan", ping).assertDropped("policy_denied", "rule=named");
        lab.configure(service.formatted(127), deny, FilterLab.ALLOW_ALL);
        lab.sent("lan", ping).assertPassed(ping);
    }

    @Test
    @DisplayName("FFW_RUL_EXT.1.5 IPv6 extension headers: the connection that a packet with one opened goes on without")
    void extensionHeadersOpen() {
        Datagram opener = Datagram.udp(LAN_HOST6, 5000, WAN_HOST6, 53).withExtension(0, PADDING);
        Datagram plain = Datagram.udp(LAN_HOST6, 5000, WAN_HOST6, 53);
        String allow = FilterLab.policy(
                "named", "SourceInterface=lan SourceNetwork=all-nets6", "all-nets6", "Action=Allow", "named");
        lab.configure(extension(0), allow);
        lab.sent("lan", plain).assertDropped("no_policy", "rule=Default_Rule");
        lab.sent("lan", opener).assertPassed(opener);
        lab.sent("lan", plain).assertPassed(plain);
        // The same configuration, activated again: the connection is judged by what opened it.
        lab.load(extension(0), allow);
        lab.sent("lan", plain).assertPassed(plain);
        lab.load(extension(60), allow);
        lab.sent("lan", plain).assertDropped("no_policy", "rule=Default_Rule");
    }
}
