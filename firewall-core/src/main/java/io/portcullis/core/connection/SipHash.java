package io.portcullis.core.connection;

/**
 * SipHash-2-4 of six words, a keyed hash from which nobody learns the key (J.-P. Aumasson, D. J. Bernstein, "SipHash: a
 * fast short-input PRF", 2012). One object serves one worker; nothing is made.
 */
final class SipHash {
    private static final int LENGTH = 48;

    private long v0;
    private long v1;
    private long v2;
    private long v3;

    /** The hash of 48 octets, each word little-endian, by a key of two words. */
    long of(long key0, long key1, long m0, long m1, long m2, long m3, long m4, long m5) {
        v0 = key0 ^ 0x736f_6d65_7073_6575L;
        v1 = key1 ^ 0x646f_7261_6e64_6f6dL;
        v2 = key0 ^ 0x6c79_6765_6e65_7261L;
        v3 = key1 ^ 0x7465_6462_7974_6573L;
        word(m0);
        word(m1);
        word(m2);
        word(m3);
        word(m4);
        word(m5);
        word((long) LENGTH << 56);
        v2 ^= 0xff;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void word(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
