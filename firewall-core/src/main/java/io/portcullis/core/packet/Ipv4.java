package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.u16;
import static io.portcullis.core.packet.Octets.u8;

import io.portcullis.core.net.IpAddress;
import java.lang.foreign.MemorySegment;

/** IPv4 header in place (RFC 791). Call check first: after NONE no accessor can fail. */
public final class Ipv4 {
    /** Octets without options. */
    public static final int HEADER = 20;

    private static final int VERSION_IHL = 0;
    private static final int TOS = 1;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FRAGMENT = 6;
    private static final int TTL = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int RESERVED_FLAG = 0x8000;
    private static final int DF = 0x4000;
    private static final int MF = 0x2000;
    private static final int OFFSET = 0x1fff;

    private Ipv4() {}

    /** Checks version, lengths against the frame that ends before {@code end}, and the header checksum. */
    public static DropReason check(MemorySegment b, int at, int end) {
        if (end - at < HEADER) {
            return DropReason.SHORT_HEADER;
        }
        if (u8(b, at + VERSION_IHL) >>> 4 != 4) {
            return DropReason.BAD_VERSION;
        }
        int header = headerLength(b, at);
        if (header < HEADER) {
            return DropReason.BAD_LENGTH;
        }
        if (header > end - at) {
            return DropReason.SHORT_HEADER;
        }
        int total = totalLength(b, at);
        if (total < header || total > end - at) {
            return DropReason.BAD_LENGTH;
        }
        return Checksum.of(b, at, at + header) == 0 ? DropReason.NONE : DropReason.BAD_CHECKSUM;
    }

    /** Octets with options, 20..60. */
    public static int headerLength(MemorySegment b, int at) {
        return (u8(b, at + VERSION_IHL) & 0xf) << 2;
    }

    /** DSCP and ECN together. */
    public static int tos(MemorySegment b, int at) {
        return u8(b, at + TOS);
    }

    public static int dscp(MemorySegment b, int at) {
        return tos(b, at) >>> 2;
    }

    public static int ecn(MemorySegment b, int at) {
        return tos(b, at) & 3;
    }

    public static int totalLength(MemorySegment b, int at) {
        return u16(b, at + TOTAL_LENGTH);
    }

    public static int identification(MemorySegment b, int at) {
        return u16(b, at + IDENTIFICATION);
    }

    public static boolean dontFragment(MemorySegment b, int at) {
        return (u16(b, at + FRAGMENT) & DF) != 0;
    }

    /** The flag that has no meaning (RFC 791 section 3.1). */
    public static boolean reservedFlag(MemorySegment b, int at) {
        return (u16(b, at + FRAGMENT) & RESERVED_FLAG) != 0;
    }

    public static boolean moreFragments(MemorySegment b, int at) {
        return (u16(b, at + FRAGMENT) & MF) != 0;
    }

    /** Fragment offset in octets. */
    public static int fragmentOffset(MemorySegment b, int at) {
        return (u16(b, at + FRAGMENT) & OFFSET) << 3;
    }

    public static int ttl(MemorySegment b, int at) {
        return u8(b, at + TTL);
    }

    public static int protocol(MemorySegment b, int at) {
        return u8(b, at + PROTOCOL);
    }

    public static int checksum(MemorySegment b, int at) {
        return u16(b, at + CHECKSUM);
    }

    public static int source(MemorySegment b, int at) {
        return i32(b, at + SOURCE);
    }

    public static int destination(MemorySegment b, int at) {
        return i32(b, at + DESTINATION);
    }

    /** The sum of the pseudo-header for {@code length} octets of transport header and data. */
    public static long pseudoHeader(MemorySegment b, int at, int protocol, int length) {
        return Checksum.pseudoV4(source(b, at), destination(b, at), protocol, length);
    }

    /** Writes a header without options, its checksum included. */
    public static void write(
            MemorySegment b,
            int at,
            int tos,
            int totalLength,
            int identification,
            boolean dontFragment,
            int ttl,
            int protocol,
            int source,
            int destination) {
        u8(b, at + VERSION_IHL, 0x45);
        u8(b, at + TOS, tos);
        u16(b, at + TOTAL_LENGTH, totalLength);
        u16(b, at + IDENTIFICATION, identification);
        u16(b, at + FRAGMENT, dontFragment ? DF : 0);
        u8(b, at + TTL, ttl);
        u8(b, at + PROTOCOL, protocol);
        i32(b, at + SOURCE, source);
        i32(b, at + DESTINATION, destination);
        computeChecksum(b, at);
    }

    /** Computes the header checksum afresh. */
    public static void computeChecksum(MemorySegment b, int at) {
        u16(b, at + CHECKSUM, 0);
        u16(b, at + CHECKSUM, Checksum.of(b, at, at + headerLength(b, at)));
    }

    /** Sets the total length; the checksum follows. */
    public static void totalLength(MemorySegment b, int at, int length) {
        set16(b, at, TOTAL_LENGTH, length);
    }

    /** Sets the identification; the checksum follows. */
    public static void identification(MemorySegment b, int at, int identification) {
        set16(b, at, IDENTIFICATION, identification);
    }

    /** Sets the fragment fields, the offset in octets and a multiple of 8; DF is kept; the checksum follows. */
    public static void fragment(MemorySegment b, int at, int offset, boolean more) {
        set16(b, at, FRAGMENT, (u16(b, at + FRAGMENT) & DF) | (more ? MF : 0) | offset >>> 3);
    }

    /** Sets or clears DF; the checksum follows. */
    public static void dontFragment(MemorySegment b, int at, boolean value) {
        int before = u16(b, at + FRAGMENT);
        set16(b, at, FRAGMENT, value ? before | DF : before & ~DF);
    }

    /** Sets DSCP and ECN; the checksum follows. */
    public static void tos(MemorySegment b, int at, int tos) {
        set16(b, at, VERSION_IHL, (u16(b, at + VERSION_IHL) & 0xff00) | tos);
    }

    /** Sets the time to live; the checksum follows. */
    public static void ttl(MemorySegment b, int at, int ttl) {
        set16(b, at, TTL, ttl << 8 | protocol(b, at));
    }

    /** Sets the source; the header checksum follows, the transport's does not (see {@link Checksums}). */
    public static void source(MemorySegment b, int at, int source) {
        set32(b, at, SOURCE, source);
    }

    /** Sets the destination; the header checksum follows, the transport's does not (see {@link Checksums}). */
    public static void destination(MemorySegment b, int at, int destination) {
        set32(b, at, DESTINATION, destination);
    }

    /** The header in words. */
    public static String describe(MemorySegment b, int at) {
        int offset = fragmentOffset(b, at);
        return "IPv4 " + IpAddress.v4(source(b, at)) + " > " + IpAddress.v4(destination(b, at)) + " "
                + IpProtocol.name(protocol(b, at)) + " ttl " + ttl(b, at) + " length " + totalLength(b, at) + " id "
                + identification(b, at) + (dontFragment(b, at) ? " DF" : "") + (moreFragments(b, at) ? " MF" : "")
                + (offset == 0 ? "" : " offset " + offset);
    }

    private static void set16(MemorySegment b, int at, int field, int value) {
        u16(b, at + CHECKSUM, Checksum.update16(checksum(b, at), u16(b, at + field), value));
        u16(b, at + field, value);
    }

    private static void set32(MemorySegment b, int at, int field, int value) {
        u16(b, at + CHECKSUM, Checksum.update32(checksum(b, at), i32(b, at + field), value));
        i32(b, at + field, value);
    }
}
