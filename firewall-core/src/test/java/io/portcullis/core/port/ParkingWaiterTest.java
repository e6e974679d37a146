package io.portcullis.core.port;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ParkingWaiterTest {
    private static final long LONG = Duration.ofMinutes(5).toNanos();

    @Test
    void aWakeBeforeTheSleepIsNotLost() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try (ParkingWaiter waiter = new ParkingWaiter()) {
                waiter.wake();
                waiter.await(LONG);
            }
        });
    }

    @Test
    void anotherThreadEndsTheSleepEachTime() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try (ParkingWaiter waiter = new ParkingWaiter()) {
                for (int i = 0; i < 200; i++) {
                    Thread.ofVirtual().start(waiter::wake);
                    waiter.await(LONG);
                }
            }
        });
    }

    @Test
    void theTimeOverItReturns() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try (ParkingWaiter waiter = new ParkingWaiter()) {
                waiter.await(1);
                waiter.await(0);
                waiter.await(-1);
            }
        });
    }
}
