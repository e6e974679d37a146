package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.u16;
import static io.portcullis.core.packet.Octets.u8;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Joins the TCP segments and UDP datagrams of a burst to super-packets, a few flows at a time: what {@link Segmenter}
 * undoes, octet for octet. Packets come out in the order in which they, or the first of their pieces, came in; within a
 * flow nothing overtakes. Owned by one worker.
 *
 * <pre>{@code
 * if (!joiner.join(from, at, end, owner)) {
 *     joiner.add(packet, owner);   // the same octets, alone in their buffer
 * }
 * ...
 * while ((packet = joiner.poll()) != null) { ... }
 * }</pre>
 */
public final class Joiner {
    /** Packets that it holds at most. */
    public static final int CAPACITY = 256;

    private static final int FLOWS = 8;

    private final @Nullable Packet[] queue = new @Nullable Packet[CAPACITY];
    private int head;
    private int size;

    private final JoinedPacket[] open = new JoinedPacket[FLOWS];
    private int flows;
    private int victim;

    public Joiner() {
        for (int i = 0; i < FLOWS; i++) {
            open[i] = new JoinedPacket();
        }
    }

    /** How many packets can still be added. */
    public int room() {
        return CAPACITY - size;
    }

    /**
     * Appends an IP packet to what came before it of its flow, if the two can be one.
     *
     * @param from in whose buffer it lies; that may be the buffer of the packet which it is joined to, behind it
     * @param at offset of its IP header
     * @param end offset behind its last octet, as its header says
     * @param owner only packets of the same owner are joined
     * @return whether it was; if not, {@link #add} is to be called, unless the packet is not wanted
     */
    public boolean join(Packet from, int at, int end, Object owner) {
        MemorySegment b = from.buffer();
        int transportAt = transportAt(b, at, end);
        if (transportAt == 0) {
            // It may be of any flow, a fragment for instance: nothing that comes later goes before it.
            closeAll();
            return false;
        }
        for (int i = 0; i < flows; i++) {
            JoinedPacket joined = open[i];
            if (joined.isOfFlow(b, at, transportAt, owner)) {
                boolean taken = joined.append(b, at, transportAt, end);
                if (!taken || joined.isComplete()) {
                    close(i);
                }
                return taken;
            }
        }
        return false;
    }

    /**
     * Takes a packet over that {@link #join} left alone: start() is at its IP header, end() behind its last octet.
     *
     * @throws IllegalStateException without {@link #room}
     */
    public void add(Packet packet, Object owner) {
        if (size == CAPACITY) {
            throw new IllegalStateException("no room for another packet");
        }
        queue[head + size++ & CAPACITY - 1] = packet;
        int transportAt = transportAt(packet.buffer(), packet.start(), packet.end());
        if (transportAt == 0 || !JoinedPacket.mayBegin(packet, transportAt)) {
            return;
        }
        if (flows == FLOWS) {
            victim = (victim + 1) % FLOWS;
            close(victim);
        }
        open[flows++].begin(packet, transportAt, owner);
    }

    /** The next packet, finished; null when there is none. */
    public @Nullable Packet poll() {
        if (size == 0) {
            return null;
        }
        Packet packet = queue[head];
        queue[head] = null;
        head = head + 1 & CAPACITY - 1;
        size--;
        for (int i = 0; i < flows; i++) {
            if (open[i].packet() == packet) {
                close(i);
                break;
            }
        }
        return packet;
    }

    private void close(int index) {
        JoinedPacket closed = open[index];
        closed.finish();
        open[index] = open[--flows];
        open[flows] = closed;
    }

    private void closeAll() {
        while (flows > 0) {
            close(flows - 1);
        }
    }

    /** Offset of the TCP or UDP header of a packet that has nothing between it and the IP header; else 0. */
    private static int transportAt(MemorySegment b, int at, int end) {
        int version = u8(b, at) >>> 4;
        if (version == 4) {
            boolean plain = end - at >= Ipv4.HEADER + Udp.HEADER
                    && u8(b, at) == 0x45
                    && Ipv4.totalLength(b, at) == end - at
                    && Ipv4.fragmentOffset(b, at) == 0
                    && !Ipv4.moreFragments(b, at);
            return plain ? transportAt(b, at + Ipv4.HEADER, end, Ipv4.protocol(b, at)) : 0;
        }
        boolean plain = version == 6
                && end - at >= Ipv6.HEADER + Udp.HEADER
                && Ipv6.payloadLength(b, at) == end - at - Ipv6.HEADER;
        return plain ? transportAt(b, at + Ipv6.HEADER, end, Ipv6.nextHeader(b, at)) : 0;
    }

