package io.portcullis.core.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Unsigned big-endian fields of any alignment at absolute offsets of a buffer. */
public final class Octets {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Octets() {}

    public static int u8(MemorySegment b, long at) {
        return b.get(ValueLayout.JAVA_BYTE, at) & 0xff;
    }

    public static int u16(MemorySegment b, long at) {
        return b.get(SHORT, at) & 0xffff;
    }

    /** 32 bits as they are; compare with {@link Integer#compareUnsigned}. */
    public static int i32(MemorySegment b, long at) {
        return b.get(INT, at);
    }

    public static long u32(MemorySegment b, long at) {
        return b.get(INT, at) & 0xffff_ffffL;
    }

    /** 48 bits: an Ethernet address. */
    public static long u48(MemorySegment b, long at) {
        return (long) u16(b, at) << 32 | u32(b, at + 2);
    }

    public static long i64(MemorySegment b, long at) {
        return b.get(LONG, at);
    }

    public static void u8(MemorySegment b, long at, int value) {
        b.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    }

    public static void u16(MemorySegment b, long at, int value) {
        b.set(SHORT, at, (short) value);
    }

    public static void i32(MemorySegment b, long at, int value) {
        b.set(INT, at, value);
    }

    public static void u48(MemorySegment b, long at, long value) {
        u16(b, at, (int) (value >>> 32));
        i32(b, at + 2, (int) value);
    }

    public static void i64(MemorySegment b, long at, long value) {
        b.set(LONG, at, value);
    }
}
