package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.u16;
import static io.portcullis.core.packet.Octets.u48;

import io.portcullis.core.net.MacAddress;
import java.lang.foreign.MemorySegment;

/** Ethernet II in place, with at most one IEEE 802.1Q tag. Call check first: after NONE no accessor can fail. */
public final class Ethernet {
    /** Octets without a tag. */
    public static final int HEADER = 14;
    /** Octets that a tag adds. */
    public static final int TAG = 4;
    /** The all-ones address. */
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final int DESTINATION = 0;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;
    private static final int TCI = 14;
    private static final int TAGGED_TYPE = 16;

    private Ethernet() {}

    /** Whether the frame from {@code at} to before {@code end} holds a whole header, its tag included. */
    public static DropReason check(MemorySegment b, int at, int end) {
        if (end - at < HEADER || (u16(b, at + TYPE) == EtherType.VLAN && end - at < HEADER + TAG)) {
            return DropReason.SHORT_HEADER;
        }
        return DropReason.NONE;
    }

    public static long destination(MemorySegment b, int at) {
        return u48(b, at + DESTINATION);
    }

    public static long source(MemorySegment b, int at) {
        return u48(b, at + SOURCE);
    }

    public static boolean isTagged(MemorySegment b, int at) {
        return u16(b, at + TYPE) == EtherType.VLAN;
    }

    /** 14, or 18 with a tag. */
    public static int headerLength(MemorySegment b, int at) {
        return isTagged(b, at) ? HEADER + TAG : HEADER;
    }

    /** What the frame carries, behind its tag if it has one. */
    public static int type(MemorySegment b, int at) {
        int type = u16(b, at + TYPE);
        return type == EtherType.VLAN ? u16(b, at + TAGGED_TYPE) : type;
    }

    /** VLAN identifier 0..4095 of a tagged frame, 0 of an untagged one. */
    public static int vlan(MemorySegment b, int at) {
        return isTagged(b, at) ? u16(b, at + TCI) & 0xfff : 0;
    }

    /** Priority code point 0..7 of a tagged frame, 0 of an untagged one. */
    public static int priority(MemorySegment b, int at) {
        return isTagged(b, at) ? u16(b, at + TCI) >>> 13 : 0;
    }

    /** Writes an untagged header of {@link #HEADER} octets. */
    public static void write(MemorySegment b, int at, long destination, long source, int type) {
        u48(b, at + DESTINATION, destination);
        u48(b, at + SOURCE, source);
        u16(b, at + TYPE, type);
    }

    /** Writes a tagged header of {@link #HEADER} + {@link #TAG} octets. */
    public static void write(MemorySegment b, int at, long destination, long source, int priority, int vlan, int type) {
        write(b, at, destination, source, EtherType.VLAN);
        u16(b, at + TCI, priority << 13 | vlan);
        u16(b, at + TAGGED_TYPE, type);
    }

    /** The group address on which an IPv6 multicast address is heard (RFC 2464 section 7). */
    public static long multicastV6(long destinationLow) {
        return 0x3333_0000_0000L | (destinationLow & 0xffff_ffffL);
    }

    /** The group address on which an IPv4 multicast address is heard (RFC 1112 section 6.4). */
    public static long multicastV4(int destination) {
        return 0x0100_5e00_0000L | (destination & 0x7f_ffff);
    }

    /** The header in words. */
    public static String describe(MemorySegment b, int at) {
        return "Ethernet " + new MacAddress(source(b, at)) + " > " + new MacAddress(destination(b, at)) + " "
                + EtherType.name(type(b, at)) + (isTagged(b, at) ? " vlan " + vlan(b, at) : "");
    }
}
