package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.pipeline.WorkerUse;
import io.portcullis.core.time.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

final class StatsCommandTest {
    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final FakeInterface lan = FakeInterface.of("lan", 1, "10.0.0.1");
    private final FakeInterface wan = FakeInterface.of("wan", 2, "198.51.100.2");

    private StatsCommand stats(ToLongFunction<DropReason> drops, double load) {
        return new StatsCommand(
                clock,
                clock.nanos(),
                () -> List.of(lan, wan),
                drops,
                () -> new DataPlaneUse(17, 262_144, 4_000, 4_096),
                () -> List.of(new WorkerUse(0, 10, 25, 3, 4, 0, 250, 750), new WorkerUse(1, 0, 0, 4, 3, 1, 0, 0)),
                () -> new ProcessUse(load, 2, 64 << 20, 512 << 20));
    }

    @Test
    void sumsAndUsesAreShown() {
        StatsCommand stats = stats(_ -> 0, 0.375);
        lan.counters().lane(0).received(100);
        wan.counters().lane(0).received(50);
        wan.counters().lane(0).sent(1_000);
        clock.advance(Duration.ofHours(3).plusMinutes(4));
        String text = Typed.run(stats, "stats");
        assertEquals("Uptime 3h 4m", Typed.line(text, "Uptime"));
        assertEquals("CPU 38 % of 2 processors", Typed.line(text, "CPU"));
        assertEquals("Memory 64 of 512 MB", Typed.line(text, "Memory"));
        assertEquals("Connections 17 of 262144", Typed.line(text, "Connections"));
        assertEquals("Packet buffers 96 of 4096 in use", Typed.line(text, "Packet buffers"));
        assertEquals("Packets in 2, 150 octets", Typed.line(text, "Packets in"));
        assertEquals("Packets out 1, 1000 octets", Typed.line(text, "Packets out"));
        assertTrue(text.endsWith("No packet was dropped.\n"), text);
    }

    @Test
    void dropsAreExplainedTheMostFrequentFirst() {
        String text = Typed.run(
                stats(
                        reason -> switch (reason) {
                            case NO_ROUTE -> 3;
                            case BAD_ICV -> 12;
                            default -> 0;
                        },
                        -1),
                "stats");
        assertEquals("12 bad_icv " + DropReason.BAD_ICV.help(), Typed.line(text, "bad_icv"));
        assertTrue(text.indexOf("bad_icv") < text.indexOf("no_route"), text);
        assertTrue(text.lines().noneMatch(line -> line.contains("no_policy")), text);
        assertEquals("CPU not known, 2 processors", Typed.line(text, "CPU"));
    }

    @Test
    void eachWorkerIsShown() {
        String text = Typed.run(stats(_ -> 0, 0.5), "stats -workers");
        assertEquals("0 10 25 2.5 3 4 0 25.0 %", Typed.line(text, "0  "));
        assertEquals("1 0 0 0.0 4 3 1 0.0 %", Typed.line(text, "1  "));
    }

    @Test
    void uptimeAndAboutAnswer() {
        UptimeCommand uptime = new UptimeCommand(clock, clock.nanos());
        clock.advance(Duration.ofSeconds(61));
        assertEquals("Up for 1m 1s.\n", Typed.run(uptime, "uptime"));
        String about = Typed.run(new AboutCommand("0.1.0", "Linux 6.12", "25.0.1"), "about");
        assertEquals("Portcullis 0.1.0", Typed.line(about, "Portcullis"));
        assertEquals("Java 25.0.1", Typed.line(about, "Java"));
    }
}
