package io.portcullis.cli.firewall;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.ike.IkeEngine;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** The thread that owns IKE's state: runs the engine when it has input or is due. */
final class IkeThread implements AutoCloseable {
    private static final EventType DEFECT = new EventType(
            "IPSEC",
            1_800_990,
            Severity.ERROR,
            "ike_internal_error",
            List.of("defect"),
            "A defect of the program in a negotiation. The others go on; please report it.");

    private static final long LONGEST_SLEEP_NANOS = 1_000_000_000L;

    private final IkeEngine engine;
    private final Clock clock;
    private final EventSink events;
    private final Thread thread;
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile boolean running = true;

    IkeThread(IkeEngine engine, Clock clock, EventSink events) {
        this.events = events;
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
            try {
                engine.poll(clock.nanos());
            } catch (RuntimeException defect) {
                // One input or one SA has a defect; the thread is everybody's and goes on.
                events.emit(DEFECT, "none", defect);
            }
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
