package io.portcullis.core.connection;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.pipeline.Policy;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Answers openers of TCP connections in their server's place, so that a server sees only those that have the address
 * which they say: a SYN gets a cookie as sequence number and leaves nothing behind, the segment that acknowledges it
 * becomes a connection and the SYN that the server gets. The opener's numbers are kept; the server's are shifted to
 * where the cookie began. Nobody knows yet what options the server would have: only an MSS is offered to both, no
 * window scale, no SACK, no time stamps. Until the server has answered, the opener's window is closed. Belongs to one
 * worker.
 */
final class SynRelay {
    private final ConnectionTable table;
    private final ConnectionStore store;
    private final SynCookies cookies;
    private final Quotation quotation = new Quotation();

    SynRelay(ConnectionTable table, ConnectionStore store, RandomGenerator random) {
        this.table = table;
        this.store = store;
        this.cookies = new SynCookies(random);
    }

    /**
     * Whether a packet that opens nothing acknowledges a cookie that its sender was given.
     *
     * @param why it opens nothing, from {@link OpenerChecks#check}
     */
    boolean isProven(Packet packet, @Nullable Policy policy, DropReason why, long now) {
        return why == DropReason.NO_NEW_CONNECTION
                && policy != null
                && policy.synRelay() != Policy.SynRelay.NEVER
                && acknowledgesCookie(packet, now);
    }

    /** Whether an opener must show that its address is its own before anything is kept of it. */
    boolean mustProve(Packet packet, @Nullable Policy policy) {
        return policy != null
                && packet.protocol() == IpProtocol.TCP
                && switch (policy.synRelay()) {
                    case ALWAYS -> true;
                    case AUTO -> table.isFlooded();
                    case NEVER -> false;
                };
    }

    /**
     * Turns a SYN into the answer to it.
     *
     * @param mtu of the narrower of both sides
     */
    void answer(Packet syn, int mtu, long now) {
        MemorySegment b = syn.buffer();
        int at = syn.transportAt();
        int sequence = Tcp.sequence(b, at);
        int cookie = cookies.make(
                syn.sourceHigh(),
                syn.sourceLow(),
                syn.destinationHigh(),
                syn.destinationLow(),
                ports(syn),
                sequence,
                Tcp.mss(b, at),
                now);
        int mss = mtu - (syn.ipVersion() == 4 ? 20 : 40) - Tcp.HEADER;
        TcpSegment.answer(syn, cookie, sequence + 1, Tcp.SYN | Tcp.ACK, 0, Math.max(mss, 1));
    }

    private boolean acknowledgesCookie(Packet packet, long now) {
        if (packet.protocol() != IpProtocol.TCP || packet.fragmentOffset() != 0) {
            return false;
        }
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        if ((Tcp.flags(b, at) & (Tcp.SYN | Tcp.ACK | Tcp.RST | Tcp.FIN)) != Tcp.ACK) {
            return false;
        }
        int cookie = Tcp.acknowledgement(b, at) - 1;
        int sequence = Tcp.sequence(b, at);
        // A host that asks whether its window is open may send the number before the next one.
        return isMine(packet, cookie, sequence - 1, now) || isMine(packet, cookie, sequence, now);
    }

    private boolean isMine(Packet packet, int cookie, int sequence, long now) {
        return cookies.isMine(
                cookie,
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                ports(packet),
                sequence,
                now);
    }

    private static int ports(Packet packet) {
        return packet.sourcePort() << 16 | packet.destinationPort();
    }

    /** Begins a connection with what acknowledged a cookie, and turns that into the SYN that the server gets. */
    void begin(Connection connection, Packet packet, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int cookie = Tcp.acknowledgement(b, at) - 1;
        int sequence = Tcp.sequence(b, at);
        connection.mark(Connection.RELAYED, true);
        store.aside(connection.number(), ConnectionStore.RELAY, cookie);
        open(packet, isMine(packet, cookie, sequence - 1, now) ? sequence - 1 : sequence, cookie);
    }

    private static void open(Packet packet, int sequence, int cookie) {
        int window = Tcp.window(packet.buffer(), packet.transportAt());
        TcpSegment.bare(packet, sequence, 0, Tcp.SYN, window, SynCookies.mss(cookie));
    }

    /** As {@link ConnectionTable#accept}, of a connection whose opener was answered in its server's place. */
    DropReason accept(Flow flow, Packet packet, PacketWorker worker, long now) {
        if (packet.protocol() != IpProtocol.TCP || packet.fragmentOffset() != 0) {
            shiftQuoted(flow, packet);
            return table.follow(flow, packet, worker, now);
        }
        boolean serverAnswered = flow.connection().reply().tcp.opened();
        if (flow.isOriginal()) {
            return serverAnswered
                    ? fromOpener(flow, packet, worker, now)
                    : fromWaitingOpener(flow, packet, worker, now);
        }
        boolean isAnswer = (Tcp.flags(packet.buffer(), packet.transportAt()) & Tcp.SYN) != 0;
        if (isAnswer) {
            return serverAnswered ? answeredAgain(flow, packet, worker, now) : answered(flow, packet, worker, now);
        }
        return serverAnswered ? fromServer(flow, packet, worker, now) : refused(flow, packet, worker, now);
    }

