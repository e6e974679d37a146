package io.portcullis.core.connection;

import io.portcullis.core.packet.IpProtocol;

/** How long which connection may be idle. */
final class IdleTimes {
    static final long SECOND = 1_000_000_000L;
    /** What is over waits only for segments that are still under way. */
    private static final long OVER = 10 * SECOND;

    private final ConnectionLimits limits;

    IdleTimes(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** When the connection ends if nothing comes, monotonic nanoseconds. */
    long deadline(Connection connection) {
        long original = connection.original().lastSeen();
        long reply = connection.reply().lastSeen();
        // Until a reply has come there is no time of one; the clock may start anywhere.
        long latest = connection.reply().packets() == 0 || original - reply > 0 ? original : reply;
        return switch (connection.protocol()) {
            case IpProtocol.TCP -> latest + tcp(connection.tcpState());
            case IpProtocol.UDP -> (limits.bothSidesKeepUdp() ? latest : original) + limits.udp() * SECOND;
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> original + limits.ping() * SECOND;
            default -> latest + limits.other() * SECOND;
        };
    }

    /** Why a connection whose time has come ends. */
    CloseReason reason(Connection connection) {
        return switch (connection.tcpState()) {
            case FINISHED -> CloseReason.FINISHED;
            case RESET -> CloseReason.RESET;
            case NONE, SYN_SENT, SYN_RECEIVED, ESTABLISHED, CLOSING -> CloseReason.IDLE;
        };
    }

    private long tcp(TcpState state) {
        return switch (state) {
            case NONE, SYN_SENT, SYN_RECEIVED -> limits.tcpSyn() * SECOND;
            case ESTABLISHED -> limits.tcp() * SECOND;
            case CLOSING -> limits.tcpFin() * SECOND;
            case FINISHED, RESET -> OVER;
        };
    }
}
