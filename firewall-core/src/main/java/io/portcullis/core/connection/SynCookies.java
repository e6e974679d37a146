package io.portcullis.core.connection;

import java.util.random.RandomGenerator;

/**
 * Initial sequence numbers by which an opener shows that it has its address, without anything being kept for it (SYN
 * cookies, RFC 4987 section 3.6): 29 bits of a keyed hash of the SYN, and 3 bits that say what MSS it announced. Keys
 * are replaced every 32 seconds and count for as long again. Belongs to one worker.
 */
final class SynCookies {
    /** How long cookies are made with a key, nanoseconds. */
    static final long LIFE = 32_000_000_000L;

    /** What can be remembered of an MSS: it is rounded down. */
    private static final int[] SIZES = {536, 1220, 1300, 1360, 1400, 1440, 1460, 8940};

    private static final int SIZE = SIZES.length - 1;

    private final SipHash hash = new SipHash();
    private final RandomGenerator random;
    private long key0;
    private long key1;
    private long formerKey0;
    private long formerKey1;
    private long since;
    private boolean made;

    SynCookies(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The cookie for a SYN.
     *
     * @param ports source port and destination port, 16 bits each
     * @param sequence its sequence number
     * @param mss that it announces, 0 for none
     */
    int make(long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int sequence, int mss, long now) {
        turn(now);
        int size = SIZE;
        while (size > 0 && SIZES[size] > mss) {
            size--;
        }
        return cookie(key0, key1, srcHigh, srcLow, dstHigh, dstLow, ports, sequence, size);
    }

    /** Whether this is the cookie that was made for such a SYN not long ago. */
    boolean isMine(
            int cookie, long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int sequence, long now) {
        // While nobody is answered, segments that belong to nothing cost no more than this.
        if (!made || now - since >= 2 * LIFE) {
            return false;
        }
        turn(now);
        int size = cookie & SIZE;
        return cookie == cookie(key0, key1, srcHigh, srcLow, dstHigh, dstLow, ports, sequence, size)
                || cookie == cookie(formerKey0, formerKey1, srcHigh, srcLow, dstHigh, dstLow, ports, sequence, size);
    }

    /** The MSS that the opener announced, rounded down. */
    static int mss(int cookie) {
        return SIZES[cookie & SIZE];
    }

    private void turn(long now) {
        if (made && now - since < LIFE) {
            return;
        }
        boolean formerCounts = made && now - since < 2 * LIFE;
        formerKey0 = formerCounts ? key0 : random.nextLong();
        formerKey1 = formerCounts ? key1 : random.nextLong();
        key0 = random.nextLong();
        key1 = random.nextLong();
        since = now;
        made = true;
    }

    private int cookie(
            long k0, long k1, long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int sequence, int size) {
        long hashed =
                hash.of(k0, k1, srcHigh, srcLow, dstHigh, dstLow, (long) ports << 32 | (sequence & 0xffff_ffffL), size);
        return ((int) hashed & ~SIZE) | size;
    }
}
