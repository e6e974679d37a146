package io.portcullis.core.tcp;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpHeader;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.routing.Route;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Short TCP connections of the firewall's own (RFC 9293), for monitors: a handshake, one request or none, its answer.
 * Opened and closed on any thread; segments are made and heard on workers' threads. Every segment is sent once: what is
 * lost on the way is what a monitor wants to know of. Segments of the peer's that come out of order are not kept, since
 * he repeats them.
 */
public final class TcpClient {
    /** Longest request: it is one segment, and every host takes one of so many octets (RFC 9293 section 3.7.1). */
    public static final int MOST_REQUEST = 536;

    /** Behind the ports that Linux gives to sockets: those of this program have the firewall's addresses too. */
    private static final int FIRST_PORT = 61_000;

    private static final int PORTS = 65_536 - FIRST_PORT;
    /** Connections at once. */
    public static final int MOST = PORTS / 2;

    /** Fits every path that has the MTU of IPv6, tunnels in tunnels included. */
    private static final int MSS = 1220;

    private static final int MSS_OPTION = 4;
    private static final int WINDOW = 16_384;

    private final WorkerMailbox worker;
    private final RandomGenerator random;
    private final AtomicInteger open = new AtomicInteger();
    /** By own port, from the first one. */
    private final AtomicReferenceArray<@Nullable Connection> connections = new AtomicReferenceArray<>(PORTS);

    /** Hears what becomes of one connection, on a worker's thread: must be short and must not block. */
    public interface Listener {
        /**
         * The peer has accepted.
         *
         * @param roundTrip nanoseconds from the SYN to its answer
         */
        void connected(long roundTrip);

        /**
         * More of the answer, in order.
         *
         * @param octets the packet that holds it; not to be kept
         * @param sinceOpening nanoseconds since the SYN
         * @return whether that is enough: the connection is then ended
         */
        boolean received(MemorySegment octets, long at, int length, long sinceOpening);
    }

    private enum State {
        SYN_SENT,
        ESTABLISHED,
        FIN_SENT,
        OVER
    }

    /** @param random chooses ports and sequence numbers, so that nobody can answer what he did not see */
    public TcpClient(WorkerMailbox worker, RandomGenerator random) {
        this.worker = worker;
        this.random = random;
    }

    /**
     * Connects; empty when {@link #MOST} connections are open, or the worker's mailbox is full.
     *
     * @param by the way that segments take, whatever the routing tables say; null for what they say
     * @param request is sent when the peer has accepted, {@link #MOST_REQUEST} octets at most; none to end then at once
     */
    public Optional<Connection> open(
            IpAddress source, IpAddress destination, int port, @Nullable Route by, byte[] request, Listener listener) {
        if (request.length > MOST_REQUEST) {
            throw new IllegalArgumentException(request.length + " octets; " + MOST_REQUEST + " are allowed");
        }
        if (open.incrementAndGet() > MOST) {
            open.decrementAndGet();
            return Optional.empty();
        }
        while (true) {
            Connection made = new Connection(
                    random.nextInt(PORTS), source, destination, port, by, request.clone(), random.nextInt(), listener);
            if (connections.compareAndSet(made.slot, null, made)) {
                if (worker.execute(made::begin)) {
                    return Optional.of(made);
                }
                made.forget();
                return Optional.empty();
            }
        }
    }

    /** Takes a segment when it is of one of the connections: whether it was. The packet stays the caller's. */
    public boolean heard(Packet packet, PacketWorker on, long now) {
        Connection connection = awaiting(packet);
        if (connection == null) {
            return false;
        }
        if (Headers.verifyTransport(packet) == DropReason.NONE) {
            connection.heard(packet, on, now);
        }
        return true;
    }

    /** Whether a parsed packet is a segment of one of the connections. */
    public boolean awaits(Packet packet) {
        return awaiting(packet) != null;
    }

    private @Nullable Connection awaiting(Packet packet) {
        if (packet.protocol() != IpProtocol.TCP || packet.destinationPort() < FIRST_PORT) {
            return null;
        }
        Connection connection = connections.get(packet.destinationPort() - FIRST_PORT);
        return connection == null || !connection.isWith(packet) ? null : connection;
    }

    /**
     * One connection. Its state is written by the worker that its packets belong to; only {@link #close} is anybody's.
     */
    public final class Connection implements AutoCloseable {
        private final int slot;
        private final IpAddress source;
        private final IpAddress destination;
        private final int port;
        private final @Nullable Route by;
        private final byte[] request;
        private final Listener listener;
        private volatile State state = State.SYN_SENT;
        private volatile int sendNext;
        private volatile int receiveNext;
        private volatile long openedAt;

        private Connection(
                int slot,
                IpAddress source,
                IpAddress destination,
                int port,
                @Nullable Route by,
                byte[] request,
                int initialSequence,
                Listener listener) {
            this.slot = slot;
            this.source = source;
            this.destination = destination;
            this.port = port;
            this.by = by;
            this.request = request;
            this.sendNext = initialSequence;
            this.listener = listener;
        }

        private boolean isWith(Packet packet) {
            return packet.sourcePort() == port
                    && packet.sourceHigh() == destination.high()
                    && packet.sourceLow() == destination.low()
                    && packet.destinationHigh() == source.high()
                    && packet.destinationLow() == source.low();
        }

