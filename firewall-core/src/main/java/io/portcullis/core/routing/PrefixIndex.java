package io.portcullis.core.routing;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
        Map<IpNetwork, List<Route>> byNetwork = routes.stream().collect(Collectors.groupingBy(Route::network));
        Sweep sweep = new Sweep();
        byNetwork.entrySet().stream()
                // An outer network comes before what lies in it.
                .sorted(Map.Entry.comparingByKey(
                        Comparator.comparing(IpNetwork::address).thenComparingInt(IpNetwork::prefixLength)))
                .map(entry -> new Nested(entry.getKey().range().last(), byMetric(entry.getValue())))
                .forEach(sweep::enter);
        sweep.leaveAll();
        return new PrefixIndex(sweep.starts, sweep.groups);
    }

    private static Route[] byMetric(List<Route> routes) {
        return routes.stream().sorted(Comparator.comparingInt(Route::metric)).toArray(Route[]::new);
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

    /** A network's last address, and the routes to it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Nested(IpAddress last, Route[] routes) {
        IpAddress first() {
            return routes[0].network().address();
        }
    }

    /** Walks the networks from the lowest address up and notes where the innermost network changes. */
    private static final class Sweep {
        private final List<IpAddress> starts = new ArrayList<>();
        private final List<Route @Nullable []> groups = new ArrayList<>();
        private final Deque<Nested> open = new ArrayDeque<>();

        void enter(Nested network) {
            while (!open.isEmpty() && open.getFirst().last().compareTo(network.first()) < 0) {
                leave();
            }
            open.push(network);
            innermostFrom(network.first());
        }

        void leaveAll() {
            while (!open.isEmpty()) {
                leave();
            }
        }

        private void leave() {
            IpAddress after = open.pop().last().next();
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
            groups.add(open.isEmpty() ? null : open.getFirst().routes());
        }
    }
}
