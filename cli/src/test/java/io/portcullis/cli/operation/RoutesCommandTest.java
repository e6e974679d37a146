package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RoutesCommandTest {
    private static final FakeInterface CORE = FakeInterface.tunnel("core", 0);
    private static final FakeInterface WAN = FakeInterface.of("wan", 1, "198.51.100.2");
    private static final FakeInterface TUNNEL = FakeInterface.tunnel("ipsec_hq_to_branch", 2);

    private static final List<Route> ROUTES = List.of(
            Route.own(IpAddress.literal("198.51.100.2"), CORE),
            new Route(IpNetwork.literal("198.51.100.0/24"), WAN, null, 100, Route.Origin.INTERFACE),
            new Route(IpNetwork.literal("0.0.0.0/0"), WAN, IpAddress.literal("198.51.100.1"), 100, Route.Origin.STATIC),
            new Route(IpNetwork.literal("192.168.11.0/24"), TUNNEL, null, 90, Route.Origin.TUNNEL));

    private final RoutesCommand routes = of(ROUTES);

    private static RoutesCommand of(List<Route> main) {
        RoutingTables tables = new RoutingTables(
                List.of(new RoutingTable("main", main), new RoutingTable("guests", List.of(ROUTES.getFirst()))));
        return new RoutesCommand(() -> tables);
    }

    @Test
    void eachRouteIsALineUnderItsHeading() {
        String text = Typed.run(routes, "routes");
        assertEquals("I 198.51.100.0/24 wan 100", Typed.line(text, "198.51.100.0"));
        assertEquals("S 0.0.0.0/0 wan 198.51.100.1 100", Typed.line(text, "0.0.0.0/0"));
        assertEquals("T 192.168.11.0/24 ipsec_hq_to_branch 90", Typed.line(text, "192.168.11.0"));
        List<String> lines = text.lines().toList();
        int metric = lines.get(2).indexOf("Metric");
        assertEquals("100", lines.get(4).substring(metric));
        assertEquals("90", lines.get(6).substring(metric));
    }

    @Test
    void ownAddressesAreShownWhenAskedFor() {
        assertFalse(Typed.run(routes, "routes").contains("198.51.100.2/32"));
        assertEquals("C 198.51.100.2/32 core 0", Typed.line(Typed.run(routes, "routes -all"), "/32"));
    }

    @Test
    void aLookupShowsTheNarrowestRoute() {
        String text = Typed.run(routes, "routes -lookup=192.168.11.9 -verbose");
        assertEquals("T 192.168.11.0/24 ipsec_hq_to_branch 90 1500", Typed.line(text, "192.168.11.0"));
        assertFalse(text.contains("0.0.0.0/0"));
        String none = Typed.run(routes, "routes -lookup=2001:db8::1");
        assertTrue(none.contains("No route in table main leads to 2001:db8::1") && none.contains("no_route"), none);
    }

    @Test
    void whatIsMissingIsSaid() {
        assertEquals("there is no routing table 'man'; there are main, guests", Typed.failure(routes, "routes man"));
        assertTrue(Typed.failure(routes, "routes -lookup=here").contains("'here' is not an IP address"));
        assertTrue(Typed.run(of(List.of()), "routes").contains("has no routes."));
        assertTrue(Typed.run(routes, "routes guests").contains("-all shows them"));
    }

    @Test
    void aLongTableIsCutShort() {
        List<Route> many = new ArrayList<>(IntStream.range(0, 5000)
                .mapToObj(i ->
                        new Route(IpNetwork.host(IpAddress.v4(0x0a00_0000 + i)), WAN, null, 100, Route.Origin.STATIC))
                .toList());
        String text = Typed.run(of(many), "routes");
        assertTrue(text.contains("10.0.0.19/32") && !text.contains("10.0.0.20/32"), text);
        assertTrue(text.contains("(4980 more: -num=all shows all)"), text);
        assertTrue(Typed.run(of(many), "routes -num=all").contains("10.0.19.135/32"));
    }
}
