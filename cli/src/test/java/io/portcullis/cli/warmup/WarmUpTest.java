package io.portcullis.cli.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.cli.firewall.ObjectCatalogue;
import io.portcullis.core.time.Clock;
import io.portcullis.core.time.ManualClock;
import io.portcullis.ipsec.crypto.CryptoSelection;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final int ROUNDS = 20;

    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final SecureRandom random = new SecureRandom();
    private final CryptoSelection crypto = CryptoSelection.jdkOnly(clock, random);

    /** What is lost would not be warmed: each octet goes plainly, translated, or through its tunnel, and back. */
    @Test
    void everythingArrives() {
        try (WarmUp warmUp = WarmUp.inMemory(ObjectCatalogue.types(), crypto, clock, random)) {
            for (int i = 0; i < ROUNDS; i++) {
                assertEquals(0, warmUp.round(), "octets missing in round " + i);
            }
        }
    }

    @Test
    void itEndsWhenItGetsNoFaster() {
        long nanos = duration(_ -> 1_000);
        assertTrue(nanos > WarmUp.PLATEAU_NANOS && nanos < WarmUp.LONGEST_NANOS, nanos + " ns");
    }

    @Test
    void itEndsInTimeThoughItGetsEverFaster() {
        long nanos = duration(asked -> 400_000 - asked);
        assertTrue(nanos > WarmUp.LONGEST_NANOS && nanos < WarmUp.LONGEST_NANOS + 100_000_000, nanos + " ns");
    }

    /** How long it runs by a clock of which each question takes so many nanoseconds. */
    private long duration(LongUnaryOperator step) {
        AtomicLong asked = new AtomicLong();
        AtomicLong nanos = new AtomicLong();
        Clock moving = new Clock() {
            @Override
            public long nanos() {
                return nanos.addAndGet(step.applyAsLong(asked.incrementAndGet()));
            }

            @Override
            public Instant wall() {
                return Instant.EPOCH;
            }
        };
        try (WarmUp warmUp = WarmUp.inMemory(ObjectCatalogue.types(), crypto, moving, random)) {
            long begun = nanos.get();
            warmUp.run();
            return nanos.get() - begun;
        }
    }
}
