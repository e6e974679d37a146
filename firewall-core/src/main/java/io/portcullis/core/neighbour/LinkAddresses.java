package io.portcullis.core.neighbour;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of an interface on its link.
 *
 * @param mac own station address
 * @param addresses own IP addresses with the networks around them; at most one of each family
 */
public record LinkAddresses(MacAddress mac, List<OnLink> addresses) {
    /** An own address and the network around it, whose hosts are neighbours. */
    public record OnLink(IpAddress address, IpNetwork network) {
        /** @throws IllegalArgumentException when the address lies outside the network */
        public OnLink {
            if (!network.contains(address)) {
                throw new IllegalArgumentException(address + " is not in " + network);
            }
        }

        private boolean isBroadcast(IpAddress candidate) {
            return network.isV4()
                    && network.prefixLength() < 31
                    && (candidate.equals(network.range().first())
                            || candidate.equals(network.range().last()));
        }
    }

    public LinkAddresses {
        addresses = List.copyOf(addresses);
    }

    /** Own address of the family, 4 or 6, or null. */
    public @Nullable IpAddress own(int ipVersion) {
        for (int i = 0; i < addresses.size(); i++) {
            IpAddress address = addresses.get(i).address();
            if (address.isV4() == (ipVersion == 4)) {
                return address;
            }
        }
        return null;
    }

    /** The link-local address made of the station address (RFC 4291 appendix A). */
    public IpAddress linkLocal() {
        long bits = mac.bits();
        long upper = bits >>> 24 ^ 0x02_0000L;
        return new IpAddress(0xfe80L << 48, upper << 40 | 0xff_feL << 24 | (bits & 0xff_ffffL));
    }

    /** Whether neighbours may ask for this address here. */
    public boolean isOwn(long high, long low) {
        for (int i = 0; i < addresses.size(); i++) {
            IpAddress address = addresses.get(i).address();
            if (address.high() == high && address.low() == low) {
                return true;
            }
        }
        IpAddress local = high >>> 48 == 0xfe80L ? linkLocal() : null;
        return local != null && local.high() == high && local.low() == low;
    }

    /** Whether a station with this address can be a neighbour: on an own network, or link-local IPv6. */
    public boolean isNeighbour(IpAddress address) {
        if (address.isUnspecified() || address.isMulticast() || isOwn(address.high(), address.low())) {
            return false;
        }
        for (OnLink link : addresses) {
            if (link.network().contains(address)) {
                return !link.isBroadcast(address);
            }
        }
        return !address.isV4() && address.isLinkLocal() && own(6) != null;
    }

    /** Whether the IPv4 address is the broadcast address of an own network. */
    public boolean isBroadcast(IpAddress address) {
        for (OnLink link : addresses) {
            if (link.network().contains(address)) {
                return link.isBroadcast(address);
            }
        }
        return false;
    }
}
