package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.event.EventLog;
import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import io.portcullis.core.time.ManualClock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class EventCommandsTest {
    private static final EventType TUNNEL_UP =
            new EventType("IPSEC", 1_800_100, Severity.INFO, "tunnel_up", List.of("tunnel"), "It is up.");
    private static final EventType DROPPED =
            new EventType("RULE", 6_000_051, Severity.WARNING, "ruleset_drop_packet", List.of("rule"), "A drop.");

    private final EventLog log = new EventLog(new ManualClock(Instant.EPOCH), 100);
    private final MemlogCommand memlog = new MemlogCommand(log, ZoneOffset.UTC);

    private void happen() {
        log.emit(TUNNEL_UP, "none", "branch");
        log.emit(TUNNEL_UP, "none", "dc");
        log.emit(DROPPED, "drop", "Default_Rule");
    }

    @Test
    void eventsAreChosenByWhatTheyAre() {
        happen();
        assertEquals(3, Typed.run(memlog, "memlog").lines().count());
        assertEquals(2, Typed.run(memlog, "memlog -category=ipsec").lines().count());
        assertTrue(Typed.run(memlog, "memlog -severity=warning").contains("rule=Default_Rule"));
        assertEquals(1, Typed.run(memlog, "memlog -severity=warning").lines().count());
        assertTrue(Typed.run(memlog, "memlog -source=dc").contains("tunnel=dc"));
        assertEquals(1, Typed.run(memlog, "memlog -id=6000051").lines().count());
        assertEquals(
                1, Typed.run(memlog, "memlog -freetext=DEFAULT_rule").lines().count());
        assertEquals("No events.\n", Typed.run(memlog, "memlog -category=SYSTEM"));
        assertTrue(Typed.failure(memlog, "memlog -severity=loud").contains("'loud' is none of"));
    }

    @Test
    void theLatestAreShownAndTheRestCounted() {
        happen();
        String text = Typed.run(memlog, "memlog -num=1");
        assertTrue(text.contains("Default_Rule"), text);
        assertTrue(text.endsWith("(2 older events not shown: -num=all shows all)\n"), text);
        Typed.run(memlog, "memlog -clear");
        assertEquals("No events.\n", Typed.run(memlog, "memlog"));
    }

    @Test
    @Timeout(10)
    void logsnoopShowsEventsAsTheyComeUntilInterrupted() throws InterruptedException {
        LogsnoopCommand logsnoop = new LogsnoopCommand(log, ZoneOffset.UTC);
        BlockingQueue<String> shown = new LinkedBlockingQueue<>();
        Thread thread = Thread.ofVirtual().start(() -> Typed.until(logsnoop, "logsnoop -category=RULE", shown::add));
        String first = null;
        while (first == null) {
            // Until the other thread listens, events pass it by.
            happen();
            log.dispatch();
            first = shown.poll(20, TimeUnit.MILLISECONDS);
        }
        assertTrue(first.contains("event=ruleset_drop_packet"), first);
        thread.interrupt();
        thread.join();
        assertTrue(shown.stream().noneMatch(line -> line.contains("tunnel_up")));
        assertTrue(shown.contains("(interrupted)"));
    }
}
