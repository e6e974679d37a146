package io.portcullis.rules.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.routing.NamedRoutingTable;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RouteCompiler;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.routing.StaticRoute;
import io.portcullis.core.routing.TableChoice;
import io.portcullis.rules.Site;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which table routes what: main leads everything out by wan, the table {@code isp2} by dmz. */
class RoutingRulesTest {
    private static final String HOST = "192.168.1.2";
    private static final String FAR = "198.51.100.7";

    private final Site site = new Site();

    @BeforeEach
    void tables() {
        site.add("RoutingTable", "Name", "main");
        route("main", "wan", "all-nets", "203.0.113.254");
        route("main", "lan", "10.1.0.0/16", "192.168.1.254");
    }

    private void isp2(String ordering, String... more) {
        Map<String, String> table = new HashMap<>(Map.of("Name", "isp2", "Ordering", ordering));
        for (int i = 0; i < more.length; i += 2) {
            table.put(more[i], more[i + 1]);
        }
        site.configuration = site.configuration.add(
                0, site.configuration.types().of(NamedRoutingTable.class).parse(table));
    }

    private void route(String table, String iface, String network, String gateway) {
        site.configuration = site.configuration.addTo(
                NamedRoutingTable.class,
                table,
                site.configuration
                        .types()
                        .of(StaticRoute.class)
                        .parse(Map.of("Interface", iface, "Network", network, "Gateway", gateway)));
    }

    private void rule(String from, String network, String forward, String back) {
        site.add(
                "RoutingRule",
                "SourceInterface",
                from,
                "SourceNetwork",
                network,
                "DestinationInterface",
                "any",
                "DestinationNetwork",
                "all-nets",
                "Service",
                "http",
                "ForwardRoutingTable",
                forward,
                "ReturnRoutingTable",
                back);
    }

    private RoutingTables compile() {
        RoutingTables tables = new RouteCompiler(site.configuration, site::resolve, site.findings)
                .compile(List.of())
                .withRules(CompiledRoutingRules.compile(site.configuration, site::resolve, site.findings));
        assertEquals(List.of(), site.found());
        return tables;
    }

    private TableChoice choose(RoutingTables tables, String in, String from, String to, int port) {
        IpAddress source = IpAddress.literal(from);
        IpAddress target = IpAddress.literal(to);
        return tables.choose(
                site.iface(in), source.high(), source.low(), target.high(), target.low(), IpProtocol.TCP, 4000, port);
    }

    private String way(RoutingTables tables, String to, int port) {
        Route route = choose(tables, "lan", HOST, to, port).lookup(IpAddress.literal(to));
        return route == null ? "none" : route.iface().name();
    }

    private @Nullable Route back(RoutingTables tables, String in, String from) {
        IpAddress source = IpAddress.literal(from);
        return choose(tables, in, from, HOST, 80).reverse(source.high(), source.low(), site.iface(in));
    }

    @Test
    void onlyAsksNothingElse() {
        isp2("Only");
        route("isp2", "dmz", "198.51.100.0/24", "192.0.2.254");
        rule("lan", "192.168.1.0/24", "isp2", "main");
        RoutingTables tables = compile();
        assertEquals("dmz", way(tables, FAR, 80));
        assertEquals("wan", way(tables, FAR, 22), "another service is no matter of the rule's");
        assertEquals("none", way(tables, "8.8.8.8", 80));
        assertEquals("none", way(tables, "10.1.0.1", 80));
        assertEquals("core", way(tables, "192.168.1.1", 80), "own addresses are in every table");
    }

    @Test
    void firstAsksMainThen() {
        isp2("First");
        route("isp2", "dmz", "198.51.100.0/24", "192.0.2.254");
        rule("lan", "192.168.1.0/24", "isp2", "main");
        RoutingTables tables = compile();
        assertEquals("dmz", way(tables, FAR, 80));
        assertEquals("wan", way(tables, "8.8.8.8", 80));
        assertEquals("lan", way(tables, "10.1.0.1", 80));
    }

    @Test
    void defaultAsksMainFirstAndThisTableInsteadOfADefaultRoute() {
        isp2("Default");
        route("isp2", "dmz", "198.51.100.0/24", "192.0.2.254");
        route("isp2", "dmz", "10.1.0.0/16", "192.0.2.254");
        rule("lan", "192.168.1.0/24", "isp2", "main");
        RoutingTables tables = compile();
        assertEquals("lan", way(tables, "10.1.0.1", 80));
        assertEquals("dmz", way(tables, FAR, 80));
        assertEquals("wan", way(tables, "8.8.8.8", 80), "the default route of main stands");
    }

    @Test
    void answersAreRoutedByTheReturnTable() {
        isp2("Only", "RemoveInterfaceIPRoutes", "Yes");
        route("isp2", "dmz", "all-nets", "192.0.2.254");
        assertNull(back(compile(), "dmz", FAR), "main does not expect the Internet at dmz");
        rule("dmz", "all-nets", "main", "isp2");
        RoutingTables tables = compile();
        assertEquals("192.0.2.254", String.valueOf(back(tables, "dmz", FAR).gateway()));
        assertEquals("203.0.113.254", String.valueOf(back(tables, "wan", FAR).gateway()));
        assertEquals(
                "lan",
                choose(tables, "dmz", FAR, HOST, 80)
                        .lookup(IpAddress.literal(HOST))
                        .iface()
                        .name());
        assertEquals(1, tables.table("isp2").orElseThrow().routes().size(), "own addresses were left out");
    }

    @Test
    void theFirstRuleDecidesAndGoesOnDoingSoWhenRoutesFail() {
        isp2("First");
        route("isp2", "dmz", "198.51.100.0/24", "192.0.2.254");
        rule("lan", "192.168.1.0/24", "main", "main");
        rule("lan", "192.168.1.0/24", "isp2", "main");
        assertEquals("wan", way(compile(), FAR, 80));
        site.configuration = site.configuration.delete(
                site.configuration.objects(RoutingRule.class).getFirst());
        RoutingTables tables = compile();
        assertEquals("dmz", way(tables, FAR, 80));
        long typed = site.configuration.objects(StaticRoute.class).getLast().id();
        assertEquals("wan", way(tables.withOutOfOrder(Set.of(typed)), FAR, 80));
    }
}
