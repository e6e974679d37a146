package io.portcullis.core.event.receiver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portcullis.core.event.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileWriterTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path folder;

    private static LogReceiverFile receiver(int files) {
        return new LogReceiverFile("all", 1, files, List.of(Severity.INFO), "");
    }

    @Test
    void aLineIsOneObjectWithEverything() throws IOException {
        try (JsonFileWriter writer = new JsonFileWriter(receiver(2), folder)) {
            writer.write(Events.opened("a \"quoted\"\nrule \u2028", "2001:db8::1"));
        }
        List<String> lines = Files.readAllLines(folder.resolve("all.jsonl"));
        assertEquals(1, lines.size());
        JsonNode event = new ObjectMapper().readTree(lines.getFirst());
        assertEquals("2026-07-23T14:05:06.789Z", event.get("time").asText());
        assertEquals("CONN", event.get("category").asText());
        assertEquals(600_001, event.get("id").asInt());
        assertEquals("info", event.get("severity").asText());
        assertEquals("conn_open", event.get("event").asText());
        assertEquals("open", event.get("action").asText());
        assertEquals(
                "a \"quoted\"\nrule \u2028", event.get("parameters").get("rule").asText());
        assertEquals("2001:db8::1", event.get("parameters").get("connsrcip").asText());
    }

    /** In the order of their numbers, each once, and no file beyond its size. */
    @Test
    void filesAreTurnedOverAndTheOldestGo() throws IOException {
        String filler = "x".repeat(10_000);
        int written = 500;
        try (JsonFileWriter writer = new JsonFileWriter(receiver(3), folder)) {
            for (int i = 0; i < written; i++) {
                writer.write(Events.opened(i, filler));
            }
        }
        List<Integer> kept = new ArrayList<>();
        for (String name : List.of("all.jsonl.2", "all.jsonl.1", "all.jsonl")) {
            assertTrue(Files.size(folder.resolve(name)) <= MEGABYTE, name);
            for (String line : Files.readAllLines(folder.resolve(name))) {
                kept.add(new ObjectMapper()
                        .readTree(line)
                        .get("parameters")
                        .get("rule")
                        .asInt());
            }
        }
        assertFalse(Files.exists(folder.resolve("all.jsonl.3")));
        assertEquals(written - 1, kept.getLast());
        for (int i = 1; i < kept.size(); i++) {
            assertEquals(kept.get(i - 1) + 1, kept.get(i));
        }
        assertTrue(kept.size() > 200 && kept.size() < written, kept.size() + " events are kept");
    }

    @Test
    void aWriterGoesOnWhereTheLastOneEnded() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (JsonFileWriter writer = new JsonFileWriter(receiver(1), folder)) {
                writer.write(Events.opened(i, "192.0.2.1"));
            }
        }
        assertEquals(2, Files.readAllLines(folder.resolve("all.jsonl")).size());
    }
}
