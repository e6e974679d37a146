package io.portcullis.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.routing.NamedRoutingTable;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RouteCompiler;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.routing.StaticRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Routes of a whole configuration; here because only this module has policies and interfaces to name in tests. */
class RoutesTest {
    private final Site site = new Site();

    private RoutingTables compile(Route... more) {
        return new RouteCompiler(site.configuration, site::resolve, site.findings).compile(List.of(more));
    }

    private static String way(RoutingTables tables, String to) {
        IpAddress address = IpAddress.literal(to);
        Route route = tables.lookup(address.high(), address.low());
        return route == null ? "none" : route.iface().name() + (route.gateway() == null ? "" : " " + route.gateway());
    }

    private void route(String table, String iface, String network, String gateway) {
        Map<String, String> properties = new HashMap<>(Map.of("Interface", iface, "Network", network));
        if (!gateway.isEmpty()) {
            properties.put("Gateway", gateway);
        }
        site.configuration = site.configuration.addTo(
                NamedRoutingTable.class,
                table,
                site.configuration.types().of(StaticRoute.class).parse(properties));
    }

    @Test
    void interfacesOwnAddressesTypedRoutesAndTunnels() {
        site.add(
                "Ethernet",
                "Name",
                "isp",
                "EthernetDevice",
                "eth9",
                "IP",
                "198.51.100.2",
                "Network",
                "198.51.100.0/24",
                "DefaultGateway",
                "198.51.100.1");
        site.add("RoutingTable", "Name", "main").add("RoutingTable", "Name", "other");
        route("main", "lan", "10.1.0.0/16", "192.168.1.254");
        route("main", "dmz", "10.1.2.0-10.1.2.9", "");
        route("other", "wan", "all-nets", "203.0.113.254");
        Route tunnel = new Route(IpNetwork.literal("172.16.0.0/24"), site.iface("dmz"), null, 90, Route.Origin.TUNNEL);
        RoutingTables tables = compile(tunnel);
        assertEquals("core", way(tables, "192.168.1.1"));
        assertEquals("core", way(tables, "2001:db8:5::1"));
        assertEquals("core", way(tables, "127.0.0.1"));
        assertEquals("lan", way(tables, "192.168.1.2"));
        assertEquals("dmz", way(tables, "2001:db8:5::2"));
        assertEquals("lan 192.168.1.254", way(tables, "10.1.2.10"));
        assertEquals("dmz", way(tables, "10.1.2.9"));
        assertEquals("dmz", way(tables, "172.16.0.5"));
        assertEquals("none", way(tables, "8.8.8.8"), "an interface that does not run brings no default route");
        assertEquals(
                "wan",
                tables.table("other").orElseThrow().routes().getFirst().iface().name());
        assertEquals(List.of(), site.found());
    }

    @Test
    void withoutTheObjectMainThereIsATableMain() {
        assertEquals("lan", way(compile(), "192.168.1.2"));
    }

    @Test
    void anInterfaceThatIsNoneIsAnErrorAndOneThatDoesNotRunAWarning() {
        site.add("RoutingTable", "Name", "main");
        route("main", "nowhere", "10.0.0.0/8", "");
        route("main", "vpn", "10.0.0.0/8", "");
        compile();
        assertEquals(
                List.of(
                        "Error: RoutingTable main/Route 1, Interface: nowhere is not an interface; an interface or core"
                                + " is allowed",
                        "Warning: RoutingTable main/Route 2, Interface: vpn does not run: the route is left out"),
                site.found());
    }

    @Test
    void anySetOfAddressesIsCutIntoNetworks() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            List<IpRange> ranges = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                int first = random.nextInt(300);
                ranges.add(new IpRange(IpAddress.v4(first), IpAddress.v4(first + random.nextInt(100))));
            }
            if (random.nextInt(4) == 0) {
                ranges.add(new IpRange(IpAddress.literal("255.255.255.250"), IpAddress.literal("255.255.255.255")));
            }
            AddressSet set = AddressSet.of(ranges);
            List<IpRange> pieces =
                    RouteCompiler.networks(set).stream().map(IpNetwork::range).toList();
            assertEquals(set, AddressSet.of(pieces), "seed " + seed);
        }
        assertEquals(List.of(IpNetwork.ALL_V6), RouteCompiler.networks(AddressSet.ALL_V6));
    }

    @Test
    void ownAddressesAreAllOfThem() {
        assertEquals(
                "192.168.1.1,203.0.113.1,2001:db8:5::1",
                new RouteCompiler(site.configuration, site::resolve, site.findings)
                        .ownAddresses()
                        .toString());
        assertTrue(Configuration.empty(Site.TYPES).all(NamedRoutingTable.class).isEmpty());
    }
}
