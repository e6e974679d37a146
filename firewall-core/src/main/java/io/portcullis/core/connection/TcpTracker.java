package io.portcullis.core.connection;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.MemorySegment;

/**
 * Follows TCP connections from between their ends (after G. van Rooij, "Real Stateful TCP Packet Filtering in IP
 * Filter", 2001). A segment must lie in the window that the other end opened, and acknowledge what was sent; where the
 * two ends can repair a disagreement by themselves (a SYN in the middle, a challenge ACK of RFC 5961), the segments by
 * which they do pass and change nothing. One segment may be a super-packet of many.
 */
final class TcpTracker {
    /** Acknowledgements may lag at least this far behind: the largest unscaled window and a little. */
    private static final int LEAST_ACK_LAG = 66_000;

    private TcpTracker() {}

    /** Whether the packet opens a connection: SYN and nothing that contradicts it. */
    static boolean opens(Packet packet) {
        return (flags(packet) & (Tcp.SYN | Tcp.ACK | Tcp.RST | Tcp.FIN)) == Tcp.SYN;
    }

    /** Judges the segment and moves the connection's state. Whole TCP header present. */
    static DropReason follow(Flow flow, Packet packet) {
        Connection connection = flow.connection();
        TcpEnd sender = flow.tcp;
        TcpEnd receiver = flow.reverse().tcp;
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int flags = Tcp.flags(b, at);
        int sequence = Tcp.sequence(b, at);
        int data = packet.payloadEnd() - at - Tcp.headerLength(b, at);
        int end = sequence + data + ((flags & Tcp.SYN) != 0 ? 1 : 0) + ((flags & Tcp.FIN) != 0 ? 1 : 0);
        int acknowledgement = Tcp.acknowledgement(b, at);

        if ((flags & Tcp.SYN) != 0) {
            return (flags & Tcp.ACK) == 0
                    ? syn(connection, sender, receiver, end, packet)
                    : synAck(connection, sender, receiver, end, acknowledgement, packet);
        }
        if (!sender.opened() || !receiver.opened()) {
            return beforeBothOpened(connection, sender, receiver, flags, acknowledgement);
        }
        if (packet.isFragment()) {
            // Only the first fragment has a header, and it does not say how long the segment is.
            connection.trustWindows();
        }
        boolean fits = connection.trustsWindows() || fits(sender, receiver, sequence, end);
        if ((flags & Tcp.RST) != 0) {
            return fits ? reset(connection, sender, receiver, sequence) : DropReason.BAD_STATE;
        }
        boolean followsFin = sender.finished() && !connection.trustsWindows() && isAfter(end, sender.end());
        if (!fits
                || followsFin
                || (flags & Tcp.ACK) == 0
                || !acknowledges(connection, sender, receiver, acknowledgement)) {
            return DropReason.BAD_STATE;
        }
        advance(sender, receiver, end, acknowledgement, Tcp.window(b, at) << sender.scale());
        if ((flags & Tcp.FIN) != 0) {
            sender.finish();
        }
        if (receiver.finished() && acknowledgement == receiver.end()) {
            receiver.acknowledgeFin();
        }
        connection.tcpState(next(connection.tcpState(), sender, receiver));
        return DropReason.NONE;
    }

