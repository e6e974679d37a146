package io.portcullis.core.port.linux;

import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The header that stands before each frame of a port with offloads (linux/virtio_net.h, legacy form): how its checksum
 * is to be finished and how it is to be cut. Native byte order.
 */
final class VirtioHeader {
    static final int LENGTH = 10;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final int FLAGS = 0;
    private static final int GSO_TYPE = 1;
    private static final int HEADERS = 2;
    private static final int GSO_SIZE = 4;
    private static final int CHECKSUM_START = 6;
    private static final int CHECKSUM_OFFSET = 8;

    private static final int NEEDS_CHECKSUM = 1;
    private static final int TCP_V4 = 1;
    private static final int TCP_V6 = 4;
    private static final int UDP = 5;
    /** The first segment carries CWR and the others do not. */
    private static final int ECN = 0x80;

    private VirtioHeader() {}

    /**
     * Takes the offload fields of a received packet, whose data is the frame, from the header at {@code at} of
     * {@code b}.
     *
     * @return false when the frame contradicts its header or the kind of cutting is not known: it can not be used
     */
    static boolean read(MemorySegment b, long at, Packet packet) {
        if ((b.get(ValueLayout.JAVA_BYTE, at + FLAGS) & NEEDS_CHECKSUM) != 0) {
            int start = u16(b, at + CHECKSUM_START);
            int offset = u16(b, at + CHECKSUM_OFFSET);
            if (start + offset + 2 > packet.length()) {
                return false;
            }
            packet.partialChecksum(packet.start() + start, offset);
        }
        int type = b.get(ValueLayout.JAVA_BYTE, at + GSO_TYPE) & 0xff & ~ECN;
        Packet.Gso gso = switch (type) {
            case TCP_V4 -> Packet.Gso.TCP_V4;
            case TCP_V6 -> Packet.Gso.TCP_V6;
            case UDP -> Packet.Gso.UDP;
            default -> Packet.Gso.NONE;
        };
        if (gso == Packet.Gso.NONE) {
            return type == 0;
        }
        packet.gso(gso, u16(b, at + GSO_SIZE));
        return packet.gsoSize() > 0;
    }

    /** Writes the offload fields of a packet that is to be sent. */
    static void write(MemorySegment b, int at, Packet packet) {
        int flags = 0;
        int type = 0;
        int headers = 0;
        int start = 0;
        int offset = 0;
        int size = 0;
        if (packet.partialChecksum()) {
            flags = NEEDS_CHECKSUM;
            start = packet.checksumStart() - packet.start();
            offset = packet.checksumOffset();
        }
        if (packet.gso() != Packet.Gso.NONE) {
            size = packet.gsoSize();
            int transport = packet.checksumStart();
            if (packet.gso() == Packet.Gso.UDP) {
                type = UDP;
                headers = start + 8;
            } else {
                type = packet.gso() == Packet.Gso.TCP_V4 ? TCP_V4 : TCP_V6;
                if ((Tcp.flags(packet.buffer(), transport) & Tcp.CWR) != 0) {
                    type |= ECN;
                }
                headers = start + Tcp.headerLength(packet.buffer(), transport);
            }
        }
        b.set(ValueLayout.JAVA_BYTE, at + FLAGS, (byte) flags);
        b.set(ValueLayout.JAVA_BYTE, at + GSO_TYPE, (byte) type);
        b.set(SHORT, at + HEADERS, (short) headers);
        b.set(SHORT, at + GSO_SIZE, (short) size);
        b.set(SHORT, at + CHECKSUM_START, (short) start);
        b.set(SHORT, at + CHECKSUM_OFFSET, (short) offset);
    }

    private static int u16(MemorySegment b, long at) {
        return b.get(SHORT, at) & 0xffff;
    }
}