    private DropReason fromOpener(Flow flow, Packet packet, PacketWorker worker, long now) {
        TcpSegment.shiftAcknowledgement(packet, -shift(flow));
        return table.follow(flow, packet, worker, now);
    }

    /** Whatever an opener says that waits for its server makes the server be asked again. */
    private DropReason fromWaitingOpener(Flow flow, Packet packet, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int flags = Tcp.flags(b, at);
        if ((flags & Tcp.RST) != 0) {
            return table.follow(flow, packet, worker, now);
        }
        TcpEnd opener = flow.tcp;
        int sequence = opener.opened() ? opener.end() - 1 : Tcp.sequence(b, at);
        if ((flags & Tcp.SYN) != 0 && Tcp.sequence(b, at) != sequence) {
            return DropReason.BAD_STATE;
        }
        open(packet, sequence, relayed(flow));
        return table.follow(flow, packet, worker, now);
    }

    /** The server is there: it gets its third segment, and the opener's window opens. */
    private DropReason answered(Flow flow, Packet packet, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        boolean answersOurs = (Tcp.flags(b, at) & Tcp.ACK) != 0
                && Tcp.acknowledgement(b, at) == flow.reverse().tcp.end();
        DropReason why = answersOurs ? table.follow(flow, packet, worker, now) : DropReason.BAD_STATE;
        if (why != DropReason.NONE) {
            return why;
        }
        store.aside(flow.connection().number(), ConnectionStore.RELAY, relayed(flow) - Tcp.sequence(b, at));
        return acknowledge(flow, packet, worker, now);
    }

    private DropReason answeredAgain(Flow flow, Packet packet, PacketWorker worker, long now) {
        TcpEnd opener = flow.reverse().tcp;
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        if ((Tcp.flags(b, at) & Tcp.ACK) == 0) {
            return DropReason.BAD_STATE;
        }
        if (opener.restarting() && Tcp.acknowledgement(b, at) == opener.restartEnd()) {
            // The opener has begun anew and the server says yes: now it is between the two of them.
            flow.connection().mark(Connection.RELAYED, false);
            return table.follow(flow, packet, worker, now);
        }
        // A server that has not heard its third segment can not have sent more.
        boolean repeats = Tcp.sequence(b, at) + 1 == flow.tcp.end();
        return repeats ? acknowledge(flow, packet, worker, now) : DropReason.BAD_STATE;
    }

    private DropReason acknowledge(Flow flow, Packet packet, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int serverNext = Tcp.sequence(b, at) + 1;
        int openerNext = Tcp.acknowledgement(b, at);
        int window = Tcp.window(b, at);
        Packet third = worker.pool().take();
        if (third == null) {
            return DropReason.NO_BUFFER;
        }
        third.copyFrom(packet);
        third.lastTunnel(null);
        TcpSegment.answer(
                third, openerNext, serverNext, Tcp.ACK, flow.reverse().tcp.maxWindow(), 0);
        Flow toServer = flow.reverse();
        DropReason why = table.follow(toServer, third, worker, now);
        if (why == DropReason.NONE) {
            why = toServer.egress().send(third, toServer.gateway(), worker, now);
        }
        if (why != DropReason.NONE) {
            worker.drop(third, why);
            return why;
        }
        TcpSegment.bare(packet, serverNext + shift(flow), openerNext, Tcp.ACK, window, 0);
        return DropReason.NONE;
    }

    private DropReason fromServer(Flow flow, Packet packet, PacketWorker worker, long now) {
        DropReason why = table.follow(flow, packet, worker, now);
        if (why == DropReason.NONE) {
            TcpSegment.shiftSequence(packet, shift(flow));
        }
        return why;
    }

    /** The opener believes a reset that has the number which it expects next. */
    private DropReason refused(Flow flow, Packet packet, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        DropReason why =
                (Tcp.flags(b, at) & Tcp.RST) == 0 ? DropReason.BAD_STATE : table.follow(flow, packet, worker, now);
        if (why == DropReason.NONE) {
            TcpSegment.bare(
                    packet, relayed(flow) + 1, Tcp.acknowledgement(b, at), Tcp.RST | Tcp.ACK, /* window= */ 0, 0);
        }
        return why;
    }

    /** The cookie while the server has not answered; then how far the server's numbers are shifted for the opener. */
    private int relayed(Flow flow) {
        return store.aside(flow.connection().number(), ConnectionStore.RELAY);
    }

    private int shift(Flow flow) {
        return relayed(flow);
    }

    /** An ICMP error from the opener's side quotes the server's numbers as the opener knows them. */
    private void shiftQuoted(Flow flow, Packet error) {
        boolean quotesServer =
                flow.isOriginal() && flow.connection().reply().tcp.opened() && quotation.read(error);
        if (quotesServer && quotation.protocol == IpProtocol.TCP) {
            quotation.shiftSequence(error, -shift(flow));
        }
    }
}
