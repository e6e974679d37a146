package io.portcullis.ipsec.ike;

import java.security.SecureRandom;
import java.util.Random;

/** A SecureRandom that yields the same octets for the same seed. */
final class SeededRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final Random random;

    SeededRandom(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
    }
}
