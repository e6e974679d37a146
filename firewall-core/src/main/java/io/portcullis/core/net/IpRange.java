package io.portcullis.core.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run of addresses of one family, both ends included.
 *
 * @param first lowest address
 * @param last highest address, not below {@code first}
 */
public record IpRange(IpAddress first, IpAddress last) {
    // IPv6 addresses around those that stand for IPv4, which are never the end of an IPv6 range.
    private static final IpAddress BEFORE_V4 = new IpAddress(0, 0xfffe_ffff_ffffL);
    private static final IpAddress AFTER_V4 = new IpAddress(0, 0x1_0000_0000_0000L);

    /** @throws IllegalArgumentException when the ends differ in family or order */
    public IpRange {
        if (first.isV4() != last.isV4() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException(first + "-" + last + " is not a range");
        }
    }

    public static IpRange of(IpAddress address) {
        return new IpRange(address, address);
    }

    public boolean contains(IpAddress address) {
        return address.isV4() == first.isV4() && first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    public boolean contains(IpRange other) {
        return contains(other.first) && contains(other.last);
    }

    /** What both ranges have, if anything. */
    public Optional<IpRange> intersect(IpRange other) {
        if (first.isV4() != other.first.isV4()) {
            return Optional.empty();
        }
        IpAddress low = first.compareTo(other.first) >= 0 ? first : other.first;
        IpAddress high = last.compareTo(other.last) <= 0 ? last : other.last;
        return low.compareTo(high) <= 0 ? Optional.of(new IpRange(low, high)) : Optional.empty();
    }

    /** What this range has and the other one has not: none, one or two ranges. */
    List<IpRange> minus(IpRange other) {
        Optional<IpRange> hole = intersect(other);
        if (hole.isEmpty()) {
            return List.of(this);
        }
        List<IpRange> left = new ArrayList<>();
        if (!hole.get().first.equals(first)) {
            IpAddress before = hole.get().first.previous();
            left.add(new IpRange(first, before.isV4() == first.isV4() ? before : BEFORE_V4));
        }
        if (!hole.get().last.equals(last)) {
            IpAddress after = hole.get().last.next();
            left.add(new IpRange(after.isV4() == last.isV4() ? after : AFTER_V4, last));
        }
        return left;
    }

    /** The network that is exactly this range, if there is one. */
    public Optional<IpNetwork> asNetwork() {
        for (int prefix = 0; prefix <= first.bits(); prefix++) {
            IpNetwork network = IpNetwork.around(first, prefix);
            if (network.address().equals(first) && network.range().equals(this)) {
                return Optional.of(network);
            }
        }
        return Optional.empty();
    }

    /** Prefix notation where the range is a network, the address where it is one, else {@code first-last}. */
    @Override
    public String toString() {
        if (first.equals(last)) {
            return first.toString();
        }
        return asNetwork().map(IpNetwork::toString).orElseGet(() -> first + "-" + last);
    }
}
