package io.portcullis.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixIndexTest {
    private static final List<NetworkInterface> INTERFACES = List.of(RoutingTableTest.LAN, RoutingTableTest.WAN);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsTheGroupThatAPlainScanFinds(boolean v4) {
        for (long seed = 1; seed <= 150; seed++) {
            Random random = new Random(seed);
            List<Route> routes = nested(random, v4);
            PrefixIndex index = PrefixIndex.of(routes);
            for (IpAddress address : probes(random, routes, v4)) {
                String what = "seed " + seed + ": " + address + " in " + routes;
                List<Route> expected = plain(routes, address);
                assertSame(first(expected), index.best(address.high(), address.low()), what);
                for (NetworkInterface through : INTERFACES) {
                    List<Route> there = expected.stream()
                            .filter(route -> route.iface().equals(through))
                            .toList();
                    assertSame(first(there), index.best(address.high(), address.low(), through), what);
                }
            }
        }
    }

    @Test
    void everyLengthOfPrefixIsToldFromItsNeighbours() {
        for (boolean v4 : new boolean[] {true, false}) {
            IpAddress anchor = IpAddress.literal(v4 ? "170.85.204.51" : "aa55:cc33:f00f:1234:5678:9abc:def0:aa55");
            List<Route> routes = new ArrayList<>();
            for (int bits = 0; bits <= anchor.bits(); bits++) {
                routes.add(route(IpNetwork.around(anchor, bits), 0));
            }
            PrefixIndex index = PrefixIndex.of(routes);
            for (int bits = 0; bits <= anchor.bits(); bits++) {
                // The address that differs from the anchor in the bit behind the prefix, and only there.
                IpAddress address = bits == anchor.bits() ? anchor : flipped(anchor, bits);
                assertSame(routes.get(bits), index.best(address.high(), address.low()));
            }
        }
    }

    @Test
    void anEmptyTableHasOneCellAndAFirewallsOwnAFewHundredOctets() {
        assertNull(PrefixIndex.of(List.of()).best(0, 0xffff_0a00_0001L));
        assertEquals(Integer.BYTES, PrefixIndex.of(List.of()).size());
        List<Route> few = List.of(
                route(IpNetwork.ALL_V4, 100),
                route(IpNetwork.literal("192.168.1.0/24"), 100),
                route(IpNetwork.literal("192.168.1.1/32"), 0),
                route(IpNetwork.literal("203.0.113.0/24"), 100),
                route(IpNetwork.literal("203.0.113.7/32"), 0));
        long size = PrefixIndex.of(few).size();
        assertTrue(size < 1024, size + " octets");
    }

    @Test
    void manyRoutesTakeNoMoreThanAHundredOctetsEach() {
        Random random = new Random(7);
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            IpAddress client = new IpAddress(0x2001_0db8_0000_0000L | random.nextInt(), random.nextLong());
            routes.add(route(IpNetwork.host(client), 100));
        }
        long size = PrefixIndex.of(routes).size();
        assertTrue(size < 100 * 20_000, size + " octets for host routes, the worst there are");
    }

    private static List<Route> nested(Random random, boolean v4) {
        List<Route> routes = new ArrayList<>();
        int wanted = 1 + random.nextInt(random.nextBoolean() ? 8 : 120);
        while (routes.size() < wanted) {
            IpAddress within = routes.isEmpty() || random.nextInt(3) == 0
                    ? any(random, v4)
                    : inside(random, routes.get(random.nextInt(routes.size())).network());
            int bits = random.nextInt(6) == 0 ? random.nextInt(2) * within.bits() : random.nextInt(within.bits() + 1);
            routes.add(route(random, IpNetwork.around(within, bits)));
            if (random.nextInt(4) == 0) {
                // The same network again, with another metric or the same.
                routes.add(route(random, routes.getLast().network()));
            }
        }
        return routes;
    }

    private static List<IpAddress> probes(Random random, List<Route> routes, boolean v4) {
        List<IpAddress> probes = new ArrayList<>();
        for (Route route : routes) {
            IpRange range = route.network().range();
            IpAddress behind = range.last().next();
            probes.addAll(List.of(range.first(), range.last(), inside(random, route.network())));
            if (behind.isV4() == v4) {
                probes.add(behind);
            }
            probes.add(any(random, v4));
        }
        return probes;
    }

    private static IpAddress any(Random random, boolean v4) {
        return v4 ? IpAddress.v4(random.nextInt()) : new IpAddress(random.nextLong() | 1L << 61, random.nextLong());
    }

    private static IpAddress inside(Random random, IpNetwork network) {
        IpRange range = network.range();
        long high = range.first().high() ^ range.last().high();
        long low = range.first().low() ^ range.last().low();
        return new IpAddress(
                range.first().high() | (high & random.nextLong()), range.first().low() | (low & random.nextLong()));
    }

    private static IpAddress flipped(IpAddress address, int bit) {
        int fromEnd = address.bits() - 1 - bit;
        return fromEnd < 64
                ? new IpAddress(address.high(), address.low() ^ 1L << fromEnd)
                : new IpAddress(address.high() ^ 1L << (fromEnd - 64), address.low());
    }

    private static @Nullable Route first(List<Route> routes) {
        return routes.isEmpty() ? null : routes.getFirst();
    }

    private static Route route(Random random, IpNetwork network) {
        NetworkInterface iface = INTERFACES.get(random.nextInt(INTERFACES.size()));
        return new Route(network, iface, null, random.nextInt(3), Route.Origin.STATIC);
    }

    private static Route route(IpNetwork network, int metric) {
        return new Route(network, RoutingTableTest.LAN, null, metric, Route.Origin.STATIC);
    }

    /** All routes to the longest network that holds the address, by metric, then in their order. */
    private static List<Route> plain(List<Route> routes, IpAddress address) {
        @Nullable
        IpNetwork longest = routes.stream()
                .map(Route::network)
                .filter(network -> network.contains(address))
                .max(Comparator.comparingInt(IpNetwork::prefixLength))
                .orElse(null);
        return routes.stream()
                .filter(route -> route.network().equals(longest))
                .sorted(Comparator.comparingInt(Route::metric))
                .toList();
    }
}
