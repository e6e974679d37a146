package io.portcullis.core.connection;

/**
 * How many connections there may be and how long they may idle, seconds (cos-facts section 1.5).
 *
 * @param connections most at once, per worker
 * @param halfOpen TCP connections that are not established, above which openers are answered in their servers' place,
 *     per worker
 * @param tcpSyn not yet established
 * @param tcp established
 * @param tcpFin after the first FIN
 * @param udp since the last packet of the opener
 * @param ping since the last query
 * @param other all other protocols
 * @param bothSidesKeepUdp whether a reply keeps a UDP connection too
 */
public record ConnectionLimits(
        int connections,
        int halfOpen,
        int tcpSyn,
        int tcp,
        int tcpFin,
        int udp,
        int ping,
        int other,
        boolean bothSidesKeepUdp) {
    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(1_000_000, 10_000, 60, 262_144, 80, 130, 8, 130, false);

    /** An equal share of the connections for each of so many workers. */
    public ConnectionLimits share(int workers) {
        int share = Math.ceilDiv(connections, workers);
        int halfOpenShare = Math.ceilDiv(halfOpen, workers);
        return new ConnectionLimits(share, halfOpenShare, tcpSyn, tcp, tcpFin, udp, ping, other, bothSidesKeepUdp);
    }
}