    private static int transportAt(MemorySegment b, int at, int end, int protocol) {
        boolean whole = switch (protocol) {
            case IpProtocol.TCP -> Tcp.check(b, at, end) == DropReason.NONE;
            case IpProtocol.UDP -> Udp.length(b, at) == end - at;
            default -> false;
        };
        return whole ? at : 0;
    }

    /** One super-packet in the making: its first packet, and behind that the payload of those that were joined. */
    private static final class JoinedPacket {
        private static final int LONGEST = 65_535;
        /** What Linux takes of UDP in one piece (UDP_MAX_SEGMENTS). */
        private static final int MOST_DATAGRAMS = 64;

        private @Nullable Packet packet;
        private @Nullable Object owner;
        private boolean v4;
        private boolean tcp;
        private int networkAt;
        private int transportAt;
        private int payloadAt;
        private int segment;
        private int segments;
        private int nextSequence;
        private int nextIdentification;
        private boolean pushes;
        private boolean complete;

        @Nullable
        Packet packet() {
            return packet;
        }

        boolean isComplete() {
            return complete;
        }

        /** Whether another packet may follow this one, as far as its own header says. */
        static boolean mayBegin(Packet packet, int transportAt) {
            MemorySegment b = packet.buffer();
            if (isTcp(b, packet.start())) {
                int payload = packet.end() - transportAt - Tcp.headerLength(b, transportAt);
                return payload > 0 && (Tcp.flags(b, transportAt) & ~Tcp.ECE) == Tcp.ACK;
            }
            return packet.end() - transportAt > Udp.HEADER && Udp.checksum(b, transportAt) != 0;
        }

        private static boolean isTcp(MemorySegment b, int at) {
            int protocol = u8(b, at) >>> 4 == 4 ? Ipv4.protocol(b, at) : Ipv6.nextHeader(b, at);
            return protocol == IpProtocol.TCP;
        }

        void begin(Packet first, int firstTransportAt, Object itsOwner) {
            MemorySegment b = first.buffer();
            packet = first;
            owner = itsOwner;
            networkAt = first.start();
            transportAt = firstTransportAt;
            v4 = u8(b, networkAt) >>> 4 == 4;
            tcp = isTcp(b, networkAt);
            payloadAt = transportAt + headerLength(b, transportAt);
            segment = first.end() - payloadAt;
            segments = 1;
            nextSequence = tcp ? Tcp.sequence(b, transportAt) + segment : 0;
            nextIdentification = v4 ? Ipv4.identification(b, networkAt) + 1 & 0xffff : 0;
            pushes = false;
            complete = false;
        }

        private int headerLength(MemorySegment b, int at) {
            return tcp ? Tcp.headerLength(b, at) : Udp.HEADER;
        }

        boolean isOfFlow(MemorySegment b, int at, int itsTransportAt, Object itsOwner) {
            Packet ours = packet;
            if (ours == null || !itsOwner.equals(owner)) {
                return false;
            }
            MemorySegment mine = ours.buffer();
            return i32(b, itsTransportAt) == i32(mine, transportAt)
                    && itsTransportAt - at == transportAt - networkAt
                    && sameAddresses(b, at, mine)
                    && isTcp(b, at) == tcp;
        }

        private boolean sameAddresses(MemorySegment b, int at, MemorySegment mine) {
            return v4
                    ? Ipv4.source(b, at) == Ipv4.source(mine, networkAt)
                            && Ipv4.destination(b, at) == Ipv4.destination(mine, networkAt)
                    : Ipv6.sourceLow(b, at) == Ipv6.sourceLow(mine, networkAt)
                            && Ipv6.destinationLow(b, at) == Ipv6.destinationLow(mine, networkAt)
                            && Ipv6.sourceHigh(b, at) == Ipv6.sourceHigh(mine, networkAt)
                            && Ipv6.destinationHigh(b, at) == Ipv6.destinationHigh(mine, networkAt);
        }

        /** Appends the payload of a packet of this flow. @return false when cutting could not restore it */
        boolean append(MemorySegment b, int at, int itsTransportAt, int end) {
            Packet ours = packet;
            if (ours == null) {
                return false;
            }
            MemorySegment mine = ours.buffer();
            int itsPayloadAt = itsTransportAt + headerLength(b, itsTransportAt);
            int payload = end - itsPayloadAt;
            int joined = ours.end() + payload;
            boolean fits = payload > 0
                    && payload <= segment
                    && joined - networkAt <= LONGEST
                    && joined <= Packet.CAPACITY - Packet.TAILROOM
                    && (tcp || segments < MOST_DATAGRAMS);
            if (!fits
                    || !continues(b, at, itsTransportAt, mine)
                    || !isSound(b, at, itsTransportAt, end)
                    || (segments == 1 && !isSound(mine, networkAt, transportAt, ours.end()))) {
                return false;
            }
            // In one buffer the payload moves over its own header.
            pushes = tcp && (Tcp.flags(b, itsTransportAt) & Tcp.PSH) != 0;
            MemorySegment.copy(b, itsPayloadAt, mine, ours.append(payload), payload);
            segments++;
            nextSequence += payload;
            nextIdentification = nextIdentification + 1 & 0xffff;
            complete = pushes || payload < segment;
            return true;
        }

