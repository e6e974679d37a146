package io.portcullis.rules.classifier;

import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import java.util.List;

/** An address set as sorted bounds in one array: one binary search, nothing followed. */
public final class AddressMatcher {
    /** Of a range: upper and lower half of its first address, then of its last. */
    private static final int RANGE = 4;

    private final AddressSet set;
    private final long[] bounds;
    /** How many of the ranges are IPv4; they stand first. */
    private final int v4;

    public AddressMatcher(AddressSet set) {
        this.set = set;
        List<IpRange> ranges = set.ranges();
        bounds = new long[RANGE * ranges.size()];
        int ofV4 = 0;
        for (int i = 0; i < ranges.size(); i++) {
            IpRange range = ranges.get(i);
            bounds[RANGE * i] = range.first().high();
            bounds[RANGE * i + 1] = range.first().low();
            bounds[RANGE * i + 2] = range.last().high();
            bounds[RANGE * i + 3] = range.last().low();
            ofV4 += range.first().isV4() ? 1 : 0;
        }
        v4 = ofV4;
    }

    /** Whether the address is in the set. An IPv6 range never holds an IPv4 address. */
    public boolean contains(long high, long low) {
        boolean isV4 = IpAddress.isV4(high, low);
        int from = isV4 ? 0 : v4;
        int to = (isV4 ? v4 : bounds.length / RANGE) - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int at = RANGE * middle;
            if (compare(high, low, bounds[at], bounds[at + 1]) < 0) {
                to = middle - 1;
            } else if (compare(high, low, bounds[at + 2], bounds[at + 3]) > 0) {
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

    AddressSet set() {
        return set;
    }
}
