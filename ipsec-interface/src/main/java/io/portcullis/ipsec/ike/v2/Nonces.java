package io.portcullis.ipsec.ike.v2;

import java.util.Arrays;

/** Comparing nonces, which decides simultaneous rekeys (RFC 7296 section 2.8.1). */
final class Nonces {
    private Nonces() {}

    /** The lower one: octet by octet, and the shorter one when it is the start of the other. */
    static byte[] lower(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b) <= 0 ? a : b;
    }

    /** Whether the exchange with the lowest nonce is ours, so that what it made is redundant. */
    static boolean oursIsRedundant(byte[] ours, byte[] theirs) {
        return Arrays.compareUnsigned(ours, theirs) < 0;
    }
}
