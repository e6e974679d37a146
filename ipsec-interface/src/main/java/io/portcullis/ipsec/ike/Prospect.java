package io.portcullis.ipsec.ike;

import io.portcullis.ipsec.ike.v2.Endpoints;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.Optional;

/**
 * What a packet that wants an SA of a tunnel brings about.
 *
 * @param path from where to where messages go, where they do
 */
public record Prospect(Kind kind, TunnelDefinition tunnel, Optional<Endpoints> path) {
    /** What it is. */
    public enum Kind {
        /** An attempt has just failed: such packets are dropped for some seconds. */
        PAUSED,
        /** There is an SA already, whose selectors leave the packet out. */
        UP,
        /** An IKE SA is being opened. */
        UNDER_WAY,
        /** The IKE SA that stands gets another pair: CREATE_CHILD_SA. */
        CHILD,
        /** An IKE SA is opened: IKE_SA_INIT. */
        INITIATE,
        /** As many tunnels are open as MaxVPNTunnels allows. */
        FULL,
        /** No RemoteEndpoint is one address, so the peer must begin. */
        ONLY_RESPONDS,
        /** No own address leads to the peer. */
        NO_ADDRESS
    }
}
