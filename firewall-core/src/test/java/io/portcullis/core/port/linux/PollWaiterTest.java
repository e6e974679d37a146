package io.portcullis.core.port.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.SimulatedWire;
import io.portcullis.core.time.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class PollWaiterTest {
    private static final long LONG = Duration.ofMinutes(5).toNanos();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void aWakeBeforeTheSleepIsNotLost() {
        assertTimeoutPreemptively(LIMIT, () -> {
            try (PollWaiter waiter = new PollWaiter()) {
                waiter.wake();
                waiter.await(LONG);
            }
        });
    }

    @Test
    void anotherThreadEndsTheSleepEachTime() {
        assertTimeoutPreemptively(LIMIT, () -> {
            try (PollWaiter waiter = new PollWaiter()) {
                for (int i = 0; i < 500; i++) {
                    Thread.ofVirtual().start(waiter::wake);
                    waiter.await(LONG);
                }
            }
        });
    }

    @Test
    void wakingLeavesNothingBehindThatWouldKeepItAwake() {
        assertTimeoutPreemptively(LIMIT, () -> {
            try (PollWaiter waiter = new PollWaiter()) {
                for (int i = 0; i < 500; i++) {
                    Thread waker = Thread.ofVirtual().start(waiter::wake);
                    waiter.await(LONG);
                    waker.join();
                }
                // At most one early return is left over from a wake that crossed the last one; then it sleeps.
                waiter.await(0);
                long before = System.nanoTime();
                waiter.await(Duration.ofMillis(20).toNanos());
                assertTrue(System.nanoTime() - before >= Duration.ofMillis(19).toNanos());
            }
        });
    }

    @Test
    void aPortInMemoryWakesItToo() {
        assertTimeoutPreemptively(LIMIT, () -> {
            SimulatedWire wire = new SimulatedWire(
                    "w",
                    SimulatedWire.Properties.ethernet(),
                    new MacAddress(2),
                    new MacAddress(4),
                    new ManualClock(Instant.EPOCH),
                    RandomGeneratorFactory.of("L64X128MixRandom").create(1));
            try (PollWaiter waiter = new PollWaiter();
                    PacketPool pool = new PacketPool(2)) {
                waiter.watch(wire.right());
                Thread.ofVirtual().start(() -> sendOne(wire.left(), pool));
                waiter.await(LONG);
                PacketBurst burst = new PacketBurst();
                try (PacketPool own = new PacketPool(1)) {
                    assertEquals(1, wire.right().receive(burst, own));
                }
            }
        });
    }

    private static void sendOne(Port port, PacketPool pool) {
        PacketBurst burst = new PacketBurst();
        Packet packet = pool.take();
        packet.append(60);
        burst.add(packet);
        port.send(burst);
    }

    @Test
    void wakingAfterTheEndIsHarmless() throws DeviceException {
        PollWaiter waiter = new PollWaiter();
        waiter.close();
        waiter.wake();
        waiter.close();
    }
}
