package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.u16;
import static io.portcullis.core.packet.Octets.u8;

import java.lang.foreign.MemorySegment;

/** TCP header in place (RFC 9293). Call check first: after NONE no accessor can fail. */
public final class Tcp {
    /** Octets without options. */
    public static final int HEADER = 20;
    /** Where the checksum stands in the header. */
    public static final int CHECKSUM = 16;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;

    public static final int OPTION_END = 0;
    public static final int OPTION_NOP = 1;
    public static final int OPTION_MSS = 2;
    public static final int OPTION_WINDOW_SCALE = 3;
    public static final int OPTION_SACK_PERMITTED = 4;
    public static final int OPTION_SACK = 5;
    public static final int OPTION_TIMESTAMPS = 8;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGEMENT = 8;
    private static final int DATA_OFFSET = 12;
    private static final int FLAGS = 13;
    private static final int WINDOW = 14;
    private static final int URGENT = 18;
    private static final String FLAG_LETTERS = "FSRPAUEC";

    private Tcp() {}

    /** Checks the header and its length against the IP packet that ends before {@code end}. */
    public static DropReason check(MemorySegment b, int at, int end) {
        if (end - at < HEADER) {
            return DropReason.SHORT_HEADER;
        }
        int header = headerLength(b, at);
        return header < HEADER || header > end - at ? DropReason.BAD_LENGTH : DropReason.NONE;
    }

    public static int sourcePort(MemorySegment b, int at) {
        return u16(b, at + SOURCE_PORT);
    }

    public static int destinationPort(MemorySegment b, int at) {
        return u16(b, at + DESTINATION_PORT);
    }

    /** Sequence number, modulo 2^32. */
    public static int sequence(MemorySegment b, int at) {
        return i32(b, at + SEQUENCE);
    }

    /** Acknowledgement number, modulo 2^32. */
    public static int acknowledgement(MemorySegment b, int at) {
        return i32(b, at + ACKNOWLEDGEMENT);
    }

    /** Octets with options, 20..60. */
    public static int headerLength(MemorySegment b, int at) {
        return u8(b, at + DATA_OFFSET) >>> 4 << 2;
    }

    /** The eight flags from CWR to FIN. */
    public static int flags(MemorySegment b, int at) {
        return u8(b, at + FLAGS);
    }

    public static int window(MemorySegment b, int at) {
        return u16(b, at + WINDOW);
    }

    public static int checksum(MemorySegment b, int at) {
        return u16(b, at + CHECKSUM);
    }

    public static int urgentPointer(MemorySegment b, int at) {
        return u16(b, at + URGENT);
    }

    /**
     * The bits between data offset and flags that have no meaning; accurate ECN has the last of the four (RFC 9768).
     */
    public static int reservedBits(MemorySegment b, int at) {
        return u8(b, at + DATA_OFFSET) & 0x0e;
    }

    /** Whether each option lies within the header. */
    public static boolean optionsFit(MemorySegment b, int at) {
        int end = at + headerLength(b, at);
        int where = at + HEADER;
        while (where < end && u8(b, where) != OPTION_END) {
            int length = optionLength(b, where, end);
            if (length == 0) {
                return false;
            }
            where += length;
        }
        return true;
    }

    /** Octets of an option of a kind that says its length, where {@link #optionAt} found it. */
    public static int optionLength(MemorySegment b, int where) {
        return u8(b, where + 1);
    }

    /** Octets of the option at {@code where}, 0 when it is malformed. */
    private static int optionLength(MemorySegment b, int where, int end) {
        if (u8(b, where) == OPTION_NOP) {
            return 1;
        }
        int length = where + 1 < end ? u8(b, where + 1) : 0;
        return length < 2 || length > end - where ? 0 : length;
    }

    /** Absolute offset of the first option of a kind, 0 when there is none or the options before it are malformed. */
    public static int optionAt(MemorySegment b, int at, int kind) {
        int end = at + headerLength(b, at);
        int where = at + HEADER;
        while (where < end) {
            int found = u8(b, where);
            if (found == OPTION_END) {
                return 0;
            }
            int length = optionLength(b, where, end);
            if (length == 0) {
                return 0;
            }
            if (found == kind) {
                return where;
            }
            where += length;
        }
        return 0;
    }

    /** The maximum segment size that a SYN announces, 0 when it announces none. */
    public static int mss(MemorySegment b, int at) {
        int option = optionAt(b, at, OPTION_MSS);
        return option != 0 && u8(b, option + 1) == 4 ? u16(b, option + 2) : 0;
    }

    /** The window shift that a SYN announces, -1 when it announces none. */
    public static int windowScale(MemorySegment b, int at) {
        int option = optionAt(b, at, OPTION_WINDOW_SCALE);
        return option != 0 && u8(b, option + 1) == 3 ? u8(b, option + 2) : -1;
    }

    /** Writes a header without options; the checksum is 0 until it is computed. */
    public static void write(
            MemorySegment b,
            int at,
            int sourcePort,
            int destinationPort,
            int sequence,
            int acknowledgement,
            int flags,
            int window) {
        u16(b, at + SOURCE_PORT, sourcePort);
        u16(b, at + DESTINATION_PORT, destinationPort);
        i32(b, at + SEQUENCE, sequence);
        i32(b, at + ACKNOWLEDGEMENT, acknowledgement);
        u8(b, at + DATA_OFFSET, HEADER << 2);
        u8(b, at + FLAGS, flags);
        u16(b, at + WINDOW, window);
        u16(b, at + CHECKSUM, 0);
        u16(b, at + URGENT, 0);
    }

    /** Sets the source port; the checksum does not follow (see {@link Checksums}), nor in the setters below. */
    public static void sourcePort(MemorySegment b, int at, int port) {
        u16(b, at + SOURCE_PORT, port);
    }

    public static void destinationPort(MemorySegment b, int at, int port) {
        u16(b, at + DESTINATION_PORT, port);
    }

    public static void sequence(MemorySegment b, int at, int sequence) {
        i32(b, at + SEQUENCE, sequence);
    }

    public static void acknowledgement(MemorySegment b, int at, int acknowledgement) {
        i32(b, at + ACKNOWLEDGEMENT, acknowledgement);
    }

    /** Sets the header's length, 20..60 octets, a multiple of 4. */
    public static void headerLength(MemorySegment b, int at, int octets) {
        u8(b, at + DATA_OFFSET, octets << 2);
    }

    public static void flags(MemorySegment b, int at, int flags) {
        u8(b, at + FLAGS, flags);
    }

    public static void checksum(MemorySegment b, int at, int checksum) {
        u16(b, at + CHECKSUM, checksum);
    }

    /** Computes the checksum over the segment that ends before {@code end}. */
    public static void computeChecksum(MemorySegment b, int at, int end, long pseudoHeader) {
        checksum(b, at, 0);
        checksum(b, at, Checksum.of(b, at, end, pseudoHeader));
    }

    /** The header in words. */
    public static String describe(MemorySegment b, int at) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if ((flags(b, at) & 1 << i) != 0) {
                letters.append(FLAG_LETTERS.charAt(i));
            }
        }
        return "TCP " + sourcePort(b, at) + " > " + destinationPort(b, at) + " [" + letters + "] seq "
                + Integer.toUnsignedString(sequence(b, at)) + " ack "
                + Integer.toUnsignedString(acknowledgement(b, at)) + " window " + window(b, at)
                + (mss(b, at) == 0 ? "" : " mss " + mss(b, at));
    }
}
