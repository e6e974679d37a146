package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.i64;
import static io.portcullis.core.packet.Octets.u16;
import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.net.IpAddress;
import java.lang.foreign.MemorySegment;

/**
 * IPv6 header in place (RFC 8200). Call check first: after NONE no accessor can fail. What may follow before the
 * transport header is {@link Ipv6Extensions}' concern.
 */
public final class Ipv6 {
    public static final int HEADER = 40;

    private static final int VERSION = 0;
    private static final int PAYLOAD_LENGTH = 4;
    private static final int NEXT_HEADER = 6;
    private static final int HOP_LIMIT = 7;
    private static final int SOURCE = 8;
    private static final int DESTINATION = 24;

    private Ipv6() {}

    /** Checks version and lengths against the frame that ends before {@code end}. Jumbograms are refused. */
    public static DropReason check(MemorySegment b, int at, int end) {
        if (end - at < HEADER) {
            return DropReason.SHORT_HEADER;
        }
        if (u8(b, at + VERSION) >>> 4 != 6) {
            return DropReason.BAD_VERSION;
        }
        // A jumbogram says 0 and Hop-by-Hop (RFC 2675); what follows then has no room and is refused there.
        return payloadLength(b, at) > end - at - HEADER ? DropReason.BAD_LENGTH : DropReason.NONE;
    }

    /** DSCP and ECN together. */
    public static int trafficClass(MemorySegment b, int at) {
        return i32(b, at + VERSION) >>> 20 & 0xff;
    }

    public static int dscp(MemorySegment b, int at) {
        return trafficClass(b, at) >>> 2;
    }

    public static int ecn(MemorySegment b, int at) {
        return trafficClass(b, at) & 3;
    }

    public static int flowLabel(MemorySegment b, int at) {
        return i32(b, at + VERSION) & 0xf_ffff;
    }

    /** Octets behind this header. */
    public static int payloadLength(MemorySegment b, int at) {
        return u16(b, at + PAYLOAD_LENGTH);
    }

    public static int nextHeader(MemorySegment b, int at) {
        return u8(b, at + NEXT_HEADER);
    }

    public static int hopLimit(MemorySegment b, int at) {
        return u8(b, at + HOP_LIMIT);
    }

    public static long sourceHigh(MemorySegment b, int at) {
        return i64(b, at + SOURCE);
    }

    public static long sourceLow(MemorySegment b, int at) {
        return i64(b, at + SOURCE + 8);
    }

    public static long destinationHigh(MemorySegment b, int at) {
        return i64(b, at + DESTINATION);
    }

    public static long destinationLow(MemorySegment b, int at) {
        return i64(b, at + DESTINATION + 8);
    }

    /** The sum of the pseudo-header for {@code length} octets of transport header and data. */
    public static long pseudoHeader(MemorySegment b, int at, int protocol, int length) {
        return Checksum.pseudoV6(
                sourceHigh(b, at), sourceLow(b, at), destinationHigh(b, at), destinationLow(b, at), protocol, length);
    }

    /** Writes a whole header. */
    public static void write(
            MemorySegment b,
            int at,
            int trafficClass,
            int flowLabel,
            int payloadLength,
            int nextHeader,
            int hopLimit,
            long srcHigh,
            long srcLow,
            long dstHigh,
            long dstLow) {
        i32(b, at + VERSION, 6 << 28 | trafficClass << 20 | flowLabel);
        u16(b, at + PAYLOAD_LENGTH, payloadLength);
        u8(b, at + NEXT_HEADER, nextHeader);
        u8(b, at + HOP_LIMIT, hopLimit);
        source(b, at, srcHigh, srcLow);
        destination(b, at, dstHigh, dstLow);
    }

    public static void trafficClass(MemorySegment b, int at, int trafficClass) {
        i32(b, at + VERSION, (i32(b, at + VERSION) & 0xf00f_ffff) | trafficClass << 20);
    }

    public static void payloadLength(MemorySegment b, int at, int length) {
        u16(b, at + PAYLOAD_LENGTH, length);
    }

    public static void hopLimit(MemorySegment b, int at, int hopLimit) {
        u8(b, at + HOP_LIMIT, hopLimit);
    }

    /** Sets the source; the transport's checksum does not follow (see {@link Checksums}). */
    public static void source(MemorySegment b, int at, long high, long low) {
        i64(b, at + SOURCE, high);
        i64(b, at + SOURCE + 8, low);
    }

    /** Sets the destination; the transport's checksum does not follow (see {@link Checksums}). */
    public static void destination(MemorySegment b, int at, long high, long low) {
        i64(b, at + DESTINATION, high);
        i64(b, at + DESTINATION + 8, low);
    }

    /** The header in words. */
    public static String describe(MemorySegment b, int at) {
        return "IPv6 " + new IpAddress(sourceHigh(b, at), sourceLow(b, at)) + " > "
                + new IpAddress(destinationHigh(b, at), destinationLow(b, at)) + " "
                + IpProtocol.name(nextHeader(b, at)) + " hops " + hopLimit(b, at) + " payload " + payloadLength(b, at);
    }
}
