package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.u16;

import java.lang.foreign.MemorySegment;

/** UDP in place (RFC 768). Call check first: after NONE no accessor can fail. */
public final class Udp {
    public static final int HEADER = 8;
    /** Where the checksum stands in the header. */
    public static final int CHECKSUM = 6;

    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int LENGTH = 4;

    private Udp() {}

    /** Checks the header and its length against the IP packet that ends before {@code end}. */
    public static DropReason check(MemorySegment b, int at, int end) {
        if (end - at < HEADER) {
            return DropReason.SHORT_HEADER;
        }
        int length = length(b, at);
        return length < HEADER || length > end - at ? DropReason.BAD_LENGTH : DropReason.NONE;
    }

    public static int sourcePort(MemorySegment b, int at) {
        return u16(b, at + SOURCE_PORT);
    }

    public static int destinationPort(MemorySegment b, int at) {
        return u16(b, at + DESTINATION_PORT);
    }

    /** Octets of header and data. */
    public static int length(MemorySegment b, int at) {
        return u16(b, at + LENGTH);
    }

    /** The checksum; 0 means that the sender made none (IPv4 only). */
    public static int checksum(MemorySegment b, int at) {
        return u16(b, at + CHECKSUM);
    }

    /** Writes a header; {@code length} counts header and data, the checksum is 0 until it is computed. */
    public static void write(MemorySegment b, int at, int sourcePort, int destinationPort, int length) {
        u16(b, at + SOURCE_PORT, sourcePort);
        u16(b, at + DESTINATION_PORT, destinationPort);
        u16(b, at + LENGTH, length);
        u16(b, at + CHECKSUM, 0);
    }

    /** Sets the source port; the checksum does not follow (see {@link Checksums}). */
    public static void sourcePort(MemorySegment b, int at, int port) {
        u16(b, at + SOURCE_PORT, port);
    }

    /** Sets the destination port; the checksum does not follow (see {@link Checksums}). */
    public static void destinationPort(MemorySegment b, int at, int port) {
        u16(b, at + DESTINATION_PORT, port);
    }

    public static void length(MemorySegment b, int at, int length) {
        u16(b, at + LENGTH, length);
    }

    public static void checksum(MemorySegment b, int at, int checksum) {
        u16(b, at + CHECKSUM, checksum);
    }

    /** Computes the checksum over header and data; a result of 0 is sent as 0xffff. */
    public static void computeChecksum(MemorySegment b, int at, long pseudoHeader) {
        checksum(b, at, 0);
        int checksum = Checksum.of(b, at, at + length(b, at), pseudoHeader);
        checksum(b, at, checksum == 0 ? 0xffff : checksum);
    }

    /** The header in words. */
    public static String describe(MemorySegment b, int at) {
        return "UDP " + sourcePort(b, at) + " > " + destinationPort(b, at) + " length " + length(b, at);
    }
}
