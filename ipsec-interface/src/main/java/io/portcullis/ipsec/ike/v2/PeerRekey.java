package io.portcullis.ipsec.ike.v2;

import io.portcullis.ipsec.ike.wire.Octets;

/**
 * The peer has rekeyed this IKE SA.
 *
 * @param lowestNonce the lower one of the exchange's two nonces, which decides a collision (RFC 7296 section 2.8.2)
 */
record PeerRekey(IkeSa successor, Octets lowestNonce) {
    @Override
    public String toString() {
        return "PeerRekey[" + successor + "]";
    }
}
