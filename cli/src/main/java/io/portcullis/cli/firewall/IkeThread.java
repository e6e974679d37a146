package io.portcullis.cli.firewall;

import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.ike.IkeEngine;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** The thread that owns IKE's state: runs the engine when it has input or is due. */
final class IkeThread implements AutoCloseable {
    private static final long LONGEST_SLEEP_NANOS = 1_000_000_000L;

    private final IkeEngine engine;
    private final Clock clock;
    private final Thread thread;
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile boolean running = true;

    IkeThread(IkeEngine engine, Clock clock) {
        this.engine = engine;
        this.clock = clock;
        thread = Thread.ofPlatform().name("ike").daemon(true).unstarted(this::run);
        engine.wakeWith(this::wake);
    }

    void start() {
        thread.start();
    }

    /** Ends the sleep; any thread, cheap while it does not sleep. */
    private void wake() {
        if (!awake.getAndSet(true)) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (running) {
            awake.set(false);
            long now = clock.nanos();
            engine.poll(now);
            long deadline = engine.nextDeadline();
            if (deadline == Long.MIN_VALUE) {
                continue;
            }
            long sleep = deadline == Long.MAX_VALUE
                    ? LONGEST_SLEEP_NANOS
                    : Math.min(deadline - clock.nanos(), LONGEST_SLEEP_NANOS);
            if (sleep > 0 && !awake.get()) {
                LockSupport.parkNanos(this, sleep);
            }
        }
    }

    @Override
    public void close() {
        running = false;
        wake();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
