package io.portcullis.core.connection;

import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.MemorySegment;

/** Makes one TCP segment of another, in place. */
final class TcpSegment {
    private static final int TTL = 64;
    private static final int MSS_OPTION = 4;
    private static final int STAMPS = 10;

    private TcpSegment() {}

    /** Makes a bare segment of one, in the same direction: no data, no options but an MSS if there is one. */
    static void bare(Packet packet, int sequence, int acknowledgement, int flags, int window, int mss) {
        write(
                packet,
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.sourcePort(),
                packet.destinationPort(),
                sequence,
                acknowledgement,
                flags,
                window,
                mss);
    }

    /** Makes a bare segment of one, in the other direction. */
    static void answer(Packet packet, int sequence, int acknowledgement, int flags, int window, int mss) {
        write(
                packet,
                /* srcHigh= */ packet.destinationHigh(),
                /* srcLow= */ packet.destinationLow(),
                /* dstHigh= */ packet.sourceHigh(),
                /* dstLow= */ packet.sourceLow(),
                /* sourcePort= */ packet.destinationPort(),
                /* destinationPort= */ packet.sourcePort(),
                sequence,
                acknowledgement,
                flags,
                window,
                mss);
    }

    /**
     * Makes an acknowledgement without data of one, in the other direction; with time stamps if it has some, of which
     * the sender's own comes back and the one that he sends back goes again (RFC 7323 section 3.2).
     */
    static void acknowledge(Packet packet, int sequence, int acknowledgement, int window) {
        MemorySegment b = packet.buffer();
        int option = Tcp.optionAt(b, packet.transportAt(), Tcp.OPTION_TIMESTAMPS);
        boolean hasStamps = option != 0 && Tcp.optionLength(b, option) == STAMPS;
        int value = hasStamps ? word(b, option + 2) : 0;
        int echo = hasStamps ? word(b, option + 6) : 0;
        answer(packet, sequence, acknowledgement, Tcp.ACK, window, 0);
        if (!hasStamps) {
            return;
        }
        int at = packet.transportAt();
        Tcp.headerLength(b, at, Tcp.HEADER + STAMPS + 2);
        Octets.u16(b, at + Tcp.HEADER, Tcp.OPTION_NOP << 8 | Tcp.OPTION_NOP);
        Octets.u16(b, at + Tcp.HEADER + 2L, Tcp.OPTION_TIMESTAMPS << 8 | STAMPS);
        Octets.i32(b, at + Tcp.HEADER + 4L, echo);
        Octets.i32(b, at + Tcp.HEADER + 8L, value);
        change(packet, sequence, at + Tcp.HEADER + STAMPS + 2);
    }

    /** Gives the segment another sequence number and another end; what lies between has changed too. */
    static void change(Packet packet, int sequence, int end) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int network = packet.networkAt();
        Tcp.sequence(b, at, sequence);
        packet.bounds(packet.start(), end);
        if (packet.ipVersion() == 4) {
            Ipv4.totalLength(b, network, end - network);
        } else {
            Ipv6.payloadLength(b, network, end - network - Ipv6.HEADER);
        }
        packet.network(packet.ipVersion(), network, at, end, packet.protocol());
        long pseudo = Headers.pseudoHeader(packet, end - at);
        if (packet.partialChecksum()) {
            Tcp.checksum(b, at, Checksum.fold(pseudo));
        } else {
            Tcp.computeChecksum(b, at, end, pseudo);
        }
    }

    static int word(MemorySegment b, int at) {
        return Octets.i32(b, at);
    }

    /** Replaces four octets of the header or the data, wherever they begin; the checksum follows. */
    static void replaceWord(Packet packet, int at, int value) {
        MemorySegment b = packet.buffer();
        int before = word(b, at);
        Octets.i32(b, at, value);
        boolean isEven = (at - packet.transportAt() & 1) == 0;
        // At an odd offset the octets fall into other halves of words: swapping both sides says the same (RFC 1071).
        Checksums.word32(
                packet,
                isEven ? before : Integer.rotateLeft(before, Byte.SIZE),
                isEven ? value : Integer.rotateLeft(value, Byte.SIZE));
    }

    /** Adds to the sequence number. */
    static void shiftSequence(Packet packet, int by) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        int before = Tcp.sequence(b, at);
        Tcp.sequence(b, at, before + by);
        Checksums.word32(packet, before, before + by);
    }

    /** Adds to the acknowledgement number, if there is one. */
    static void shiftAcknowledgement(Packet packet, int by) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        if ((Tcp.flags(b, at) & Tcp.ACK) == 0) {
            return;
        }
        int before = Tcp.acknowledgement(b, at);
        Tcp.acknowledgement(b, at, before + by);
        Checksums.word32(packet, before, before + by);
    }

    private static void write(
            Packet packet,
            long srcHigh,
            long srcLow,
            long dstHigh,
            long dstLow,
            int sourcePort,
            int destinationPort,
            int sequence,
            int acknowledgement,
            int flags,
            int window,
            int mss) {
        MemorySegment b = packet.buffer();
        boolean v4 = packet.ipVersion() == 4;
        int length = Tcp.HEADER + (mss > 0 ? MSS_OPTION : 0);
        int at = packet.transportAt();
        // Options of IP and extension headers were the sender's; what lay before the transport header has room enough.
        int network = at - (v4 ? Ipv4.HEADER : Ipv6.HEADER);
        packet.bounds(network, at + length);
        if (v4) {
            Ipv4.write(b, network, 0, Ipv4.HEADER + length, 0, true, TTL, IpProtocol.TCP, (int) srcLow, (int) dstLow);
        } else {
            Ipv6.write(b, network, 0, 0, length, IpProtocol.TCP, TTL, srcHigh, srcLow, dstHigh, dstLow);
        }
        Tcp.write(b, at, sourcePort, destinationPort, sequence, acknowledgement, flags, window);
        if (mss > 0) {
            Tcp.headerLength(b, at, length);
            Octets.u8(b, at + Tcp.HEADER, Tcp.OPTION_MSS);
            Octets.u8(b, at + Tcp.HEADER + 1L, MSS_OPTION);
            Octets.u16(b, at + Tcp.HEADER + 2L, mss);
        }
        packet.clearOffload();
        packet.assembledFrom(0, 0);
        Headers.parse(packet);
        Tcp.computeChecksum(b, at, at + length, Headers.pseudoHeader(packet, length));
    }
}
