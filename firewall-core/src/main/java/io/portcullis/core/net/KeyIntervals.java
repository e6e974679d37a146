package io.portcullis.core.net;

import java.util.Arrays;

/**
 * Keys of 128 bits cut into intervals that each have a number; what a {@link KeyTrie} is made from. An address's key
 * begins with its first bit in both families, IPv4 with 96 zeros behind.
 */
public final class KeyIntervals {
    private static final int V4_BITS = 32;

    private long[] startHigh;
    private long[] startLow;
    private int[] numbers;
    private int count;

    /** One interval: every key has the number 0. {@code expected} intervals are likely to follow. */
    public KeyIntervals(int expected) {
        startHigh = new long[expected + 1];
        startLow = new long[expected + 1];
        numbers = new int[expected + 1];
        begin(0, 0, 0);
    }

    /** Upper half of an address's key. */
    public static long keyHigh(long high, long low) {
        return isV4(high, low) ? low << V4_BITS : high;
    }

    /** Lower half of an address's key. */
    public static long keyLow(long high, long low) {
        return isV4(high, low) ? 0 : low;
    }

    /** Whether these 128 bits are an IPv4 address, as in {@link IpAddress}. */
    public static boolean isV4(long high, long low) {
        return high == 0 && low >>> V4_BITS == 0xffffL;
    }

    /** From this key on the number is another; keys must come in order, and the later of two equal ones counts. */
    public void begin(long high, long low, int number) {
        if (count > 0 && startHigh[count - 1] == high && startLow[count - 1] == low) {
            count--;
        }
        if (count > 0 && numbers[count - 1] == number) {
            return;
        }
        if (count == numbers.length) {
            int more = 2 * count + 1;
            startHigh = Arrays.copyOf(startHigh, more);
            startLow = Arrays.copyOf(startLow, more);
            numbers = Arrays.copyOf(numbers, more);
        }
        startHigh[count] = high;
        startLow[count] = low;
        numbers[count++] = number;
    }

    int count() {
        return count;
    }

    int number(int interval) {
        return numbers[interval];
    }

    long startHigh(int interval) {
        return startHigh[interval];
    }

    long startLow(int interval) {
        return startLow[interval];
    }

    /** The 6 bits behind this many of a key; bits behind the 128th are zero. */
    static int slot(long high, long low, int depth) {
        if (depth <= Long.SIZE - 6) {
            return (int) (high << depth >>> 58);
        }
        if (depth < Long.SIZE) {
            return (int) ((high << depth | low >>> -depth) >>> 58);
        }
        return (int) (low << depth >>> 58);
    }

    /** Bits that the starts of two intervals have in common, 0..127. */
    int commonBits(int one, int other) {
        long different = startHigh[one] ^ startHigh[other];
        return different != 0
                ? Long.numberOfLeadingZeros(different)
                : Long.SIZE + Long.numberOfLeadingZeros(startLow[one] ^ startLow[other]);
    }

    /** Bits up to the last that is 1 in the interval's start, 0..128. */
    int significantBits(int interval) {
        if (startLow[interval] != 0) {
            return 2 * Long.SIZE - Long.numberOfTrailingZeros(startLow[interval]);
        }
        return startHigh[interval] == 0 ? 0 : Long.SIZE - Long.numberOfTrailingZeros(startHigh[interval]);
    }
}
