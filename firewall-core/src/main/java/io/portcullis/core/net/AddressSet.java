package io.portcullis.core.net;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A set of addresses as sorted, disjoint ranges; what an address expression of the configuration comes down to.
 *
 * @param ranges IPv4 before IPv6, each sorted by first address, not touching each other; made so by {@link #of}
 */
public record AddressSet(List<IpRange> ranges) {
    public static final AddressSet EMPTY = new AddressSet(List.of());
    public static final AddressSet ALL_V4 = of(List.of(IpNetwork.ALL_V4.range()));
    public static final AddressSet ALL_V6 = of(List.of(IpNetwork.ALL_V6.range()));

    /** The union of these ranges. */
    public static AddressSet of(List<IpRange> ranges) {
        List<IpRange> sorted = new ArrayList<>(ranges);
        sorted.sort(
                Comparator.comparing((IpRange range) -> !range.first().isV4()).thenComparing(IpRange::first));
        List<IpRange> merged = new ArrayList<>();
        for (IpRange next : sorted) {
            if (merged.isEmpty() || !touch(merged.getLast(), next)) {
                merged.add(next);
            } else {
                IpRange before = merged.removeLast();
                IpAddress last = before.last().compareTo(next.last()) >= 0 ? before.last() : next.last();
                merged.add(new IpRange(before.first(), last));
            }
        }
        return new AddressSet(List.copyOf(merged));
    }

    public static AddressSet of(IpNetwork network) {
        return new AddressSet(List.of(network.range()));
    }

    public static AddressSet of(IpAddress address) {
        return new AddressSet(List.of(IpRange.of(address)));
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Whether the address is in the set; binary search, no allocation. */
    public boolean contains(long high, long low) {
        int from = 0;
        int to = ranges.size() - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            IpRange range = ranges.get(middle);
            if (compare(high, low, range.first()) < 0) {
                to = middle - 1;
            } else if (compare(high, low, range.last()) > 0) {
                from = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    public boolean contains(IpAddress address) {
        return contains(address.high(), address.low());
    }

    /** The addresses of this set that are not in the other one. */
    public AddressSet minus(AddressSet other) {
        List<IpRange> left = new ArrayList<>();
        int next = 0;
        for (IpRange range : ranges) {
            while (next < other.ranges.size() && isBefore(other.ranges.get(next), range)) {
                next++;
            }
            List<IpRange> pieces = List.of(range);
            for (int i = next; i < other.ranges.size() && !pieces.isEmpty(); i++) {
                IpRange hole = other.ranges.get(i);
                if (isBefore(range, hole)) {
                    break;
                }
                // Only the last piece can reach as far as the next hole.
                left.addAll(pieces.subList(0, pieces.size() - 1));
                pieces = pieces.getLast().minus(hole);
            }
            left.addAll(pieces);
        }
        return new AddressSet(List.copyOf(left));
    }

    /** Whether all of the range stands before all of the other one, in the order of a set. */
    private static boolean isBefore(IpRange range, IpRange other) {
        return range.first().isV4() == other.first().isV4()
                ? range.last().compareTo(other.first()) < 0
                : range.first().isV4();
    }

    /** Whether every address of the other set is in this one. */
    public boolean covers(AddressSet other) {
        return other.ranges.stream().allMatch(this::covers);
    }

    /** Whether one of its addresses is in the other set. */
    public boolean overlaps(AddressSet other) {
        int at = 0;
        int with = 0;
        while (at < ranges.size() && with < other.ranges.size()) {
            IpRange mine = ranges.get(at);
            IpRange its = other.ranges.get(with);
            if (isBefore(mine, its)) {
                at++;
            } else if (isBefore(its, mine)) {
                with++;
            } else {
                return true;
            }
        }
        return false;
    }

    /** Whether both have IPv4 addresses, or both IPv6 addresses. */
    public boolean sharesFamily(AddressSet other) {
        return (hasV4() && other.hasV4()) || (hasV6() && other.hasV6());
    }

    private boolean hasV4() {
        return !ranges.isEmpty() && ranges.getFirst().first().isV4();
    }

    private boolean hasV6() {
        return !ranges.isEmpty() && !ranges.getLast().first().isV4();
    }

    private boolean covers(IpRange wanted) {
        int from = 0;
        int to = ranges.size() - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            IpRange range = ranges.get(middle);
            if (compare(wanted.first().high(), wanted.first().low(), range.first()) < 0) {
                to = middle - 1;
            } else if (compare(wanted.first().high(), wanted.first().low(), range.last()) > 0) {
                from = middle + 1;
            } else {
                // Ranges do not touch each other: what goes on behind this one is not in the set.
                return range.contains(wanted.last());
            }
        }
        return false;
    }

    private static boolean touch(IpRange before, IpRange next) {
        return before.first().isV4() == next.first().isV4()
                && (before.contains(next.first()) || before.last().next().equals(next.first()));
    }

    private static int compare(long high, long low, IpAddress with) {
        boolean v4 = IpAddress.isV4(high, low);
        if (v4 != with.isV4()) {
            return v4 ? -1 : 1;
        }
        int byHigh = Long.compareUnsigned(high, with.high());
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, with.low());
    }

    @Override
    public String toString() {
        return ranges.stream().map(IpRange::toString).collect(Collectors.joining(","));
    }
}
