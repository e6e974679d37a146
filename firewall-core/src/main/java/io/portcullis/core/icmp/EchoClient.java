package io.portcullis.core.icmp;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpHeader;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.Route;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Echo requests of the firewall's own, for {@code ping} and monitors. Opened and closed on any thread; packets are made
 * and replies heard on the worker's.
 */
public final class EchoClient {
    /** Pings at once. */
    public static final int MOST = 4096;
    /** Longest payload: a whole IPv6 packet of 64 kB. */
    public static final int MOST_PAYLOAD = 65_535 - Ipv6.HEADER - Icmpv6.HEADER;
    /** Requests of one ping whose times of sending are remembered. */
    public static final int OUTSTANDING = 64;

    private static final int IDENTIFIERS = 1 << 16;

    private final WorkerMailbox worker;
    private final RandomGenerator random;
    private final AtomicInteger open = new AtomicInteger();
    /** By identifier. */
    private final AtomicReferenceArray<@Nullable Ping> pings = new AtomicReferenceArray<>(IDENTIFIERS);

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

    /** Begins to ping, by the way that the routing tables say; empty when {@link #MOST} are open. */
    public Optional<Ping> open(IpAddress source, IpAddress destination, Listener listener) {
        return open(source, destination, null, listener);
    }

    /**
     * Begins to ping; empty when {@link #MOST} are open.
     *
     * @param by the way that the requests take, whatever the routing tables say; null for what they say
     */
    public Optional<Ping> open(IpAddress source, IpAddress destination, @Nullable Route by, Listener listener) {
        if (open.incrementAndGet() > MOST) {
            open.decrementAndGet();
            return Optional.empty();
        }
        while (true) {
            Ping ping = new Ping(random.nextInt(IDENTIFIERS), source, destination, by, listener);
            if (pings.compareAndSet(ping.identifier, null, ping)) {
                return Optional.of(ping);
            }
        }
    }

    /** Takes an echo reply when it is for one of the pings: whether it was. The packet stays the caller's. */
    public boolean heard(Packet packet, long now) {
        Ping ping = awaiting(packet);
        if (ping == null) {
            return false;
        }
        MemorySegment b = packet.buffer();
        int payload = packet.payloadEnd() - packet.transportAt() - Icmp.HEADER;
        int sequence = Icmp.sequence(b, packet.transportAt());
        int ttl = packet.ipVersion() == 4 ? Ipv4.ttl(b, packet.networkAt()) : Ipv6.hopLimit(b, packet.networkAt());
        ping.listener.replied(sequence, now - ping.sentAt.get(sequence % OUTSTANDING), ttl, payload);
        return true;
    }

    /** Whether a parsed echo reply answers one of the pings. */
    public boolean awaits(Packet packet) {
        return awaiting(packet) != null;
    }

    private @Nullable Ping awaiting(Packet packet) {
        Ping ping = pings.get(packet.sourcePort());
        boolean answers =
                ping != null && ping.isAnsweredBy(packet) && Headers.verifyTransport(packet) == DropReason.NONE;
        return answers ? ping : null;
    }

    /** One destination that is pinged. */
    public final class Ping implements AutoCloseable {
        private final int identifier;
        private final IpAddress source;
        private final IpAddress destination;
        private final @Nullable Route by;
        private final Listener listener;
        private final AtomicLongArray sentAt = new AtomicLongArray(OUTSTANDING);

        private Ping(int identifier, IpAddress source, IpAddress destination, @Nullable Route by, Listener listener) {
            this.identifier = identifier;
            this.source = source;
            this.destination = destination;
            this.by = by;
            this.listener = listener;
        }

        /**
         * Sends one request.
         *
         * @param sequence its number; the lower 16 bits count
         * @param payload octets, at most {@link #MOST_PAYLOAD}
         * @return false when the worker's mailbox is full
         */
        public boolean send(int sequence, int payload) {
            int octets = Math.clamp(payload, 0, MOST_PAYLOAD);
            return worker.execute((on, now) -> request(sequence & 0xffff, octets, on, now));
        }

        private void request(int sequence, int payload, PacketWorker on, long now) {
            Packet packet = on.pool().take();
            if (packet == null) {
                return;
            }
            sentAt.set(sequence % OUTSTANDING, now);
            int echo = packet.append(Icmp.HEADER + payload);
            MemorySegment b = packet.buffer();
            b.asSlice(echo + Icmp.HEADER, payload).fill((byte) 0);
            int rest = identifier << 16 | sequence;
            if (destination.isV4()) {
                Icmp.write(b, echo, Icmp.ECHO_REQUEST, 0, rest);
                Icmp.computeChecksum(b, echo, packet.end());
                IpHeader.push(packet, source, destination, IpProtocol.ICMP, sequence);
            } else {
                Icmpv6.write(b, echo, Icmpv6.ECHO_REQUEST, 0, rest);
                long pseudoHeader = IpHeader.push(packet, source, destination, IpProtocol.ICMPV6, sequence);
                Icmpv6.computeChecksum(b, echo, packet.end(), pseudoHeader);
            }
            if (by == null) {
                on.originate(packet, now);
            } else {
                on.originate(packet, by, now);
            }
        }

        private boolean isAnsweredBy(Packet packet) {
            return packet.sourceHigh() == destination.high()
                    && packet.sourceLow() == destination.low()
                    && packet.destinationHigh() == source.high()
                    && packet.destinationLow() == source.low();
        }

        /** Hears no more replies. */
        @Override
        public void close() {
            if (pings.compareAndSet(identifier, this, null)) {
                open.decrementAndGet();
            }
        }
    }
}
