package io.portcullis.hostmon;

import io.portcullis.core.event.EventSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * All host monitors: one implementation for whatever needs to know whether hosts answer. A session whose definition is
 * equal before and after a change goes on undisturbed. {@link #step} is called by one thread; the rest by any.
 */
public final class HostMonitors implements AutoCloseable {
    private final Prober prober;
    private final IntSupplier numbers;
    private final EventSink events;
    private final Listener listener;
    private Runnable wake = () -> {};
    private Map<SessionDefinition, MonitorSession> sessions = Map.of();
    private volatile long deadline = Long.MAX_VALUE;

    /** Hears what sessions conclude; on the thread that steps. */
    @FunctionalInterface
    public interface Listener {
        /**
         * The subject of a session works, or does not any more.
         *
         * @param session its definition
         * @param cause why it does not work, or why it did not
         */
        void concluded(SessionDefinition session, boolean works, Cause cause);
    }

    private record Conclusion(SessionDefinition session, boolean works, Cause cause) {}

    /**
     * @param numbers random, for first questions: so that nobody can answer what he did not see
     * @param listener is called without a lock
     */
    public HostMonitors(Prober prober, IntSupplier numbers, EventSink events, Listener listener) {
        this.prober = prober;
        this.numbers = numbers;
        this.events = events;
        this.listener = listener;
    }

    /** How the stepping thread is woken; does not block. */
    public synchronized void wakeWith(Runnable waking) {
        wake = waking;
    }

    /** Monitors just these from now on. */
    public synchronized void apply(List<SessionDefinition> definitions, long now) {
        Map<SessionDefinition, MonitorSession> next = new LinkedHashMap<>();
        Map<SessionDefinition, MonitorSession> gone = new LinkedHashMap<>(sessions);
        for (SessionDefinition definition : definitions) {
            MonitorSession same = gone.remove(definition);
            next.put(
                    definition,
                    same != null ? same : new MonitorSession(definition, prober, numbers, events, wake, now));
        }
        sessions = next;
        gone.values().forEach(MonitorSession::close);
        wake.run();
    }

    /** Does what is due: asks, counts, and tells the listener what follows. */
    public void step(long now) {
        List<Conclusion> conclusions = new ArrayList<>();
        step(now, conclusions);
        conclusions.forEach(
                conclusion -> listener.concluded(conclusion.session(), conclusion.works(), conclusion.cause()));
    }

    private synchronized void step(long now, List<Conclusion> conclusions) {
        long next = Long.MAX_VALUE;
        for (MonitorSession session : sessions.values()) {
            Cause before = session.failure();
            next = Math.min(next, session.step(now));
            Cause after = session.failure();
            if (before == null && after != null) {
                conclusions.add(new Conclusion(session.definition(), false, after));
            } else if (before != null && after == null) {
                conclusions.add(new Conclusion(session.definition(), true, before));
            }
        }
        deadline = next;
    }

    /** When to step again; {@link Long#MAX_VALUE} when nothing is monitored. */
    public long nextDeadline() {
        return deadline;
    }

    /** The definitions of the sessions whose subject does not work now. */
    public synchronized List<SessionDefinition> unavailable() {
        return sessions.values().stream()
                .filter(session -> session.failure() != null)
                .map(MonitorSession::definition)
                .toList();
    }

    /** What is known now, in the order of the definitions. */
    public synchronized List<SessionView> view() {
        return sessions.values().stream().map(MonitorSession::view).toList();
    }

    @Override
    public synchronized void close() {
        sessions.values().forEach(MonitorSession::close);
        sessions = Map.of();
    }
}
