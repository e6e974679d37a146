package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.wire.Octets;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import java.util.List;

/**
 * What IKE_AUTH needs of IKE_SA_INIT.
 *
 * @param request the whole IKE_SA_INIT request, which AUTH covers
 * @param answer the whole IKE_SA_INIT response
 * @param candidates as responder, the tunnels that the peer may mean; as initiator the one we set up
 */
record Handshake(Octets request, Octets answer, Octets ni, Octets nr, List<TunnelDefinition> candidates) {
    /** Lengths only; what it holds is long and of no use to people. */
    @Override
    public String toString() {
        return "Handshake[" + request.size() + "+" + answer.size() + " octets]";
    }
}
