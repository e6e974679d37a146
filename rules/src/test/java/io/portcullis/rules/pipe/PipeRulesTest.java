package io.portcullis.rules.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Checked;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.shaping.ConnectionPipes;
import io.portcullis.core.shaping.Grouping;
import io.portcullis.core.shaping.Pipe;
import io.portcullis.core.shaping.PipeDefinition;
import io.portcullis.core.shaping.PipeLimit;
import io.portcullis.core.shaping.PipeRules;
import io.portcullis.rules.Site;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PipeRulesTest {
    private final Site site = new Site();
    private Optional<CommonPipe> common = Optional.empty();

    private void rule(String name, String service, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "Name",
                name,
                "SourceInterface",
                "lan",
                "SourceNetwork",
                "192.168.1.0/24",
                "DestinationInterface",
                "wan",
                "DestinationNetwork",
                "all-nets",
                "Service",
                service));
        all.addAll(List.of(more));
        site.add("PipeRule", all.toArray(String[]::new));
    }

    private PipeRules compile(PipeRules previous, int workers) {
        for (ConfigObject<? extends Record> object : objects()) {
            ((Checked) object.value()).check(site.configuration, site.findings.of(site.configuration.key(object)));
        }
        return CompiledPipeRules.compile(site.configuration, common, site::resolve, previous, workers, site.findings);
    }

    private List<ConfigObject<? extends Record>> objects() {
        List<ConfigObject<? extends Record>> all = new ArrayList<>();
        all.addAll(site.configuration.objects(PipeConfiguration.class));
        all.addAll(site.configuration.objects(PipeRule.class));
        return all;
    }

    private @Nullable ConnectionPipes lookup(PipeRules rules, String to, int port) {
        return lookup(rules, to, to, port);
    }

    private @Nullable ConnectionPipes lookup(PipeRules rules, String to, String way, int port) {
        IpAddress source = IpAddress.literal("192.168.1.2");
        IpAddress target = IpAddress.literal("198.51.100.7");
        return rules.lookup(
                site.iface("lan"),
                site.iface(to),
                site.iface(way),
                source.high(),
                source.low(),
                target.high(),
                target.low(),
                IpProtocol.TCP,
                4000,
                port);
    }

    private static Pipe pipe(PipeRules rules, String name) {
        return rules.pipes().stream()
                .filter(pipe -> pipe.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theFirstRuleThatMatchesDecidesAlsoThatThereAreNone() {
        site.add("Pipe", "Name", "up", "LimitKbpsTotal", "1000");
        site.add("Pipe", "Name", "down", "LimitKbpsTotal", "2000");
        rule("free", "ssh");
        rule("web", "http", "ForwardChain", "up", "ReturnChain", "down,up");
        rule("rest", "all_services", "ReturnChain", "down");
        PipeRules rules = compile(PipeRules.NONE, 1);
        assertEquals(List.of(), site.found());
        assertNull(lookup(rules, "wan", 22));
        assertNull(lookup(rules, "dmz", 80));
        ConnectionPipes web = lookup(rules, "wan", 80);
        assertNotNull(web);
        assertEquals("[up]", String.valueOf(web.forward()));
        assertEquals("[down, up]", String.valueOf(web.back()));
        ConnectionPipes rest = lookup(rules, "wan", 443);
        assertNotNull(rest);
        assertNull(rest.forward());
        assertSame(web, lookup(rules, "wan", 80), "looked up, not made");
    }

    @Test
    void aRuleCountsAsItsScheduleSays() {
        site.add("ScheduleProfile", "Name", "office", "Mon", "8-17");
        site.add("Pipe", "Name", "narrow", "LimitKbpsTotal", "1000");
        site.add("Pipe", "Name", "wide", "LimitKbpsTotal", "2000");
        rule("by_day", "http", "ForwardChain", "narrow", "Schedule", "office");
        rule("always", "all_services", "ForwardChain", "wide");
        PipeRules all = compile(PipeRules.NONE, 1);
        assertEquals(List.of(), site.found());
        LocalDateTime early = LocalDateTime.parse("2026-11-23T07:59");
        LocalDateTime late = LocalDateTime.parse("2026-11-23T08:00");
        PipeRules atNight = all.at(early);
        assertEquals("[wide]", forward(atNight, 80));
        assertEquals(List.of(), atNight.changesAt(early));
        assertEquals(List.of("office"), atNight.changesAt(late));
        PipeRules byDay = atNight.at(late);
        assertEquals("[narrow]", forward(byDay, 80));
        assertEquals("[wide]", forward(byDay, 443));
        assertSame(pipe(atNight, "narrow"), pipe(byDay, "narrow"), "what waits in a pipe stays there");
    }

    private String forward(PipeRules rules, int port) {
        ConnectionPipes found = lookup(rules, "wan", port);
        assertNotNull(found);
        return String.valueOf(found.forward());
    }

    @Test
    void whatAPipeIsToDoIsWhatWasTyped() {
        site.add(
                "Pipe",
                "Name",
                "all",
                "LimitKbpsTotal",
                "1000",
                "LimitPPSTotal",
                "10",
                "LimitKbps3",
                "30",
                "LimitPPS7",
                "70",
                "UserLimitKbpsTotal",
                "99",
                "UserLimitPPS2",
                "22",
                "Grouping",
                "SourceNet",
                "GroupingNetworkSize",
                "28",
                "DynamicBalancing",
                "Yes",
                "PrecedenceMin",
                "1",
                "PrecedenceDefault",
                "2",
                "PrecedenceMax",
                "6");
        var definition = pipe(compile(PipeRules.NONE, 1), "all").definition();
        assertEquals(List.of(), site.found());
        assertEquals(new PipeLimit(1000, 10), definition.total());
        assertEquals(new PipeLimit(30, 0), definition.precedences().get(3));
        assertEquals(new PipeLimit(0, 70), definition.precedences().get(7));
        assertEquals(new PipeLimit(99, 0), definition.userTotal());
        assertEquals(new PipeLimit(0, 22), definition.userPrecedences().get(2));
        assertEquals(Grouping.SOURCE_NET, definition.grouping());
        assertEquals(
                List.of(28, 1, 2, 6),
                List.of(definition.networkSize(), definition.lowest(), definition.byDefault(), definition.highest()));
    }

    @Test
    void aPipeGoesOnAsLongAsItIsTheSame() {
        site.add("Pipe", "Name", "a", "LimitKbpsTotal", "1000").add("Pipe", "Name", "b", "LimitKbpsTotal", "1000");
        PipeRules before = compile(PipeRules.NONE, 2);
        site.configuration = site.configuration.set(
                site.configuration.object(PipeConfiguration.class, "b").orElseThrow(),
                Site.TYPES.of(PipeConfiguration.class).parse(Map.of("Name", "b", "LimitKbpsTotal", "2000")));
        PipeRules after = compile(before, 2);
        assertSame(pipe(before, "a"), pipe(after, "a"));
        assertNotSame(pipe(before, "b"), pipe(after, "b"));
    }

    @Test
    void pipesThatAreChainedBelongToOneWorker() {
        IntStream.range(0, 12).forEach(i -> site.add("Pipe", "Name", "p" + i));
        rule("one", "http", "ForwardChain", "p1,p2", "ReturnChain", "p5,p6");
        rule("two", "ssh", "ForwardChain", "p3,p5", "ReturnChain", "p2,p3");
        PipeRules rules = compile(PipeRules.NONE, 4);
        assertEquals(List.of(), site.found());
        for (String name : List.of("p2", "p3", "p5", "p6")) {
            assertEquals(pipe(rules, "p1").owner(), pipe(rules, name).owner(), name);
        }
        assertEquals(4, rules.pipes().stream().mapToInt(Pipe::owner).distinct().count(), "the others are divided");
    }

    @Test
    void aCommonPipeIsBehindAllOthersOfItsInterfaces() {
        common = Optional.of(new CommonPipe(
                PipeDefinition.of("all_dmz", new PipeLimit(50_000, 0)),
                iface -> iface.name().equals("dmz")));
        site.add("Pipe", "Name", "a").add("Pipe", "Name", "b");
        rule("web", "http", "ForwardChain", "a");
        rule("ssh", "ssh", "ReturnChain", "b");
        PipeRules rules = compile(PipeRules.NONE, 8);
        assertEquals(List.of(), site.found());
        assertEquals("ConnectionPipes[forward=[a], back=null]", String.valueOf(lookup(rules, "wan", "wan", 80)));
        assertEquals(
                "ConnectionPipes[forward=[a, all_dmz], back=[all_dmz]]",
                String.valueOf(lookup(rules, "wan", "dmz", 80)),
                "translated to where it leaves by dmz");
        assertEquals(
                "ConnectionPipes[forward=[all_dmz], back=[b, all_dmz]]",
                String.valueOf(lookup(rules, "wan", "dmz", 22)));
        assertEquals("ConnectionPipes[forward=[all_dmz], back=[all_dmz]]", String.valueOf(lookup(rules, "dmz", 443)));
        assertNull(lookup(rules, "wan", 443));
        assertEquals(1, rules.pipes().stream().mapToInt(Pipe::owner).distinct().count());
        site.add("Pipe", "Name", "all_dmz");
        assertSame(PipeRules.NONE, compile(PipeRules.NONE, 8));
        assertEquals(
                List.of("Error: Pipe all_dmz, Name: is the pipe of the setting all_dmz: another name is needed"),
                site.found());
    }

    @Test
    void whatMakesNoSenseIsRefusedByName() {
        site.add("Pipe", "Name", "upside", "PrecedenceMin", "5", "PrecedenceDefault", "4", "PrecedenceMax", "3");
        site.add("Pipe", "Name", "nobody", "UserLimitKbpsTotal", "10");
        site.add("Pipe", "Name", "nets", "Grouping", "DestinationNet");
        site.add("Pipe", "Name", "hosts", "Grouping", "SourceIP", "GroupingNetworkSize", "24");
        site.add("Pipe", "Name", "endless", "LimitKbps4", "100");
        rule("loop", "http", "ForwardChain", "hosts,nets,hosts");
        rule("long", "http", "ReturnChain", "upside,nobody,nets,hosts,endless,hosts,nets,nobody,upside");
        rule("fixed", "http", "FixedPrecedence", "3");
        assertSame(PipeRules.NONE, compile(PipeRules.NONE, 1));
        String all = String.join("\n", site.found());
        for (String expected : List.of(
                "upside, PrecedenceDefault: is 4, less than PrecedenceMin, 5",
                "upside, PrecedenceMax: is 3, less than PrecedenceDefault, 4",
                "nobody, Grouping: is None",
                "nets, GroupingNetworkSize: must be given",
                "hosts, GroupingNetworkSize: means nothing",
                "endless, LimitKbpsTotal: is not given",
                "loop, ForwardChain: leads through hosts twice",
                "long, ReturnChain: has 9 pipes; 8 are allowed",
                "fixed, FixedPrecedence: is used with Precedence=Fixed only")) {
            assertTrue(all.contains(expected), expected + " in\n" + all);
        }
    }
}
