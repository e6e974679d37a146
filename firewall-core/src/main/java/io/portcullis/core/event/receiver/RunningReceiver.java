package io.portcullis.core.event.receiver;

import io.portcullis.core.event.Event;
import io.portcullis.core.event.LogEvents;
import io.portcullis.core.event.LoggedEvent;
import io.portcullis.core.time.Clock;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A receiver at work: takes events at once, and writes them on a thread of its own, so that a slow server or disk keeps
 * nobody waiting. What it had no room for, or could not write, is counted and told to the receiver itself, as soon as
 * it can be.
 */
final class RunningReceiver implements Consumer<LoggedEvent>, AutoCloseable {
    private static final int WAITING = 8192;
    private static final long PATIENCE_MILLIS = 2_000;

    private final String name;
    private final EventSelection selection;
    private final EventWriter writer;
    private final Clock clock;
    private final BlockingQueue<LoggedEvent> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;
    private volatile boolean over;

    RunningReceiver(String name, EventSelection selection, EventWriter writer, Clock clock) {
        this.name = name;
        this.selection = selection;
        this.writer = writer;
        this.clock = clock;
        thread = Thread.ofPlatform().daemon().name("log-" + name).start(this::run);
    }

    @Override
    public void accept(LoggedEvent event) {
        if (selection.takes(event.event().type()) && !waiting.offer(event)) {
            lost.incrementAndGet();
        }
    }

    /** Events that could neither wait nor be written, and of which the receiver does not know yet. */
    long lost() {
        return lost.get();
    }

    private void run() {
        try (writer) {
            while (!over || !waiting.isEmpty()) {
                LoggedEvent next = waiting.poll(1, TimeUnit.SECONDS);
                if (next != null) {
                    write(next);
                }
                if (waiting.isEmpty()) {
                    flush();
                }
            }
        } catch (InterruptedException _) {
            // It was told to end and did not in time: what waits is lost.
            lost.addAndGet(waiting.size());
        }
    }

    private void write(LoggedEvent event) {
        long untold = lost.getAndSet(0);
        try {
            if (untold > 0) {
                writer.write(new LoggedEvent(clock.wall(), Event.of(LogEvents.RECEIVER_LOST, "none", name, untold)));
                untold = 0;
            }
            writer.write(event);
        } catch (IOException | RuntimeException _) {
            lost.addAndGet(untold + 1);
        }
    }

    private void flush() {
        try {
            writer.flush();
        } catch (IOException _) {
            lost.incrementAndGet();
        }
    }

    /** Writes what waits, for two seconds at most. */
    @Override
    public void close() {
        over = true;
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
