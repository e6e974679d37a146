package io.portcullis.core.net;

import java.util.Optional;

/**
 * A run of addresses of one family, both ends included.
 *
 * @param first lowest address
 * @param last highest address, not below {@code first}
 */
public record IpRange(IpAddress first, IpAddress last) {
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
