package io.portcullis.ipsec.ike;

import io.portcullis.core.net.IpAddress;

/** Sends IKE datagrams. Must not block; what cannot be sent is lost, as in any network. */
@FunctionalInterface
public interface IkeTransport {
    /**
     * Sends one UDP datagram.
     *
     * @param payload all of it: on port 4500 the non-ESP marker is in front already
     */
    void send(IpAddress local, int localPort, IpAddress remote, int remotePort, byte[] payload);
}
