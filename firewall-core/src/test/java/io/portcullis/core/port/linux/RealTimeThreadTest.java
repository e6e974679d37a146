package io.portcullis.core.port.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class RealTimeThreadTest {
    /**
     * Less than the 100 ms after which Linux lets a thread of the same priority run; an ordinary one waits for a
     * second.
     */
    private static final Duration SOON = Duration.ofMillis(80);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AtomicLong progress = new AtomicLong();
    private final AtomicBoolean spins = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();

    @Test
    void whatWaitsForAnOrdinaryThreadOnItsProcessorStopsBeingARealTimeThreadUntilItMoves() throws Exception {
        int processor = Affinity.allowed().getFirst();
        FutureTask<Duration> waiting = new FutureTask<>(() -> {
            Affinity.bind(processor);
            try {
                RealTimeThread.become(0, progress::get);
            } catch (DeviceException e) {
                spins.set(true);
                assumeTrue(e.errno() != Errno.EPERM, "NOT TESTED: real-time threads need CAP_SYS_NICE");
                throw e;
            }
            assertTrue(Scheduling.isRealTime());
            long begin = System.nanoTime();
            spins.set(true);
            while (!released.get()) {
                Thread.onSpinWait();
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - begin);
            while (!Scheduling.isRealTime()) {
                progress.incrementAndGet();
                assertTrue(System.nanoTime() - begin < PATIENCE.toNanos(), "moves and is no real-time thread again");
            }
            return waited;
        });
        FutureTask<Void> releasing = new FutureTask<>(() -> {
            Affinity.bind(processor);
            while (!spins.get()) {
                Thread.onSpinWait();
            }
            released.set(true);
            return null;
        });
        Thread.ofPlatform().start(releasing);
        Thread.ofPlatform().start(waiting);
        Duration waited = waiting.get();
        releasing.get();
        assertTrue(waited.compareTo(SOON) < 0, "waited for " + waited);
    }
}