    private static DropReason syn(Connection connection, TcpEnd sender, TcpEnd receiver, int end, Packet packet) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int window = Tcp.window(b, at);
        int scale = Tcp.windowScale(b, at);
        if (connection.tcpState().isOver()) {
            return DropReason.BAD_STATE;
        }
        if (!receiver.opened()) {
            // First SYN, its repetition, or another try with another number: nobody has answered yet. A repetition may
            // leave the shift out, and the answer may still be one to the first.
            boolean repeats = sender.opened() && sender.end() == end;
            sender.open(end, window, repeats && sender.scales() ? Math.max(scale, sender.scale()) : scale);
            connection.tcpState(TcpState.SYN_SENT);
        } else if (!sender.opened()) {
            // Both ends open at once (RFC 9293 section 3.5).
            sender.open(end, window, scale);
            agree(sender, receiver);
            connection.tcpState(TcpState.SYN_RECEIVED);
        } else {
            sender.restart(end, window, scale);
        }
        return DropReason.NONE;
    }

    private static DropReason synAck(
            Connection connection, TcpEnd sender, TcpEnd receiver, int end, int acknowledgement, Packet packet) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        boolean answersRestart =
                !connection.tcpState().isOver() && receiver.restarting() && acknowledgement == receiver.restartEnd();
        if (answersRestart) {
            receiver.openRestarted();
        }
        boolean answersFirst = !connection.tcpState().isOver()
                && receiver.opened()
                && !sender.opened()
                && !isAfter(acknowledgement, receiver.end());
        if (answersRestart || answersFirst) {
            sender.open(end, Tcp.window(b, at), Tcp.windowScale(b, at));
            agree(sender, receiver);
            sender.acknowledged(acknowledgement);
            receiver.allowed(acknowledgement + sender.maxWindow());
            connection.tcpState(TcpState.SYN_RECEIVED);
            return DropReason.NONE;
        }
        // A repetition passes; an answer to nothing makes the other end reset, as it should.
        return receiver.opened() ? DropReason.NONE : DropReason.BAD_STATE;
    }

    /** Both SYNs are known: windows are scaled if both say so, and each may send what the other's SYN allowed. */
    private static void agree(TcpEnd one, TcpEnd other) {
        if (!one.scales() || !other.scales()) {
            one.scale(0);
            other.scale(0);
        }
        one.allowed(one.end() + other.maxWindow());
        other.allowed(other.end() + one.maxWindow());
        one.acknowledged(other.end() - 1);
        other.acknowledged(one.end() - 1);
    }

    private static DropReason beforeBothOpened(
            Connection connection, TcpEnd sender, TcpEnd receiver, int flags, int acknowledgement) {
        if (sender.opened()) {
            // The opener gives up, or resets what a half-open peer answered.
            if ((flags & Tcp.RST) != 0) {
                connection.tcpState(TcpState.RESET);
                return DropReason.NONE;
            }
            return DropReason.BAD_STATE;
        }
        if ((flags & Tcp.RST) != 0) {
            boolean refusesOurSyn = (flags & Tcp.ACK) != 0 && acknowledgement == receiver.end();
            if (refusesOurSyn) {
                connection.tcpState(TcpState.RESET);
            }
            return refusesOurSyn ? DropReason.NONE : DropReason.BAD_STATE;
        }
        // The other end believes in an older connection: its ACK makes the opener reset that (RFC 9293 section 3.5.1).
        return (flags & Tcp.ACK) != 0 ? DropReason.NONE : DropReason.BAD_STATE;
    }

    private static boolean fits(TcpEnd sender, TcpEnd receiver, int sequence, int end) {
        return !isAfter(sequence, sender.allowed()) && !isAfter(sender.end() - receiver.maxWindow() - 1, end);
    }

    private static boolean acknowledges(Connection connection, TcpEnd sender, TcpEnd receiver, int acknowledgement) {
        int lag = Math.max(sender.maxWindow(), LEAST_ACK_LAG);
        return connection.trustsWindows()
                || (!isAfter(acknowledgement, receiver.end()) && !isAfter(receiver.end() - lag, acknowledgement));
    }

    private static DropReason reset(Connection connection, TcpEnd sender, TcpEnd receiver, int sequence) {
        // RFC 5961 section 3.2: the end believes only the number that it expects next, which lies between what it
        // acknowledged and what was sent; any other in the window it answers, and the connection lives on.
        boolean believed = !isAfter(receiver.acknowledged(), sequence) && !isAfter(sequence, sender.end());
        if (believed || connection.trustsWindows()) {
            connection.tcpState(TcpState.RESET);
        }
        return DropReason.NONE;
    }

    private static void advance(TcpEnd sender, TcpEnd receiver, int end, int acknowledgement, int window) {
        if (isAfter(end, sender.end())) {
            sender.end(end);
        }
        if (window > sender.maxWindow()) {
            sender.maxWindow(window);
        }
        if (isAfter(acknowledgement, sender.acknowledged())) {
            sender.acknowledged(acknowledgement);
        }
        // One octet may always be sent to probe a closed window (RFC 9293 section 3.8.6.1).
        int allowed = acknowledgement + Math.max(window, 1);
        if (isAfter(allowed, receiver.allowed())) {
            receiver.allowed(allowed);
        }
    }

    private static TcpState next(TcpState state, TcpEnd sender, TcpEnd receiver) {
        if (state == TcpState.RESET) {
            return state;
        }
        if (sender.finAcknowledged() && receiver.finAcknowledged()) {
            return TcpState.FINISHED;
        }
        if (sender.finished() || receiver.finished()) {
            return TcpState.CLOSING;
        }
        // Reached only by segments without SYN that fit: the handshake is through.
        return TcpState.ESTABLISHED;
    }

    private static int flags(Packet packet) {
        return Tcp.flags(packet.buffer(), packet.transportAt());
    }

    private static boolean isAfter(int sequence, int other) {
        return TcpEnd.isAfter(sequence, other);
    }
}
