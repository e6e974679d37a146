package io.portcullis.ipsec.ike.v2;

import io.portcullis.core.net.IpAddress;

/** Where the messages of an IKE SA go from and to. */
public record Endpoints(IpAddress local, int localPort, IpAddress remote, int remotePort) {
    /** The port of IKE (RFC 7296 section 2). */
    public static final int IKE_PORT = 500;

    /** The port of IKE and ESP in UDP when there is a NAT (RFC 3948); messages carry the non-ESP marker there. */
    public static final int NAT_PORT = 4500;

    /** Both ends on port 4500, where an initiator goes that found a NAT (RFC 7296 section 2.23). */
    Endpoints onNatPort() {
        return new Endpoints(local, NAT_PORT, remote, NAT_PORT);
    }

    @Override
    public String toString() {
        return local + ":" + localPort + "-" + remote + ":" + remotePort;
    }
}
