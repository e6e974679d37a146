package io.portcullis.ipsec.snoop;

import io.portcullis.core.net.IpAddress;

/**
 * One end of a negotiation.
 *
 * @param iface {@code core} for this firewall, else the interface behind which the peer is
 * @param address its address
 * @param port its UDP port
 */
public record SnoopEndpoint(String iface, IpAddress address, int port) {
    /** {@code WAN:10.122.128.50:500}; an IPv6 address stands in brackets. */
    @Override
    public String toString() {
        return iface + ":" + address.withPort(port);
    }
}
