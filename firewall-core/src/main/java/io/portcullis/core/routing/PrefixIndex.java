package io.portcullis.core.routing;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.KeyIntervals;
import io.portcullis.core.net.KeyTrie;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Longest prefix match over the networks of one family. A {@link KeyTrie} leads from an address to the first route of
 * its narrowest network; the others to that network lie behind it. Immutable.
 */
final class PrefixIndex {
    private static final Comparator<Route> OUTER_FIRST = Comparator.<Route, IpAddress>comparing(
                    route -> route.network().address())
            .thenComparingInt(route -> route.network().prefixLength())
            .thenComparingInt(Route::metric);

    private final KeyTrie trie;
    /**
     * By network, then by metric. Before them is nothing, for addresses in no network; behind them nothing, as an end.
     */
    private final @Nullable Route[] routes;

    private PrefixIndex(KeyTrie trie, @Nullable Route[] routes) {
        this.trie = trie;
        this.routes = routes;
    }

    /** @param routes all of one family, any order; the earlier wins among equals */
    static PrefixIndex of(List<Route> routes) {
        Route[] sorted = sorted(routes.toArray(Route[]::new));
        @Nullable Route[] placed = new Route[sorted.length + 2];
        PrefixIntervals intervals = new PrefixIntervals(sorted.length);
        for (int i = 0; i < sorted.length; i++) {
            placed[i + 1] = sorted[i];
            if (i == 0 || !sorted[i].network().equals(sorted[i - 1].network())) {
                intervals.enter(sorted[i].network(), i + 1);
            }
        }
        return new PrefixIndex(new KeyTrie(intervals.close()), placed);
    }

    /** Sorts by as many first bits as fit beside a number into one long, and the few that share these by the rest. */
    private static Route[] sorted(Route[] routes) {
        long number = (1L << (Integer.SIZE - Integer.numberOfLeadingZeros(routes.length))) - 1;
        long[] keys = new long[routes.length];
        for (int i = 0; i < keys.length; i++) {
            IpAddress address = routes[i].network().address();
            long key = KeyIntervals.keyHigh(address.high(), address.low());
            keys[i] = ((key & ~number) | i) ^ Long.MIN_VALUE;
        }
        Arrays.sort(keys);
        Route[] sorted = new Route[routes.length];
        int from = 0;
        for (int i = 0; i < keys.length; i++) {
            sorted[i] = routes[(int) (keys[i] & number)];
            if (i + 1 == keys.length || (keys[i] & ~number) != (keys[i + 1] & ~number)) {
                Arrays.sort(sorted, from, i + 1, OUTER_FIRST);
                from = i + 1;
            }
        }
        return sorted;
    }

    /** The route of the lowest metric to the longest matching network; null when nothing matches. */
    @Nullable
    Route best(long high, long low) {
        return routes[find(high, low)];
    }

    /** The best of the routes to the longest matching network that lead through this interface, or null. */
    @Nullable
    Route best(long high, long low, NetworkInterface through) {
        int at = find(high, low);
        Route first = routes[at];
        if (first == null) {
            return null;
        }
        for (Route route = first; route != null && route.network().equals(first.network()); route = routes[++at]) {
            if (route.iface().index() == through.index()) {
                return route;
            }
        }
        return null;
    }

    private int find(long high, long low) {
        return trie.find(KeyIntervals.keyHigh(high, low), KeyIntervals.keyLow(high, low));
    }

    /** Octets that look-ups walk through. */
    long size() {
        return trie.size();
    }
}
