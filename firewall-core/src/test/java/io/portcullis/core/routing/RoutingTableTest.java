package io.portcullis.core.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
    static final NetworkInterface LAN = new Named("lan", 1);
    static final NetworkInterface WAN = new Named("wan", 2);
    private static final NetworkInterface CORE = new Named("core", 0);

    private record Named(String name, int index) implements NetworkInterface {
        @Override
        public int mtu() {
            return 1500;
        }

        @Override
        public InterfaceCounters counters() {
            throw new UnsupportedOperationException();
        }

        @Override
        public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void flush(PacketWorker worker, long now) {}
    }

    private static Route route(String network, NetworkInterface iface, int metric) {
        return new Route(IpNetwork.literal(network), iface, null, metric, Route.Origin.STATIC);
    }

    private static @Nullable Route lookup(RoutingTable table, String address) {
        IpAddress at = IpAddress.literal(address);
        return table.lookup(at.high(), at.low());
    }

    @Test
    void theNarrowestNetworkWinsThenTheLowestMetric() {
        Route wide = route("10.0.0.0/8", WAN, 1);
        Route narrow = route("10.1.0.0/16", LAN, 100);
        Route better = route("10.1.0.0/16", WAN, 90);
        Route any = route("0.0.0.0/0", WAN, 100);
        Route own = Route.own(IpAddress.literal("10.1.0.1"), CORE);
        RoutingTable table = new RoutingTable("main", List.of(wide, narrow, better, any, own));
        assertSame(wide, lookup(table, "10.0.255.255"));
        assertSame(better, lookup(table, "10.1.0.0"));
        assertSame(own, lookup(table, "10.1.0.1"));
        assertSame(better, lookup(table, "10.1.255.255"));
        assertSame(wide, lookup(table, "10.2.0.0"));
        assertSame(any, lookup(table, "255.255.255.255"));
        assertNull(lookup(table, "2001:db8::1"), "a route of one family never carries the other");
    }

    @Test
    void anIpv6DefaultRouteDoesNotCarryIpv4() {
        RoutingTable table = new RoutingTable("main", List.of(route("::/0", WAN, 100)));
        assertNull(lookup(table, "192.0.2.1"));
        assertEquals(WAN, Objects.requireNonNull(lookup(table, "ffff:ffff::")).iface());
    }

    @Test
    void theReverseRouteMayBeTheSecondBestButNotAWiderOne() {
        RoutingTable table = new RoutingTable(
                "main",
                List.of(route("0.0.0.0/0", WAN, 100), route("0.0.0.0/0", LAN, 200), route("10.0.0.0/8", LAN, 100)));
        IpAddress outside = IpAddress.literal("192.0.2.1");
        IpAddress inside = IpAddress.literal("10.1.1.1");
        assertEquals(
                200,
                Objects.requireNonNull(table.lookup(outside.high(), outside.low(), LAN))
                        .metric());
        assertNull(table.lookup(inside.high(), inside.low(), WAN), "an inside address outside is spoofed");
    }

    @Test
    void aRouteThatIsOutOfOrderLeadsNowhereUntilItIsNot() {
        IpNetwork everywhere = IpNetwork.literal("0.0.0.0/0");
        Route first = new Route(everywhere, WAN, null, 10, Route.Origin.STATIC, 7);
        Route second = new Route(everywhere, LAN, null, 20, Route.Origin.STATIC, 8);
        RoutingTables both = new RoutingTables(List.of(new RoutingTable("main", List.of(first, second))));
        IpAddress outside = IpAddress.literal("192.0.2.1");
        RoutingTables fallen = both.withOutOfOrder(Set.of(7L));
        assertSame(second, fallen.lookup(outside.high(), outside.low()));
        assertNull(fallen.main().lookup(outside.high(), outside.low(), WAN), "nor does it let anybody in");
        assertEquals(List.of(first, second), fallen.main().routes());
        assertTrue(fallen.main().isOutOfOrder(first));
        assertFalse(fallen.main().isOutOfOrder(second));
        RoutingTables again = fallen.withOutOfOrder(Set.of());
        assertSame(first, again.lookup(outside.high(), outside.low()));
        assertSame(again.main(), again.withOutOfOrder(Set.of(9L)).main(), "nothing to do");
    }

    @Test
    void findsWhatAPlainSearchFinds() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            List<Route> routes = new ArrayList<>();
            for (int i = random.nextInt(60); i > 0; i--) {
                IpAddress address = near(random);
                int bits = address.isV4() ? random.nextInt(33) : random.nextInt(129);
                routes.add(
                        new Route(IpNetwork.around(address, bits), LAN, null, random.nextInt(3), Route.Origin.STATIC));
            }
            RoutingTable table = new RoutingTable("main", routes);
            for (int i = 0; i < 2000; i++) {
                IpAddress address = near(random);
                assertSame(
                        plain(routes, address),
                        table.lookup(address.high(), address.low()),
                        "seed " + seed + ": " + address);
            }
        }
    }

    /** Few different octets, so that networks nest and addresses hit their edges. */
    private static IpAddress near(Random random) {
        byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
        byte[] some = {0, 1, (byte) 0x7f, (byte) 0x80, (byte) 0xff};
        for (int i = 0; i < octets.length; i++) {
            octets[i] = some[random.nextInt(some.length)];
        }
        return IpAddress.of(octets);
    }

    private static @Nullable Route plain(List<Route> routes, IpAddress address) {
        Route best = null;
        for (Route route : routes) {
            if (!route.network().contains(address)) {
                continue;
            }
            int length = route.network().prefixLength();
            if (best == null
                    || length > best.network().prefixLength()
                    || (length == best.network().prefixLength() && route.metric() < best.metric())) {
                best = route;
            }
        }
        return best;
    }
}
