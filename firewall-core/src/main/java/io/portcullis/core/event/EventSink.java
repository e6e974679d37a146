package io.portcullis.core.event;

/** Takes events from anywhere, at once and without blocking; implementations bound what they keep. */
@FunctionalInterface
public interface EventSink {
    void emit(Event event);

    /** Emits {@link Event#of}. */
    default void emit(EventType type, String action, Object... values) {
        emit(Event.of(type, action, values));
    }
}