        /** Whether its headers are those that cutting would write: the same but for what counts on. */
        private boolean continues(MemorySegment b, int at, int itsTransportAt, MemorySegment mine) {
            return sameNetwork(b, at, mine) && (!tcp || sameTransport(b, itsTransportAt, mine));
        }

        private boolean sameNetwork(MemorySegment b, int at, MemorySegment mine) {
            // Before the lengths: TOS, or traffic class and flow label. Behind: DF and TTL, or hop limit; the protocol.
            return v4
                    ? u16(b, at) == u16(mine, networkAt)
                            && Ipv4.identification(b, at) == nextIdentification
                            && i32(b, at + 6) == i32(mine, networkAt + 6)
                    : i32(b, at) == i32(mine, networkAt) && u16(b, at + 6) == u16(mine, networkAt + 6);
        }

        private boolean sameTransport(MemorySegment b, int at, MemorySegment mine) {
            // Length and reserved bits together with the flags. The first packet's are ACK, perhaps ECE.
            boolean same = Tcp.sequence(b, at) == nextSequence
                    && Tcp.acknowledgement(b, at) == Tcp.acknowledgement(mine, transportAt)
                    && ((u16(b, at + 12) ^ u16(mine, transportAt + 12)) & ~Tcp.PSH) == 0
                    && Tcp.window(b, at) == Tcp.window(mine, transportAt)
                    && Tcp.urgentPointer(b, at) == Tcp.urgentPointer(mine, transportAt);
            for (int i = Tcp.HEADER; same && i < payloadAt - transportAt; i += 4) {
                same = i32(b, at + i) == i32(mine, transportAt + i);
            }
            return same;
        }

        /**
         * Whether its checksums are right, and written as we would write them: ones' complement has two zeros. UDP
         * without a checksum is not, since the others' would be made and its would not.
         */
        private boolean isSound(MemorySegment b, int at, int itsTransportAt, int end) {
            int length = end - itsTransportAt;
            if (v4 && (Ipv4.checksum(b, at) == 0xffff || Checksum.of(b, at, at + Ipv4.HEADER) != 0)) {
                return false;
            }
            boolean written = tcp ? Tcp.checksum(b, itsTransportAt) != 0xffff : Udp.checksum(b, itsTransportAt) != 0;
            return written && Checksum.of(b, itsTransportAt, end, pseudoHeader(b, at, length)) == 0;
        }

        private long pseudoHeader(MemorySegment b, int at, int length) {
            int protocol = tcp ? IpProtocol.TCP : IpProtocol.UDP;
            return v4 ? Ipv4.pseudoHeader(b, at, protocol, length) : Ipv6.pseudoHeader(b, at, protocol, length);
        }

        /** Makes what was joined one super-packet; a packet that stayed alone stays as it came. */
        void finish() {
            Packet ours = packet;
            packet = null;
            owner = null;
            if (ours == null || segments == 1) {
                return;
            }
            MemorySegment b = ours.buffer();
            int length = ours.end() - transportAt;
            if (v4) {
                Ipv4.totalLength(b, networkAt, ours.end() - networkAt);
            } else {
                Ipv6.payloadLength(b, networkAt, ours.end() - networkAt - Ipv6.HEADER);
            }
            int partial = Checksum.fold(pseudoHeader(b, networkAt, length));
            if (tcp) {
                Tcp.flags(b, transportAt, Tcp.flags(b, transportAt) | (pushes ? Tcp.PSH : 0));
                Tcp.checksum(b, transportAt, partial);
                ours.partialChecksum(transportAt, Tcp.CHECKSUM);
                ours.gso(v4 ? Packet.Gso.TCP_V4 : Packet.Gso.TCP_V6, segment);
            } else {
                Udp.length(b, transportAt, length);
                Udp.checksum(b, transportAt, partial);
                ours.partialChecksum(transportAt, Udp.CHECKSUM);
                ours.gso(Packet.Gso.UDP, segment);
            }
        }
    }
}
