package io.portcullis.core.routing;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Longest prefix match over the networks of one family: nested networks are flattened into disjoint intervals, and the
 * look-up is one binary search over their first addresses. Immutable.
 */
final class PrefixIndex {
    private final long[] startHigh;
    private final long[] startLow;
    private final Route[] @Nullable [] best;

    private PrefixIndex(List<IpAddress> starts, List<Route @Nullable []> groups) {
        startHigh = starts.stream().mapToLong(IpAddress::high).toArray();
        startLow = starts.stream().mapToLong(IpAddress::low).toArray();
        best = groups.toArray(Route[][]::new);
    }

    /** @param routes all of one family, any order */
    static PrefixIndex of(List<Route> routes) {
        List<IpNetwork> networks = routes.stream()
                .map(Route::network)
                .distinct()
                // An outer network sorts before what lies in it.
                .sorted(Comparator.comparing(IpNetwork::address).thenComparingInt(IpNetwork::prefixLength))
                .toList();
        Sweep sweep = new Sweep(routes);
        networks.forEach(sweep::enter);
        sweep.leaveAll();
        return new PrefixIndex(sweep.starts, sweep.groups);
    }

    /** Routes to the longest matching network, lowest metric first; null when nothing matches. */
    Route @Nullable [] find(long high, long low) {
        int from = 0;
        int to = startHigh.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            if (isAtOrAfter(high, low, middle)) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return to < 0 ? null : best[to];
    }

    private boolean isAtOrAfter(long high, long low, int index) {
        int byHigh = Long.compareUnsigned(high, startHigh[index]);
        return byHigh > 0 || (byHigh == 0 && Long.compareUnsigned(low, startLow[index]) >= 0);
    }

    /** Walks the networks from the lowest address up and notes where the innermost network changes. */
    private static final class Sweep {
        private final List<Route> routes;
        private final List<IpAddress> starts = new ArrayList<>();
        private final List<Route @Nullable []> groups = new ArrayList<>();
        private final Deque<IpNetwork> open = new ArrayDeque<>();

        Sweep(List<Route> routes) {
            this.routes = routes;
        }

        void enter(IpNetwork network) {
            while (!open.isEmpty() && open.getFirst().range().last().compareTo(network.address()) < 0) {
                leave();
            }
            open.push(network);
            innermostFrom(network.address());
        }

        void leaveAll() {
            while (!open.isEmpty()) {
                leave();
            }
        }

        private void leave() {
            IpRange left = open.pop().range();
            IpAddress after = left.last().next();
            // Behind the last of all addresses nothing begins.
            if (!after.equals(IpAddress.ANY_V6)) {
                innermostFrom(after);
            }
        }

        private void innermostFrom(IpAddress start) {
            if (!starts.isEmpty() && starts.getLast().equals(start)) {
                starts.removeLast();
                groups.removeLast();
            }
            starts.add(start);
            groups.add(open.isEmpty() ? null : group(open.getFirst()));
        }

        private Route[] group(IpNetwork network) {
            Route[] group = routes.stream()
                    .filter(route -> route.network().equals(network))
                    .toArray(Route[]::new);
            Arrays.sort(group, Comparator.comparingInt(Route::metric));
            return group;
        }
    }
}
