package io.portcullis.core.event;

/**
 * Events of one type from the data plane: a few each second are made, the rest are only counted, and the count is said
 * when the second is over. The caller asks {@link #admits} before it builds anything. Owned by one worker.
 */
public final class EventLimit {
    private static final long SECOND = 1_000_000_000L;

    private final EventType type;
    private final int perSecond;
    private final EventSink sink;
    private boolean started;
    private long windowStart;
    private int admitted;
    private long swallowed;

    public EventLimit(EventType type, int perSecond, EventSink sink) {
        this.type = type;
        this.perSecond = perSecond;
        this.sink = sink;
    }

    /** Whether one more may be emitted now; when not, it is counted. */
    public boolean admits(long now) {
        tick(now);
        if (admitted < perSecond) {
            admitted++;
            return true;
        }
        swallowed++;
        return false;
    }

    /** Says what was swallowed, when its second is over. */
    public void tick(long now) {
        if (started && now - windowStart < SECOND) {
            return;
        }
        started = true;
        windowStart = now;
        admitted = 0;
        if (swallowed > 0) {
            sink.emit(LogEvents.SUPPRESSED, "none", type.name(), swallowed);
            swallowed = 0;
        }
    }

    /** Emits an admitted event. */
    public void emit(String action, Object... values) {
        sink.emit(Event.of(type, action, values));
    }

    public EventType type() {
        return type;
    }
}
