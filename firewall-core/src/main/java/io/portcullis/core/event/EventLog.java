package io.portcullis.core.event;

import io.portcullis.core.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/**
 * Takes events from any thread without blocking it, keeps the latest in memory and hands them to receivers. Each type
 * of event is limited; what a limit swallowed is said in an event of its own.
 *
 * <p>{@link #dispatch} moves what has come in to the memory log and the receivers: the program's log thread calls it,
 * and so does every reader, so that a reader sees what was emitted before it asked.
 */
public final class EventLog implements EventSink {
    private static final int QUEUE = 8192;
    private static final int PER_TYPE_AND_SECOND = 100;
    private static final long SECOND = 1_000_000_000L;

    private final Clock clock;
    private final MpscAtomicArrayQueue<LoggedEvent> incoming = new MpscAtomicArrayQueue<>(QUEUE);
    private final AtomicLong lost = new AtomicLong();
    private long lostSaid;
    private final EventMemory memory;
    private final Map<EventType, Limit> limits = new HashMap<>();
    private final List<Consumer<LoggedEvent>> receivers = new CopyOnWriteArrayList<>();

    private static final class Limit {
        long second;
        int passed;
        long swallowed;
    }

    /** @param capacity events kept in memory */
    public EventLog(Clock clock, int capacity) {
        this.clock = clock;
        this.memory = new EventMemory(capacity);
    }

    @Override
    public void emit(Event event) {
        if (!incoming.offer(new LoggedEvent(clock.wall(), event))) {
            lost.incrementAndGet();
        }
    }

    /** Moves what has come in to memory and receivers. A receiver must not block and must not throw. */
    public synchronized void dispatch() {
        LoggedEvent next;
        while ((next = incoming.poll()) != null) {
            if (withinLimit(next.event().type())) {
                keep(next);
            }
        }
        long second = clock.nanos() / SECOND;
        long gone = lost.get();
        if (gone > lostSaid) {
            keep(new LoggedEvent(clock.wall(), Event.of(LogEvents.QUEUE_FULL, "none", gone - lostSaid)));
            lostSaid = gone;
        }
        limits.forEach((type, limit) -> {
            if (limit.swallowed > 0 && limit.second < second) {
                report(type, limit);
            }
        });
    }

    private boolean withinLimit(EventType type) {
        Limit limit = limits.computeIfAbsent(type, _ -> new Limit());
        long second = clock.nanos() / SECOND;
        if (limit.second != second) {
            report(type, limit);
            limit.second = second;
            limit.passed = 0;
        }
        if (limit.passed < PER_TYPE_AND_SECOND) {
            limit.passed++;
            return true;
        }
        limit.swallowed++;
        return false;
    }

    private void report(EventType type, Limit limit) {
        if (limit.swallowed > 0) {
            keep(new LoggedEvent(clock.wall(), Event.of(LogEvents.SUPPRESSED, "none", type.name(), limit.swallowed)));
            limit.swallowed = 0;
        }
    }

    private void keep(LoggedEvent logged) {
        memory.add(logged);
        receivers.forEach(receiver -> receiver.accept(logged));
    }

    /** The latest events, oldest first. */
    public synchronized List<LoggedEvent> recent(int atMost) {
        dispatch();
        return memory.latest(atMost);
    }

    /** Empties the memory log. */
    public synchronized void clear() {
        dispatch();
        memory.clear();
    }

    /** Events that found the queue full and are gone. */
    public long lost() {
        return lost.get();
    }

    /** Hands every event from now on to the receiver, until the returned handle is closed. */
    public Subscription subscribe(Consumer<LoggedEvent> receiver) {
        receivers.add(receiver);
        return () -> receivers.remove(receiver);
    }

    /** A running subscription. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** Wall time of the log's clock, for headings. */
    public Instant now() {
        return clock.wall();
    }
}
