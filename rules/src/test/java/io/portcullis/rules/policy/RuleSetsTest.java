package io.portcullis.rules.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Checked;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv6Extensions;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.rules.Site;
import java.lang.foreign.Arena;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rule sets that lead to each other, and policies that are never asked. */
class RuleSetsTest {
    private static final String LAN = "lan 192.168.1.0/24";
    private static final String ALL = "any all-nets";
    private static final String ANY6 = "any all-nets6";

    private final Site site = new Site();

    private CompiledRuleSet compile() {
        return CompiledRuleSet.compile(site.configuration, site::resolve, null, site.findings);
    }

    private static String decide(CompiledRuleSet rules, Site site, String from, int port) {
        IpAddress source = IpAddress.literal(from);
        IpAddress destination = IpAddress.literal("198.51.100.1");
        return rules.lookup(
                        site.iface("lan"),
                        site.iface("wan"),
                        source.high(),
                        source.low(),
                        destination.high(),
                        destination.low(),
                        IpProtocol.TCP,
                        1024,
                        port,
                        0)
                .name();
    }

    private String decide(String from, int port) {
        return decide(compile(), site, from, port);
    }

    @Test
    void aPolicyCountsAsItsScheduleSays() {
        site.add("ScheduleProfile", "Name", "office", "Mon", "8-17")
                .add("ScheduleProfile", "Name", "night", "Mon", "0-8")
                .policyIn("guests", "web", ALL, ALL, "http", "Allow")
                .policy("maintenance", LAN, ALL, "ssh", "Allow", "Schedule", "night")
                .policy("jump", LAN, ALL, "all_services", "Goto", "RuleSet", "guests", "Schedule", "office")
                .policy("rest", LAN, ALL, "all_services", "Deny");
        CompiledRuleSet always = compile();
        CompiledRuleSet atNight = always.at(LocalDateTime.parse("2026-11-23T07:59"));
        assertEquals("maintenance", decide(atNight, site, "192.168.1.7", 22));
        assertEquals("rest", decide(atNight, site, "192.168.1.7", 80));
        LocalDateTime morning = LocalDateTime.parse("2026-11-23T08:00");
        assertEquals(List.of("night", "office"), atNight.changesAt(morning));
        CompiledRuleSet byDay = atNight.at(morning);
        assertEquals(List.of(), byDay.changesAt(LocalDateTime.parse("2026-11-23T16:59")));
        assertEquals("rest", decide(byDay, site, "192.168.1.7", 22));
        assertEquals("web", decide(byDay, site, "192.168.1.7", 80));
        assertEquals(
                List.of("night (not now)", "office", "-", "-"),
                byDay.view("main", 0).orElseThrow().stream()
                        .map(RuleView::schedule)
                        .toList());
        assertEquals(List.of(), site.found(), "a policy that counts at times hides none");
    }

    @Test
    void withoutSchedulesATimeChangesNothing() {
        site.policy("rest", LAN, ALL, "all_services", "Deny");
        CompiledRuleSet always = compile();
        assertSame(always, always.at(LocalDateTime.parse("2026-11-23T07:59")));
        assertEquals(List.of(), always.changesAt(LocalDateTime.parse("2026-11-24T07:59")));
    }

    @Test
    void gotoAsksTheOtherSetAndGoesOnWhereItCameFrom() {
        site.policyIn("guests", "web", ALL, ALL, "http", "Allow")
                .policy("first", LAN, ALL, "ssh", "Allow")
                .policy("jump", "lan 192.168.1.64/26", ALL, "all_services", "Goto", "RuleSet", "guests")
                .policy("rest", LAN, ALL, "all_services", "Deny");
        assertEquals("first", decide("192.168.1.70", 22), "above the Goto");
        assertEquals("web", decide("192.168.1.70", 80), "in the other set");
        assertEquals("rest", decide("192.168.1.70", 443), "behind the Goto: the other set says nothing");
        assertEquals("rest", decide("192.168.1.7", 80), "the Goto does not match");
        assertEquals(List.of(), site.found());
    }

    @Test
    void returnLeavesOneSetAndNoMore() {
        site.policyIn("inner", "back", "lan 192.168.1.5", ALL, "all_services", "Return")
                .policyIn("inner", "denied", ALL, ALL, "http", "Deny")
                .policyIn("outer", "down", ALL, ALL, "all_services", "Goto", "RuleSet", "inner")
                .policyIn("outer", "allowed", ALL, ALL, "http", "Allow")
                .policy("jump", LAN, ALL, "all_services", "Goto", "RuleSet", "outer")
                .policy("rest", LAN, ALL, "all_services", "Allow");
        assertEquals("denied", decide("192.168.1.6", 80));
        assertEquals("allowed", decide("192.168.1.5", 80), "returned to outer, not to main");
        assertEquals("rest", decide("192.168.1.5", 22));
        assertEquals(List.of(), site.found());
    }