        private void begin(PacketWorker on, long now) {
            openedAt = now;
            int sequence = sendNext;
            sendNext = sequence + 1;
            send(sequence, Tcp.SYN, on, now);
        }

        private void heard(Packet packet, PacketWorker on, long now) {
            MemorySegment b = packet.buffer();
            int at = packet.transportAt();
            int flags = Tcp.flags(b, at);
            boolean acknowledges = (flags & Tcp.ACK) != 0 && Tcp.acknowledgement(b, at) == sendNext;
            if ((flags & Tcp.RST) != 0) {
                // Nobody ends it who has not seen it (RFC 9293 section 3.5.3).
                boolean seen = state == State.SYN_SENT ? acknowledges : Tcp.sequence(b, at) == receiveNext;
                state = seen ? State.OVER : state;
                return;
            }
            switch (state) {
                case SYN_SENT -> {
                    if ((flags & Tcp.SYN) != 0 && acknowledges) {
                        receiveNext = Tcp.sequence(b, at) + 1;
                        accepted(on, now);
                    }
                }
                case ESTABLISHED, FIN_SENT -> segment(packet, flags, on, now);
                case OVER -> {}
            }
        }

        private void accepted(PacketWorker on, long now) {
            if (request.length == 0) {
                finish(on, now);
            } else {
                state = State.ESTABLISHED;
                int sequence = sendNext;
                sendNext = sequence + request.length;
                send(sequence, Tcp.ACK | Tcp.PSH, on, now);
            }
            listener.connected(now - openedAt);
        }

        /** What is new of a segment, if it follows on what came before. */
        private void segment(Packet packet, int flags, PacketWorker on, long now) {
            MemorySegment b = packet.buffer();
            int header = Tcp.headerLength(b, packet.transportAt());
            int data = packet.payloadEnd() - packet.transportAt() - header;
            int expected = receiveNext;
            int known = expected - Tcp.sequence(b, packet.transportAt());
            boolean ends = (flags & Tcp.FIN) != 0;
            if (data == 0 && !ends) {
                return;
            }
            if (known < 0 || known > data || (known == data && !ends)) {
                send(sendNext, Tcp.ACK, on, now);
                return;
            }
            boolean isEnough = false;
            if (known < data) {
                expected += data - known;
                receiveNext = expected;
                if (state == State.FIN_SENT) {
                    // Nobody reads any more.
                    reset(on, now);
                    return;
                }
                isEnough = listener.received(b, packet.transportAt() + header + known, data - known, now - openedAt);
            }
            if (ends) {
                receiveNext = expected + 1;
                boolean answered = state == State.FIN_SENT;
                state = State.OVER;
                send(sendNext, answered ? Tcp.ACK : Tcp.ACK | Tcp.FIN, on, now);
            } else if (isEnough) {
                finish(on, now);
            } else {
                send(sendNext, Tcp.ACK, on, now);
            }
        }

        private void finish(PacketWorker on, long now) {
            state = State.FIN_SENT;
            int sequence = sendNext;
            sendNext = sequence + 1;
            send(sequence, Tcp.ACK | Tcp.FIN, on, now);
        }

        private void reset(PacketWorker on, long now) {
            state = State.OVER;
            send(sendNext, Tcp.RST | Tcp.ACK, on, now);
        }

        private void send(int sequence, int flags, PacketWorker on, long now) {
            Packet packet = on.pool().take();
            if (packet == null) {
                return;
            }
            boolean opens = (flags & Tcp.SYN) != 0;
            boolean carries = (flags & Tcp.PSH) != 0;
            int header = Tcp.HEADER + (opens ? MSS_OPTION : 0);
            int at = packet.append(header + (carries ? request.length : 0));
            MemorySegment b = packet.buffer();
            Tcp.write(b, at, FIRST_PORT + slot, port, sequence, opens ? 0 : receiveNext, flags, WINDOW);
            if (opens) {
                Tcp.headerLength(b, at, header);
                Octets.u8(b, at + Tcp.HEADER, Tcp.OPTION_MSS);
                Octets.u8(b, at + Tcp.HEADER + 1, MSS_OPTION);
                Octets.u16(b, at + Tcp.HEADER + 2, MSS);
            }
            if (carries) {
                MemorySegment.copy(request, 0, b, ValueLayout.JAVA_BYTE, at + header, request.length);
            }
            long pseudoHeader = IpHeader.push(packet, source, destination, IpProtocol.TCP, sequence & 0xffff);
            Tcp.computeChecksum(b, at, packet.end(), pseudoHeader);
            if (by == null) {
                on.originate(packet, now);
            } else {
                on.originate(packet, by, now);
            }
        }

        /** Hears no more of it; a peer that still holds it open is told that it is over. */
        @Override
        public void close() {
            if (forget() && state != State.OVER) {
                // With a full mailbox the peer finds out by himself.
                boolean _ = worker.execute(this::reset);
            }
        }

        private boolean forget() {
            boolean mine = connections.compareAndSet(slot, this, null);
            if (mine) {
                open.decrementAndGet();
            }
            return mine;
        }
    }
}
