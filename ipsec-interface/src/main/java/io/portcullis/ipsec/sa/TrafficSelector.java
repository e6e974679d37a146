package io.portcullis.ipsec.sa;

import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.IpRange;
import java.util.Optional;

/**
 * One traffic selector (RFC 7296 section 3.13.1): which packets an SA is for, on one side.
 *
 * @param protocol IP protocol number, 0 for any
 * @param firstPort lowest port, or ICMP type and code as RFC 4301 section 4.4.1.1 packs them; 0..65535
 * @param lastPort highest port; {@code firstPort=65535, lastPort=0} is OPAQUE
 * @param addresses the addresses
 */
public record TrafficSelector(int protocol, int firstPort, int lastPort, IpRange addresses) {
    /** Any protocol and port of a network. */
    public static TrafficSelector of(IpNetwork network) {
        return of(network.range());
    }

    /** Any protocol and port of a range. */
    public static TrafficSelector of(IpRange range) {
        return new TrafficSelector(0, 0, 65_535, range);
    }

    /** What both allow: how a responder narrows (RFC 7296 section 2.9). */
    public Optional<TrafficSelector> intersect(TrafficSelector other) {
        boolean protocolsMeet = protocol == 0 || other.protocol == 0 || protocol == other.protocol;
        int first = Math.max(firstPort, other.firstPort);
        int last = Math.min(lastPort, other.lastPort);
        if (!protocolsMeet || first > last) {
            return Optional.empty();
        }
        return addresses
                .intersect(other.addresses)
                .map(range -> new TrafficSelector(Math.max(protocol, other.protocol), first, last, range));
    }

    /** Whether everything of the other is allowed here too. */
    public boolean contains(TrafficSelector other) {
        return (protocol == 0 || protocol == other.protocol)
                && firstPort <= other.firstPort
                && other.lastPort <= lastPort
                && addresses.contains(other.addresses);
    }

    /** {@code 172.16.1.0/24}, with {@code [protocol/first-last]} behind it where it is narrower than any. */
    @Override
    public String toString() {
        boolean anyPort = firstPort == 0 && lastPort == 65_535;
        if (protocol == 0 && anyPort) {
            return addresses.toString();
        }
        String ports = anyPort ? "any" : firstPort == lastPort ? "" + firstPort : firstPort + "-" + lastPort;
        return addresses + "[" + (protocol == 0 ? "any" : "" + protocol) + "/" + ports + "]";
    }
}