    @Test
    void whoAsksHearsTheWayToThePolicyThatDecides() {
        site.policyIn("inner", "back", "lan 192.168.1.5", ALL, "all_services", "Return")
                .policyIn("outer", "down", ALL, ALL, "all_services", "Goto", "RuleSet", "inner")
                .policyIn("outer", "allowed", ALL, ALL, "http", "Allow")
                .policy("other", LAN, ALL, "ssh", "Deny")
                .policy("jump", LAN, ALL, "all_services", "Goto", "RuleSet", "outer");
        assertEquals(
                List.of(
                        "main 2 jump: Goto outer",
                        "outer 1 down: Goto inner",
                        "inner 1 back: Return",
                        "outer 2 allowed: Allow"),
                way("192.168.1.5", 80));
        assertEquals(List.of("main 1 other: Drop"), way("192.168.1.5", 22));
        assertEquals(
                List.of(
                        "main 2 jump: Goto outer",
                        "outer 1 down: Goto inner",
                        "Default_Rule: Drop, since no policy matches"),
                way("192.168.1.6", 443));
    }

    private List<String> way(String from, int port) {
        IpAddress source = IpAddress.literal(from);
        IpAddress destination = IpAddress.literal("198.51.100.1");
        Packet packet = new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));
        packet.network(4, 0, 0, 0, IpProtocol.TCP);
        packet.addresses(source.high(), source.low(), destination.high(), destination.low());
        packet.ports(1024, port);
        List<String> path = new ArrayList<>();
        Policy decided = compile().trace(packet, site.iface("lan"), site.iface("wan"), path::add);
        assertEquals(decide(from, port), decided.name());
        return path;
    }

    @Test
    void aLoopIsRefusedWithItsWay() {
        site.policyIn("a", "to_b", ALL, ALL, "all_services", "Deny")
                .policyIn("b", "to_a", ALL, ALL, "all_services", "Goto", "RuleSet", "a")
                .policyIn("a", "again", LAN, ALL, "all_services", "Goto", "RuleSet", "b")
                .policy("jump", LAN, ALL, "all_services", "Goto", "RuleSet", "a");
        compile();
        assertEquals(
                List.of("Error: IPRuleSet b/IPPolicy to_a, RuleSet: leads back to where it comes from: a > b > a"),
                site.found());
    }

    @Test
    void aSetThatLeadsToItselfAndAReturnFromMainAreRefused() {
        site.policyIn("a", "self", ALL, ALL, "all_services", "Goto", "RuleSet", "a")
                .policy("jump", LAN, ALL, "all_services", "Goto", "RuleSet", "a")
                .policy("out", LAN, ALL, "all_services", "Return");
        compile();
        assertEquals(
                List.of(
                        "Error: IPPolicy out, Action: there is nothing to return to from the rule set main",
                        "Error: IPRuleSet a/IPPolicy self, RuleSet: leads back to where it comes from: a > a"),
                site.found());
    }

    /** Each set asks the next one twice: twenty of them, and one packet would be looked up a million times. */
    @Test
    void setsThatWouldMakeAPacketWanderAreRefused() {
        for (int i = 20; i > 0; i--) {
            site.policyIn("s" + i, "leaf" + i, ALL, ALL, "ssh", "Allow");
            for (int twice = 0; twice < 2 && i < 20; twice++) {
                site.policyIn("s" + i, "go" + i + twice, ALL, ALL, "http", "Goto", "RuleSet", "s" + (i + 1));
            }
        }
        site.policy("jump", LAN, ALL, "all_services", "Goto", "RuleSet", "s1");
        compile();
        assertEquals(1, site.found().size(), site.found().toString());
        assertTrue(
                site.found().getFirst().contains("one packet could cost more than 1000 look-ups by it"),
                site.found().toString());
    }

    @Test
    void aPolicyThatAsksForExtensionHeadersLeavesOthersToThePoliciesBehindIt() {
        site.add("ServiceIPProto", "Name", "hop", "IPProto", "0-255", "ExtensionHeaders", "0")
                .add("ServiceIPProto", "Name", "routed", "IPProto", "6", "ExtensionHeaders", "43,60")
                .policyIn("set", "routed_web", ANY6, ANY6, "routed", "Deny")
                .policyIn("set", "ssh", ANY6, ANY6, "ssh", "Allow")
                .policy("hop_or_ssh", ANY6, ANY6, "hop,ssh", "Deny")
                .policy("jump", ANY6, ANY6, "hop,http,ssh,routed", "Goto", "RuleSet", "set")
                .policy("rest", ANY6, ANY6, "all_services", "Allow");
        int hop = Ipv6Extensions.kind(IpProtocol.HOP_BY_HOP);
        int options = Ipv6Extensions.kind(IpProtocol.DESTINATION_OPTIONS);
        int fragment = Ipv6Extensions.kind(IpProtocol.FRAGMENT);
        assertEquals("hop_or_ssh", decide6(22, 0));
        assertEquals("hop_or_ssh", decide6(80, hop));
        assertEquals("hop_or_ssh", decide6(80, hop | options));
        assertEquals("routed_web", decide6(80, options));
        assertEquals("routed_web", decide6(25, options | fragment));
        assertEquals("rest", decide6(80, fragment));
        assertEquals("rest", decide6(25, 0));
        assertEquals(List.of(), site.found());
    }

    private String decide6(int port, int extensions) {
        IpAddress any = IpAddress.literal("2001:db8::1");
        return compile()
                .lookup(
                        site.iface("lan"),
                        site.iface("wan"),
                        any.high(),
                        any.low(),
                        any.high(),
                        any.low(),
                        IpProtocol.TCP,
                        1024,
                        port,
                        extensions)
                .name();
    }

    @Test
    void policiesThatAskForExtensionHeadersAreBounded() {
        site.add("ServiceIPProto", "Name", "hop", "IPProto", "0-255", "ExtensionHeaders", "0");
        for (int i = 0; i < PolicyChainCheck.MOST_LOOKUPS; i++) {
            site.policy("p" + i, "any 2001:db8::" + Integer.toHexString(i), ANY6, "hop", "Deny");
        }
        compile();
        assertEquals(
                List.of("Error: IPPolicy p999, Service: one packet could cost more than 1000 look-ups by it"),
                site.found());
    }

    @Test
    void aLongWayFromSetToSetIsRefusedAndExhaustsNoStack() {
        int many = 2_000;
        for (int i = 0; i < many; i++) {
            site.add("IPRuleSet", "Name", "s" + i);
        }
        List<ConfigObject<NamedRuleSet>> sets = site.configuration.objects(NamedRuleSet.class);
        for (int i = 0; i < many - 1; i++) {
            site.policyIn(sets.get(i).id(), "go", ALL, ALL, "http", "Goto", "RuleSet", "s" + (i + 1));
        }
        site.policy("jump", LAN, ALL, "all_services", "Goto", "RuleSet", "s0");
        compile();
        assertTrue(site.findings.hasErrors());
    }

    @Test
    void gotoAndItsRuleSetBelongTogether() {
        site.policy("nowhere", LAN, ALL, "http", "Goto")
                .policyIn("a", "x", ALL, ALL, "http", "Allow", "RuleSet", "a")
                .add("IPRuleSet", "Name", "main");
        for (ConfigObject<?> object : site.configuration.inForce()) {
            if (object.value() instanceof Checked checked) {
                checked.check(site.configuration, site.findings.of(site.configuration.key(object)));
            }
        }
        assertEquals(
                List.of(
                        "Error: IPPolicy nowhere, RuleSet: Goto needs the rule set that it leads to",
                        "Error: IPRuleSet a/IPPolicy x, RuleSet: only Goto leads to a rule set, and the action is Allow",
                        "Error: IPRuleSet main, Name: the policies at the top are the rule set main: add them there"),
                site.found().stream().sorted().toList());
    }

    @Test
    void whatIsNeverAskedIsSaidNamingBoth() {
        site.policy("wide", "lan,wan 192.168.0.0/16", ALL, "all_tcp", "Allow")
                .policy("narrow", LAN, "wan 198.51.100.0/24", "http,ssh", "Deny")
                .policy("other_protocol", LAN, ALL, "dns-udp", "Deny")
                .policy("wider", "any 192.168.0.0/15", ALL, "all_tcp", "Deny")
                .policy("same", "any 192.168.0.0/15", ALL, "all_tcp", "Deny");
        compile();
        assertEquals(
                List.of(
                        "Warning: IPPolicy narrow: is never asked: IPPolicy wide stands above it and matches all that it does",
                        "Warning: IPPolicy same: is never asked: IPPolicy wider stands above it and matches all that it does"),
                site.found());
    }

    @Test
    void whatAReturnHidesIsSaidAndWhatAGotoPassesIsNot() {
        site.policyIn("a", "back", LAN, ALL, "all_services", "Return")
                .policyIn("a", "hidden", "lan 192.168.1.7", ALL, "http", "Allow")
                .policy("jump", ALL, ALL, "all_services", "Goto", "RuleSet", "a")
                .policy("asked", LAN, ALL, "http", "Allow")
                .policyIn("unused", "x", ALL, ALL, "http", "Allow");
        compile();
        assertEquals(
                List.of(
                        "Warning: IPRuleSet a/IPPolicy hidden: is never asked: IPRuleSet a/IPPolicy back stands above it"
                                + " and matches all that it does",
                        "Warning: IPRuleSet unused: is never asked: no policy has Action=Goto RuleSet=unused"),
                site.found());
    }

    @Test
    void manyThatAreNeverAskedAreCounted() {
        site.policy("wide", LAN, ALL, "all_services", "Allow");
        for (int i = 0; i < 100; i++) {
            site.policy("p" + i, "lan 192.168.1." + i, ALL, "http", "Deny");
        }
        compile();
        assertEquals(21, site.found().size());
        assertEquals(
                "Warning: IPPolicy p20: is never asked either, like 79 more of main",
                site.found().getLast());
    }

    @Test
    void lookUpsAgreeWithFollowingThePoliciesOneByOne() {
        long seed = 20260727;
        System.out.println("RuleSetsTest: seeds from " + seed);
        String[] sources = {"192.168.1.0/24", "192.168.1.0/25", "192.168.1.5", "all-nets", "192.168.1.64/26"};
        String[] services = {"all_services", "http", "ssh", "all_tcp", "https"};
        String[] sets = {"a", "b", "c", "d"};
        int decided = 0;
        for (int round = 0; round < 60; round++) {
            Random random = new Random(seed + round);
            Site made = new Site();
            for (int i = 0; i < 40; i++) {
                int place = random.nextInt(sets.length + 1);
                // Only to later sets, so that there is no loop.
                int target = place + random.nextInt(sets.length);
                String source = "any " + sources[random.nextInt(sources.length)];
                String service = services[random.nextInt(services.length)];
                boolean jumps = random.nextInt(3) == 0;
                boolean leaves = !jumps && place > 0 && random.nextInt(5) == 0;
                String action = jumps && target < sets.length ? "Goto" : leaves ? "Return" : "Allow";
                String[] more = action.equals("Goto") ? new String[] {"RuleSet", sets[target]} : new String[0];
                if (action.equals("Goto")
                        && made.configuration
                                .object(NamedRuleSet.class, sets[target])
                                .isEmpty()) {
                    made.add("IPRuleSet", "Name", sets[target]);
                }
                if (place == 0) {
                    made.policy("p" + i, source, ALL, service, action, more);
                } else {
                    made.policyIn(sets[place - 1], "p" + i, source, ALL, service, action, more);
                }
            }
            CompiledRuleSet rules = CompiledRuleSet.compile(made.configuration, made::resolve, null, made.findings);
            for (int i = 0; i < 100; i++) {
                String from = "192.168." + (1 + random.nextInt(2)) + "." + random.nextInt(256);
                int port = new int[] {22, 80, 443, 25}[random.nextInt(4)];
                String expected = follow(made, ConfigObject.TOP, from, port).orElse("Default_Rule");
                assertEquals(
                        expected, decide(rules, made, from, port), "seed " + (seed + round) + " " + from + ":" + port);
                decided += expected.equals("Default_Rule") ? 0 : 1;
            }
        }
        assertTrue(decided > 1_000, "only " + decided + " were decided by a policy");
    }

    /**
     * The name of the policy that decides, by the words of the configuration alone; empty when the set says nothing.
     */
    private static Optional<String> follow(Site site, long set, String from, int port) {
        List<ConfigObject<IpPolicy>> here = new ArrayList<>(site.configuration.objects(IpPolicy.class));
        here.removeIf(object -> object.parent() != set);
        for (ConfigObject<IpPolicy> object : here) {
            IpPolicy policy = object.value();
            boolean matches = site.configuration.resolve(policy.sourceNetwork()).contains(IpAddress.literal(from))
                    && switch (policy.service().getFirst().name()) {
                        case "http" -> port == 80;
                        case "https" -> port == 443;
                        case "ssh" -> port == 22;
                        default -> true;
                    };
            if (!matches) {
                continue;
            }
            switch (policy.action()) {
                case ALLOW, DENY -> {
                    return Optional.of(policy.name());
                }
                case RETURN -> {
                    return Optional.empty();
                }
                case GOTO -> {
                    String target = policy.ruleSet().orElseThrow().name();
                    long id = site.configuration
                            .object(NamedRuleSet.class, target)
                            .orElseThrow()
                            .id();
                    Optional<String> decided = follow(site, id, from, port);
                    if (decided.isPresent()) {
                        return decided;
                    }
                }
            }
        }
        return Optional.empty();
    }
}
