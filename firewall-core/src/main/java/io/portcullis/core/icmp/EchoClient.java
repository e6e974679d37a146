package io.portcullis.core.icmp;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Echo requests of the firewall's own, for {@code ping} and monitors. Opened and closed on any thread; packets are made
 * and replies heard on the worker's.
 */
public final class EchoClient {
    /** Pings at once. */
    public static final int MOST = 64;
    /** Longest payload: a whole IPv6 packet of 64 kB. */
    public static final int MOST_PAYLOAD = 65_535 - Ipv6.HEADER - Icmpv6.HEADER;

    private static final int TTL = 64;
    private static final int STAMP = 8;

    private final WorkerMailbox worker;
    private final RandomGenerator random;
    private final AtomicReferenceArray<@Nullable Ping> pings = new AtomicReferenceArray<>(MOST);

    /** Hears the replies of one ping, on the worker's thread: must be short and must not block. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param sequence of the request
         * @param roundTrip nanoseconds
         * @param ttl that was left
         * @param payload octets
         */
        void replied(int sequence, long roundTrip, int ttl, int payload);
    }

    /** @param random chooses identifiers, so that nobody can answer what he did not see */
    public EchoClient(WorkerMailbox worker, RandomGenerator random) {
        this.worker = worker;
        this.random = random;
    }

    /** Begins to ping; empty when {@link #MOST} are open. */
    public Optional<Ping> open(IpAddress source, IpAddress destination, Listener listener) {
        for (int slot = 0; slot < MOST; slot++) {
            int identifier = random.nextInt(1 << 10) << 6 | slot;
            Ping ping = new Ping(slot, identifier, source, destination, listener);
            if (pings.compareAndSet(slot, null, ping)) {
                return Optional.of(ping);
            }
        }
        return Optional.empty();
    }

    /** Takes an echo reply when it is for one of the pings: whether it was. The packet stays the caller's. */
    public boolean heard(Packet packet, long now) {
        Ping ping = pings.get(packet.sourcePort() & (MOST - 1));
        if (ping == null || !ping.isAnsweredBy(packet) || Headers.verifyTransport(packet) != DropReason.NONE) {
            return false;
        }
        MemorySegment b = packet.buffer();
        int payloadAt = packet.transportAt() + Icmp.HEADER;
        int payload = packet.payloadEnd() - payloadAt;
        int sequence = Icmp.sequence(b, packet.transportAt());
        long sentAt = payload >= STAMP ? Octets.i64(b, payloadAt) : ping.lastSent;
        int ttl = packet.ipVersion() == 4 ? Ipv4.ttl(b, packet.networkAt()) : Ipv6.hopLimit(b, packet.networkAt());
        ping.listener.replied(sequence, now - sentAt, ttl, payload);
        return true;
    }

    /** One destination that is pinged. */
    public final class Ping implements AutoCloseable {
        private final int slot;
        private final int identifier;
        private final IpAddress source;
        private final IpAddress destination;
        private final Listener listener;
        private volatile long lastSent;

        private Ping(int slot, int identifier, IpAddress source, IpAddress destination, Listener listener) {
            this.slot = slot;
            this.identifier = identifier;
            this.source = source;
            this.destination = destination;
            this.listener = listener;
        }

        /**
         * Sends one request.
         *
         * @param payload octets, at most {@link #MOST_PAYLOAD}
         * @return false when the worker's mailbox is full
         */
        public boolean send(int sequence, int payload) {
            int octets = Math.clamp(payload, 0, MOST_PAYLOAD);
            return worker.execute((on, now) -> request(sequence, octets, on, now));
        }

        private void request(int sequence, int payload, PacketWorker on, long now) {
            Packet packet = on.pool().take();
            if (packet == null) {
                return;
            }
            lastSent = now;
            boolean v4 = destination.isV4();
            int octets = Icmp.HEADER + payload;
            int at = packet.append((v4 ? Ipv4.HEADER : Ipv6.HEADER) + octets);
            int echo = at + (v4 ? Ipv4.HEADER : Ipv6.HEADER);
            MemorySegment b = packet.buffer();
            b.asSlice(echo + Icmp.HEADER, payload).fill((byte) 0);
            if (payload >= STAMP) {
                Octets.i64(b, echo + Icmp.HEADER, now);
            }
            int rest = identifier << 16 | (sequence & 0xffff);
            if (v4) {
                int total = Ipv4.HEADER + octets;
                Ipv4.write(
                        b,
                        at,
                        0,
                        total,
                        sequence & 0xffff,
                        false,
                        TTL,
                        IpProtocol.ICMP,
                        source.v4Bits(),
                        destination.v4Bits());
                Icmp.write(b, echo, Icmp.ECHO_REQUEST, 0, rest);
                Icmp.computeChecksum(b, echo, echo + octets);
            } else {
                Ipv6.write(
                        b,
                        at,
                        0,
                        0,
                        octets,
                        IpProtocol.ICMPV6,
                        TTL,
                        source.high(),
                        source.low(),
                        destination.high(),
                        destination.low());
                Icmpv6.write(b, echo, Icmpv6.ECHO_REQUEST, 0, rest);
                Icmpv6.computeChecksum(b, echo, echo + octets, Ipv6.pseudoHeader(b, at, IpProtocol.ICMPV6, octets));
            }
            on.originate(packet, now);
        }

        private boolean isAnsweredBy(Packet packet) {
            return packet.sourcePort() == identifier
                    && packet.sourceHigh() == destination.high()
                    && packet.sourceLow() == destination.low();
        }

        /** Hears no more replies. */
        @Override
        public void close() {
            pings.compareAndSet(slot, this, null);
        }
    }
}
