package io.portcullis.ipsec.gate;

import io.portcullis.core.net.IpAddress;

/** Where the worker leaves datagrams for IKE: a bounded queue that never blocks. */
@FunctionalInterface
public interface IkeInbox {
    /**
     * A datagram to port 500 or 4500 of an own address; on 4500 it starts with the non-ESP marker. On the worker.
     *
     * @param ingress name of the interface that it came in by
     * @param payload a copy, the receiver's own
     * @return false when IKE does not keep up and the datagram is dropped
     */
    boolean received(IpAddress local, int localPort, IpAddress remote, int remotePort, String ingress, byte[] payload);
}
