package io.portcullis.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class EventMemoryTest {
    private static final int CAPACITY = 5;
    private static final EventType TYPE =
            new EventType("SYSTEM", 3_200_901, Severity.NOTICE, "something", List.of("what", "why"), "x");
    private static final EventType BARE = new EventType("SYSTEM", 3_200_902, Severity.NOTICE, "bare", List.of(), "x");

    private final EventMemory memory = new EventMemory(CAPACITY);

    private static LoggedEvent event(int number, String why) {
        Instant at = Instant.ofEpochSecond(1_800_000_000L + number, 999_999_999 - number);
        return new LoggedEvent(at, Event.of(TYPE, "none", number, why));
    }

    @Test
    void whatComesOutIsWhatWentIn() {
        List<LoggedEvent> all = List.of(
                event(1, ""),
                event(2, "Größe \ud83d\ude00\n\0"),
                event(3, "long".repeat(1_000)),
                new LoggedEvent(Instant.EPOCH.minusNanos(1), Event.of(BARE, "")));
        all.forEach(memory::add);

        assertEquals(all, memory.latest(CAPACITY));
    }

    @Test
    void aShortEventInTheRoomOfALongOneIsShort() {
        memory.add(event(0, "long".repeat(1_000)));
        List<LoggedEvent> later = IntStream.range(1, 1 + CAPACITY)
                .mapToObj(i -> event(i, "short"))
                .toList();
        later.forEach(memory::add);

        assertEquals(later, memory.latest(CAPACITY));
    }

    @Test
    void theLatestComeOldestFirstHoweverOftenTheRoomWasUsed() {
        List<LoggedEvent> all =
                IntStream.range(0, 4 * CAPACITY).mapToObj(i -> event(i, "x")).toList();
        for (int count = 1; count <= all.size(); count++) {
            memory.add(all.get(count - 1));

            assertEquals(all.subList(Math.max(0, count - CAPACITY), count), memory.latest(Integer.MAX_VALUE));
            assertEquals(all.subList(Math.max(0, count - 2), count), memory.latest(2));
        }
    }

    @Test
    void whatIsClearedIsGone() {
        IntStream.range(0, CAPACITY + 2).forEach(i -> memory.add(event(i, "x")));
        memory.clear();
        assertEquals(List.of(), memory.latest(CAPACITY));

        memory.add(event(9, "y"));
        assertEquals(List.of(event(9, "y")), memory.latest(CAPACITY));
    }
}
