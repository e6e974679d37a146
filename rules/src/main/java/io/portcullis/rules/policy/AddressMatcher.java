package io.portcullis.rules.policy;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpRange;
import java.util.List;

/** An address set as sorted bounds in arrays: one binary search, nothing followed. */
public final class AddressMatcher {
    private final long[] firstHigh;
    private final long[] firstLow;
    private final long[] lastHigh;
    private final long[] lastLow;

    public AddressMatcher(AddressSet set) {
        List<IpRange> ranges = set.ranges();
        firstHigh = ranges.stream().mapToLong(range -> range.first().high()).toArray();
        firstLow = ranges.stream().mapToLong(range -> range.first().low()).toArray();
        lastHigh = ranges.stream().mapToLong(range -> range.last().high()).toArray();
        lastLow = ranges.stream().mapToLong(range -> range.last().low()).toArray();
    }

    /** Whether the address is in the set. An IPv6 range never holds an IPv4 address. */
    public boolean contains(long high, long low) {
        // IPv4 addresses lie inside ::/0, so the range that holds one may begin before another family's.
        boolean v4 = isV4(high, low);
        int from = 0;
        int to = firstHigh.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            if (compare(high, low, firstHigh[middle], firstLow[middle]) >= 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        // Ranges of one family are disjoint: of those that begin before, only the last of its family can hold it.
        for (int at = to; at >= 0; at--) {
            if (isV4(firstHigh[at], firstLow[at]) == v4) {
                return compare(high, low, lastHigh[at], lastLow[at]) <= 0;
            }
        }
        return false;
    }

    private static boolean isV4(long high, long low) {
        return high == 0 && (low >>> 32) == 0xffffL;
    }

    private static int compare(long high, long low, long otherHigh, long otherLow) {
        int byHigh = Long.compareUnsigned(high, otherHigh);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
    }
}
