package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.u8;

import java.lang.foreign.MemorySegment;

/** The options of an IPv4 header (RFC 791 section 3.1). */
public final class Ipv4Options {
    public static final int END = 0;
    public static final int NOP = 1;
    public static final int RECORD_ROUTE = 7;
    public static final int TIMESTAMP = 68;
    public static final int LOOSE_SOURCE_ROUTE = 131;
    public static final int STRICT_SOURCE_ROUTE = 137;
    public static final int ROUTER_ALERT = 148;

    private static final int COPIED = 0x80;

    private Ipv4Options() {}

    /** Whether each option lies within the header. What kinds are let through is policy. */
    public static DropReason check(MemorySegment b, int at) {
        int end = at + Ipv4.headerLength(b, at);
        int where = at + Ipv4.HEADER;
        while (where < end && u8(b, where) != END) {
            int length = length(b, where, end);
            if (length == 0) {
                return DropReason.BAD_OPTIONS;
            }
            where += length;
        }
        return DropReason.NONE;
    }

    /** Absolute offset of the first option of a checked header, {@code end} when END comes first. */
    public static int first(MemorySegment b, int at, int end) {
        int first = at + Ipv4.HEADER;
        return first >= end || u8(b, first) == END ? end : first;
    }

    /** Absolute offset of the option behind a well-formed one, {@code end} behind the last. */
    public static int next(MemorySegment b, int where, int end) {
        int next = where + length(b, where, end);
        return next >= end || u8(b, next) == END ? end : next;
    }

    public static int kind(MemorySegment b, int where) {
        return u8(b, where);
    }

    /** Absolute offset of the first option of a kind of a checked header, 0 when there is none. */
    public static int find(MemorySegment b, int at, int kind) {
        int end = at + Ipv4.headerLength(b, at);
        int where = at + Ipv4.HEADER;
        while (where < end && u8(b, where) != END) {
            if (u8(b, where) == kind) {
                return where;
            }
            where += length(b, where, end);
        }
        return 0;
    }

    /**
     * Copies those options that every fragment carries, padded with END to whole words.
     *
     * @param at the header, whose options are well formed
     * @param to where the first option of the later fragment goes, in the same or another buffer
     * @return octets written
     */
    static int copyForLaterFragment(MemorySegment b, int at, MemorySegment target, int to) {
        int end = at + Ipv4.headerLength(b, at);
        int where = at + Ipv4.HEADER;
        int written = 0;
        while (where < end && u8(b, where) != END) {
            int length = length(b, where, end);
            if ((u8(b, where) & COPIED) != 0) {
                MemorySegment.copy(b, where, target, to + written, length);
                written += length;
            }
            where += length;
        }
        while ((written & 3) != 0) {
            Octets.u8(target, to + written++, END);
        }
        return written;
    }

    /** Octets of the option at {@code where}, 0 when it is malformed. */
    private static int length(MemorySegment b, int where, int end) {
        if (u8(b, where) == NOP) {
            return 1;
        }
        int length = where + 1 < end ? u8(b, where + 1) : 0;
        return length < 2 || length > end - where ? 0 : length;
    }
}
