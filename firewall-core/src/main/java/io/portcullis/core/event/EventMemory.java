package io.portcullis.core.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The latest events, each copied into room that is used again and again. Kept as the objects that they are, they would
 * outlive some collections and die old, and what died old lies there until a collection of everything, a long one. For
 * one thread at a time.
 */
final class EventMemory {
    private final int capacity;
    private final List<Slot> slots = new ArrayList<>();
    private int oldest;

    /** @param capacity events kept */
    EventMemory(int capacity) {
        this.capacity = capacity;
    }

    /** Keeps the event, in place of the oldest when there are enough. */
    void add(LoggedEvent event) {
        if (slots.size() < capacity) {
            slots.add(new Slot(event));
        } else {
            slots.get(oldest).set(event);
            oldest = (oldest + 1) % capacity;
        }
    }

    /** The latest events, oldest first. */
    List<LoggedEvent> latest(int atMost) {
        int all = slots.size();
        List<LoggedEvent> events = new ArrayList<>();
        for (int i = Math.max(0, all - atMost); i < all; i++) {
            events.add(slots.get((oldest + i) % all).event());
        }
        return events;
    }

    void clear() {
        slots.clear();
        oldest = 0;
    }

    /** One event: its action and its values as octets, each behind its length. */
    private static final class Slot {
        /** Few events are longer, so that few have to get more room later. */
        private static final int USUAL_OCTETS = 256;

        private EventType type;
        private long second;
        private int nano;
        private byte[] texts = new byte[USUAL_OCTETS];

        Slot(LoggedEvent logged) {
            set(logged);
        }

        private void set(LoggedEvent logged) {
            Event event = logged.event();
            type = event.type();
            Instant at = logged.at();
            second = at.getEpochSecond();
            nano = at.getNano();
            List<byte[]> parts = Stream.concat(Stream.of(event.action()), event.values().stream())
                    .map(text -> text.getBytes(StandardCharsets.UTF_8))
                    .toList();
            int length =
                    parts.stream().mapToInt(part -> Integer.BYTES + part.length).sum();
            if (length > texts.length) {
                texts = new byte[length];
            }
            ByteBuffer out = ByteBuffer.wrap(texts);
            parts.forEach(part -> out.putInt(part.length).put(part));
        }

        private LoggedEvent event() {
            ByteBuffer in = ByteBuffer.wrap(texts);
            String action = next(in);
            List<String> values = new ArrayList<>();
            for (int i = 0; i < type.parameters().size(); i++) {
                values.add(next(in));
            }
            return new LoggedEvent(Instant.ofEpochSecond(second, nano), new Event(type, action, values));
        }

        private String next(ByteBuffer in) {
            int length = in.getInt();
            String text = new String(texts, in.position(), length, StandardCharsets.UTF_8);
            in.position(in.position() + length);
            return text;
        }
    }
}
