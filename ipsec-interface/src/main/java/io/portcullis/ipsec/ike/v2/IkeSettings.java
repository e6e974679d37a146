package io.portcullis.ipsec.ike.v2;

import java.time.Duration;

/**
 * What is the same for every IKE SA.
 *
 * @param firstRetransmission wait before the first repetition of a request; each further wait is twice as long
 * @param tries how often a request is sent in all before the peer counts as silent
 * @param halfOpenLife how long a peer may take from IKE_SA_INIT to an accepted IKE_AUTH
 * @param cookieThreshold half-open SAs from which on IKE_SA_INIT is answered with a cookie (RFC 7296 section 2.6)
 * @param mostHalfOpen half-open SAs that are kept at all
 * @param mostChildren IPsec SA pairs under one IKE SA; more are refused with NO_ADDITIONAL_SAS
 * @param keepalive interval of NAT keepalives (RFC 3948 section 4)
 */
public record IkeSettings(
        Duration firstRetransmission,
        int tries,
        Duration halfOpenLife,
        int cookieThreshold,
        int mostHalfOpen,
        int mostChildren,
        Duration keepalive) {
    /** Requests at 0, 1, 3, 7, 15 and 31 s, silence after 63 s. */
    public static final IkeSettings DEFAULT =
            new IkeSettings(Duration.ofSeconds(1), 6, Duration.ofSeconds(30), 64, 4096, 64, Duration.ofSeconds(20));
}
