package io.portcullis.rules.classifier;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import java.util.List;

/** An address set as sorted bounds in arrays: one binary search, nothing followed. */
public final class AddressMatcher {
    private final Bounds v4;
    private final Bounds v6;
    private final AddressSet set;

    public AddressMatcher(AddressSet set) {
        this.set = set;
        v4 = new Bounds(
                set.ranges().stream().filter(range -> range.first().isV4()).toList());
        v6 = new Bounds(
                set.ranges().stream().filter(range -> !range.first().isV4()).toList());
    }

    /** Whether the address is in the set. An IPv6 range never holds an IPv4 address. */
    public boolean contains(long high, long low) {
        return (IpAddress.isV4(high, low) ? v4 : v6).contain(high, low);
    }

    AddressSet set() {
        return set;
    }

    /** The ranges of one family. */
    private static final class Bounds {
        private final long[] firstHigh;
        private final long[] firstLow;
        private final long[] lastHigh;
        private final long[] lastLow;

        Bounds(List<IpRange> ranges) {
            firstHigh = ranges.stream().mapToLong(range -> range.first().high()).toArray();
            firstLow = ranges.stream().mapToLong(range -> range.first().low()).toArray();
            lastHigh = ranges.stream().mapToLong(range -> range.last().high()).toArray();
            lastLow = ranges.stream().mapToLong(range -> range.last().low()).toArray();
        }

        boolean contain(long high, long low) {
            int from = 0;
            int to = firstHigh.length - 1;
            while (from <= to) {
                int middle = (from + to) >>> 1;
                if (compare(high, low, firstHigh[middle], firstLow[middle]) < 0) {
                    to = middle - 1;
                } else if (compare(high, low, lastHigh[middle], lastLow[middle]) > 0) {
                    from = middle + 1;
                } else {
                    return true;
                }
            }
            return false;
        }

        private static int compare(long high, long low, long otherHigh, long otherLow) {
            int byHigh = Long.compareUnsigned(high, otherHigh);
            return byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
        }
    }
}
