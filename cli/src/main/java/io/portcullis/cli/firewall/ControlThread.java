package io.portcullis.cli.firewall;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.event.EventType;
import io.portcullis.core.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A thread that owns state of the control plane, IKE's for instance: works when there is input or something is due. */
final class ControlThread implements AutoCloseable {
    private static final long LONGEST_SLEEP_NANOS = 1_000_000_000L;

    private final Work work;
    private final EventType defectEvent;
    private final Clock clock;
    private final EventSink events;
    private final Thread thread;
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile boolean running = true;

    /** What the thread does. */
    interface Work {
        /** Does what is due, and what there is input for. */
        void step(long now);

        /**
         * When to step again, {@link Long#MIN_VALUE} for at once, {@link Long#MAX_VALUE} for not before it is woken.
         */
        long nextDeadline();
    }

    /** @param defectEvent is said when a step failed; has one parameter, the defect */
    ControlThread(String name, Work work, EventType defectEvent, Clock clock, EventSink events) {
        this.work = work;
        this.defectEvent = defectEvent;
        this.events = events;
        this.clock = clock;
        thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Ends the sleep; any thread, cheap while it does not sleep. */
    void wake() {
        if (!awake.getAndSet(true)) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (running) {
            awake.set(false);
            try {
                work.step(clock.nanos());
            } catch (RuntimeException defect) {
                // One input has a defect; the thread is everybody's and goes on.
                events.emit(defectEvent, "none", defect);
            }
            long deadline = work.nextDeadline();
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
