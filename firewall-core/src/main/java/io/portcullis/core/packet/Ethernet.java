package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.u16;
import static io.portcullis.core.packet.Octets.u48;

import io.portcullis.core.net.MacAddress;
import java.lang.foreign.MemorySegment;

/**
 * Ethernet II in place, with at most two tags of IEEE 802.1Q or 802.1ad. Call check first: after NONE no accessor can
 * fail.
 */
public final class Ethernet {
    /** Octets without a tag. */
    public static final int HEADER = 14;
    /** Octets that a tag adds. */
    public static final int TAG = 4;
    /** Tags at most; a third is taken for what the frame carries. */
    public static final int MOST_TAGS = 2;
    /** The all-ones address. */
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final int DESTINATION = 0;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;
    private static final int TCI = 2;

    private Ethernet() {}

    /** Whether the frame from {@code at} to before {@code end} holds a whole header, its tags included. */
    public static DropReason check(MemorySegment b, int at, int end) {
        int length = HEADER;
        for (int tags = 0; end - at >= length; tags++) {
            if (tags == MOST_TAGS || !EtherType.isTag(u16(b, at + length - 2))) {
                return DropReason.NONE;
            }
            length += TAG;
        }
        return DropReason.SHORT_HEADER;
    }

    public static long destination(MemorySegment b, int at) {
        return u48(b, at + DESTINATION);
    }

    public static long source(MemorySegment b, int at) {
        return u48(b, at + SOURCE);
    }

    public static boolean isTagged(MemorySegment b, int at) {
        return EtherType.isTag(u16(b, at + TYPE));
    }

    /** 14, and 4 for each tag. */
    public static int headerLength(MemorySegment b, int at) {
        int length = HEADER;
        while (length < HEADER + MOST_TAGS * TAG && EtherType.isTag(u16(b, at + length - 2))) {
            length += TAG;
        }
        return length;
    }

    /** What the frame carries, behind its tags if it has any. */
    public static int type(MemorySegment b, int at) {
        return u16(b, at + headerLength(b, at) - 2);
    }

    /**
     * The type that stands before this tag, 0 being the outermost: {@link EtherType#isTag} says whether it is there.
     */
    public static int tagType(MemorySegment b, int at, int tag) {
        return u16(b, at + TYPE + TAG * tag);
    }

    /** VLAN identifier 0..4095 of a tag that is there. */
    public static int vlan(MemorySegment b, int at, int tag) {
        return u16(b, at + TYPE + TAG * tag + TCI) & 0xfff;
    }

    /** VLAN identifier 0..4095 of the outermost tag, 0 of an untagged frame. */
    public static int vlan(MemorySegment b, int at) {
        return isTagged(b, at) ? vlan(b, at, 0) : 0;
    }

    /** Priority code point 0..7 of the outermost tag, 0 of an untagged frame. */
    public static int priority(MemorySegment b, int at) {
        return isTagged(b, at) ? u16(b, at + TYPE + TCI) >>> 13 : 0;
    }

    /** Writes an untagged header of {@link #HEADER} octets. */
    public static void write(MemorySegment b, int at, long destination, long source, int type) {
        u48(b, at + DESTINATION, destination);
        u48(b, at + SOURCE, source);
        u16(b, at + TYPE, type);
    }

    /** Writes a header with one 802.1Q tag, of {@link #HEADER} + {@link #TAG} octets. */
    public static void write(MemorySegment b, int at, long destination, long source, int priority, int vlan, int type) {
        write(b, at, destination, source, EtherType.VLAN);
        writeTag(b, at, 0, EtherType.VLAN, priority, vlan, type);
    }

    /** Writes a tag behind the addresses and the tags before it, and the type of what follows it. */
    public static void writeTag(MemorySegment b, int at, int tag, int tagType, int priority, int vlan, int type) {
        int from = at + TYPE + TAG * tag;
        u16(b, from, tagType);
        u16(b, from + TCI, priority << 13 | vlan);
        u16(b, from + TAG, type);
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
                + EtherType.name(type(b, at)) + vlans(b, at);
    }

    private static String vlans(MemorySegment b, int at) {
        StringBuilder all = new StringBuilder();
        for (int tag = 0; HEADER + TAG * tag < headerLength(b, at); tag++) {
            all.append(tag == 0 ? " vlan " : ".").append(vlan(b, at, tag));
        }
        return all.toString();
    }
}
