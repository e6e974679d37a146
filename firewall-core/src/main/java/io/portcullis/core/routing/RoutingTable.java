package io.portcullis.core.routing;

import io.portcullis.core.iface.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A named table of routes: the narrowest network wins, then the lowest metric, then the earlier in the list. Routes
 * that are out of order are there, and lead nowhere. Immutable; look-ups allocate nothing.
 */
public final class RoutingTable {
    private final String name;
    private final List<Route> routes;
    private final Ordering ordering;
    private final Set<Long> outOfOrder;
    private final PrefixIndex v4;
    private final PrefixIndex v6;

    public RoutingTable(String name, List<Route> routes) {
        this(name, routes, Ordering.ONLY);
    }

    /** @param ordering how it stands to main, for packets that a routing rule sends here */
    public RoutingTable(String name, List<Route> routes, Ordering ordering) {
        this(name, routes, ordering, Set.of());
    }

    private RoutingTable(String name, List<Route> routes, Ordering ordering, Set<Long> outOfOrder) {
        this.name = name;
        this.ordering = ordering;
        this.routes = List.copyOf(routes);
        this.outOfOrder = Set.copyOf(outOfOrder);
        List<Route> good =
                this.routes.stream().filter(route -> !isOutOfOrder(route)).toList();
        v4 = PrefixIndex.of(
                good.stream().filter(route -> route.network().isV4()).toList());
        v6 = PrefixIndex.of(
                good.stream().filter(route -> !route.network().isV4()).toList());
    }

    public String name() {
        return name;
    }

    /** How it stands to main. */
    public Ordering ordering() {
        return ordering;
    }

    /** All routes, in the order given. */
    public List<Route> routes() {
        return routes;
    }

    /** A table that has these routes too. */
    public RoutingTable with(List<Route> more) {
        List<Route> all = new ArrayList<>(routes);
        all.addAll(more);
        return new RoutingTable(name, all, ordering, outOfOrder);
    }

    /** The same table, in which just the routes that were typed as these objects are out of order. */
    RoutingTable withOutOfOrder(Set<Long> objects) {
        return routes.stream().allMatch(route -> objects.contains(route.object()) == isOutOfOrder(route))
                ? this
                : new RoutingTable(name, routes, ordering, objects);
    }

    /** Whether a route of this table leads nowhere at present. */
    public boolean isOutOfOrder(Route route) {
        return outOfOrder.contains(route.object());
    }

    /** The route that a packet to this address takes, or null. */
    public @Nullable Route lookup(long high, long low) {
        return of(high, low).best(high, low);
    }

    /**
     * The route by which this address is reached through this interface, or null. Only routes to the narrowest network
     * count, with any metric: the second of two default routes is as good a sign as the first.
     */
    public @Nullable Route lookup(long high, long low, NetworkInterface through) {
        return of(high, low).best(high, low, through);
    }

    private PrefixIndex of(long high, long low) {
        return high == 0 && (low >>> 32) == 0xffffL ? v4 : v6;
    }
}
