package io.portcullis.cli.demo;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32C;

/**
 * One TCP connection that carries bytes one way: opened by {@link #sender}, taken by {@link #receiver}. Go-back-N with
 * a fixed window: enough to prove that what went in comes out, whatever is lost on the way.
 */
final class SimulatedTransfer {
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);
    private static final long RETRY_NANOS = 250_000_000L;
    private static final int WINDOW = 60_000;
    private static final int OWN_MSS = 1460;
    private static final int BURST = 16;

    private enum State {
        CLOSED,
        LISTEN,
        SYN_SENT,
        SYN_RECEIVED,
        ESTABLISHED,
        FIN_WAIT,
        DONE
    }

    private final boolean sends;
    private final IpAddress peer;
    private final int ownPort;
    private final int peerPort;
    private final byte[] data;
    private final CRC32C received = new CRC32C();
    private State state;
    private long receivedBytes;
    private int initial;
    private int acknowledged;
    private int next;
    private int expected;
    private int mss = OWN_MSS;
    private long lastProgress;

    private SimulatedTransfer(
            boolean sends, IpAddress peer, int ownPort, int peerPort, byte[] data, int initial, State state) {
        this.sends = sends;
        this.peer = peer;
        this.ownPort = ownPort;
        this.peerPort = peerPort;
        this.data = data;
        this.initial = initial;
        this.state = state;
    }

    /**
     * Connects to the peer, sends the data and closes.
     *
     * @param initial initial sequence number
     */
    static SimulatedTransfer sender(IpAddress peer, int ownPort, int peerPort, byte[] data, int initial) {
        return new SimulatedTransfer(true, peer, ownPort, peerPort, data, initial, State.CLOSED);
    }

    /** Waits for one connection from the peer and reads until it closes. */
    static SimulatedTransfer receiver(IpAddress peer, int ownPort, int peerPort, int initial) {
        return new SimulatedTransfer(false, peer, ownPort, peerPort, new byte[0], initial, State.LISTEN);
    }

    /** Whether both directions are closed. */
    boolean isDone() {
        return state == State.DONE;
    }

    /** Octets received in order. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** CRC-32C of what was received. */
    long receivedChecksum() {
        return received.getValue();
    }

    /** Largest segment that the peer, or the firewall in its place, allows. */
    int negotiatedMss() {
        return mss;
    }

    void poll(SimulatedHost host, long now) {
        if (!sends) {
            return;
        }
        boolean late = now - lastProgress > RETRY_NANOS;
        switch (state) {
            case CLOSED -> {
                state = State.SYN_SENT;
                acknowledged = initial + 1;
                next = initial + 1;
                lastProgress = now;
                send(host, initial, Tcp.SYN, NOTHING, now);
            }
            case SYN_SENT -> {
                if (late) {
                    lastProgress = now;
                    send(host, initial, Tcp.SYN, NOTHING, now);
                }
            }
            case ESTABLISHED, FIN_WAIT -> {
                if (late) {
                    lastProgress = now;
                    next = acknowledged;
                    state = State.ESTABLISHED;
                }
                sendData(host, now);
            }
            case LISTEN, SYN_RECEIVED, DONE -> {
                // Nothing of ours is under way.
            }
        }
    }

    private void sendData(SimulatedHost host, long now) {
        for (int i = 0; i < BURST && state == State.ESTABLISHED && next - acknowledged < WINDOW; i++) {
            int offset = next - initial - 1;
            int length = Math.min(mss, data.length - offset);
            if (length <= 0) {
                state = State.FIN_WAIT;
                send(host, next, Tcp.FIN | Tcp.ACK, NOTHING, now);
                next++;
                return;
            }
            send(host, next, Tcp.ACK, MemorySegment.ofArray(data).asSlice(offset, length), now);
            next += length;
        }
    }

    void receive(Packet packet, SimulatedHost host, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        boolean ours = packet.destinationPort() == ownPort
                && packet.sourcePort() == peerPort
                && packet.sourceLow() == peer.low();
        if (!ours || (Tcp.flags(b, at) & Tcp.RST) != 0) {
            return;
        }
        if (sends) {
            receiveAsSender(b, at, host, now);
        } else {
            receiveAsReceiver(packet, b, at, host, now);
        }
    }

    private void receiveAsSender(MemorySegment b, int at, SimulatedHost host, long now) {
        int flags = Tcp.flags(b, at);
        int ack = Tcp.acknowledgement(b, at);
        if (state == State.SYN_SENT && (flags & (Tcp.SYN | Tcp.ACK)) == (Tcp.SYN | Tcp.ACK)) {
            expected = Tcp.sequence(b, at) + 1;
            int announced = Tcp.mss(b, at);
            mss = announced > 0 ? Math.min(mss, announced) : 536;
            state = State.ESTABLISHED;
            lastProgress = now;
            send(host, next, Tcp.ACK, NOTHING, now);
            return;
        }
        if (ack - acknowledged > 0 && ack - next <= 0) {
            acknowledged = ack;
            lastProgress = now;
        }
        if ((flags & Tcp.FIN) != 0 && acknowledged - initial - 1 > data.length) {
            send(host, next, expected + 1, Tcp.ACK, NOTHING, now);
            state = State.DONE;
        }
    }

    private void receiveAsReceiver(Packet packet, MemorySegment b, int at, SimulatedHost host, long now) {
        int flags = Tcp.flags(b, at);
        int sequence = Tcp.sequence(b, at);
        if ((flags & Tcp.SYN) != 0) {
            expected = sequence + 1;
            int announced = Tcp.mss(b, at);
            mss = announced > 0 ? Math.min(mss, announced) : 536;
            state = State.SYN_RECEIVED;
            send(host, initial, Tcp.SYN | Tcp.ACK, NOTHING, now);
            return;
        }
        if (state == State.LISTEN) {
            return;
        }
        if (state == State.SYN_RECEIVED) {
            state = State.ESTABLISHED;
            next = initial + 1;
        }
        int from = at + Tcp.headerLength(b, at);
        int length = packet.payloadEnd() - from;
        if (sequence == expected && length > 0) {
            byte[] chunk = b.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
            received.update(chunk);
            receivedBytes += length;
            expected += length;
        }
        boolean closing = (flags & Tcp.FIN) != 0 && sequence + length == expected;
        if (closing || state == State.DONE) {
            state = State.DONE;
            send(host, next, expected + 1, Tcp.FIN | Tcp.ACK, NOTHING, now);
        } else if (length > 0) {
            send(host, next, Tcp.ACK, NOTHING, now);
        }
    }

    private void send(SimulatedHost host, int sequence, int flags, MemorySegment payload, long now) {
        send(host, sequence, expected, flags, payload, now);
    }

    private void send(SimulatedHost host, int sequence, int ack, int flags, MemorySegment payload, long now) {
        int acknowledgement = (flags & Tcp.ACK) != 0 ? ack : 0;
        host.segment(peer, ownPort, peerPort, sequence, acknowledgement, flags, OWN_MSS, payload, now);
    }
}
