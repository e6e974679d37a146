package io.portcullis.core.connection;

import java.util.random.RandomGenerator;

/**
 * The order in which ports are tried for a translated connection: a random start and stride, so that nobody can guess
 * the next one (RFC 6056) and a nearly full range still gives its last ports. Ports that the firewall's own sockets are
 * given by the kernel come last.
 */
final class SourcePorts {
    /** First port used; below lie services. */
    static final int FIRST = 10_240;
    /** First port that Linux gives to the firewall's own sockets. */
    static final int FIRST_OF_OWN = 32_768;

    static final int LAST = 65_535;
    /** How many are tried below {@link #FIRST_OF_OWN}: even a range that is nine tenths full has one. */
    static final int TRIES = 128;
    /** How many are tried above: bounds the time that a new connection takes. */
    static final int LAST_TRIES = 1024;

    private final RandomGenerator random;
    private final int share;
    private int first;
    private int size;
    private int offset;
    private int stride;
    private int left;
    private boolean second;

    /** @param share of so many ports one will do, the others being other workers': tries are as many times more */
    SourcePorts(RandomGenerator random, int share) {
        this.random = random;
        this.share = share;
    }

    /** Begins anew for another connection. */
    void restart() {
        range(FIRST, FIRST_OF_OWN - 1, TRIES);
        second = false;
    }

    /** The next port to try, -1 when enough were tried. */
    int next() {
        if (left == 0) {
            if (second) {
                return -1;
            }
            second = true;
            range(FIRST_OF_OWN, LAST, LAST_TRIES);
        }
        left--;
        offset = (offset + stride) % size;
        return first + offset;
    }

    private void range(int from, int to, int tries) {
        first = from;
        size = to - from + 1;
        offset = random.nextInt(size);
        stride = 1 + random.nextInt(size - 1);
        while (gcd(stride, size) != 1) {
            stride = stride == size - 1 ? 1 : stride + 1;
        }
        left = Math.min(size, tries * share);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
