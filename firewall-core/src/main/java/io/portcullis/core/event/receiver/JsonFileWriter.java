package io.portcullis.core.event.receiver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.portcullis.core.event.Event;
import io.portcullis.core.event.LoggedEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/**
 * Writes each event as a line of JSON. A file that has grown enough is put aside under a number: 1 is the latest of
 * them, and what has a higher number than is wanted is deleted.
 */
final class JsonFileWriter implements EventWriter {
    private static final long MEGABYTE = 1 << 20;
    private static final String SUFFIX = ".jsonl";

    private final JsonFactory json = new JsonFactory();
    private final Path folder;
    private final LogReceiverFile receiver;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private OutputStream out;
    private long size;

    /** @throws IOException when the file can not be written to */
    JsonFileWriter(LogReceiverFile receiver, Path folder) throws IOException {
        this.receiver = receiver;
        this.folder = folder;
        Files.createDirectories(folder);
        out = open();
    }

    private OutputStream open() throws IOException {
        Path current = file(0);
        OutputStream opened = Files.newOutputStream(current, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        size = Files.size(current);
        return opened;
    }

    /** The current file, or the one put aside so many times ago. */
    private Path file(int number) {
        return folder.resolve(receiver.name() + SUFFIX + (number == 0 ? "" : "." + number));
    }

    @Override
    public void write(LoggedEvent event) throws IOException {
        line.reset();
        try (JsonGenerator generator = json.createGenerator(line)) {
            write(event, generator);
        }
        line.write('\n');
        if (size > 0 && size + line.size() > receiver.fileSize() * MEGABYTE) {
            rotate();
        }
        line.writeTo(out);
        size += line.size();
    }

    private static void write(LoggedEvent logged, JsonGenerator to) throws IOException {
        Event event = logged.event();
        to.writeStartObject();
        to.writeStringField("time", logged.at().toString());
        to.writeStringField("category", event.type().category());
        to.writeNumberField("id", event.type().id());
        to.writeStringField("severity", event.type().severity().toString().toLowerCase(Locale.ROOT));
        to.writeStringField("event", event.type().name());
        to.writeStringField("action", event.action());
        List<String> keys = event.type().parameters();
        to.writeObjectFieldStart("parameters");
        for (int i = 0; i < keys.size(); i++) {
            to.writeStringField(keys.get(i), event.values().get(i));
        }
        to.writeEndObject();
        to.writeEndObject();
    }

    private void rotate() throws IOException {
        out.close();
        try {
            Files.deleteIfExists(file(receiver.files() - 1));
            for (int number = receiver.files() - 2; number >= 0; number--) {
                if (Files.exists(file(number))) {
                    Files.move(file(number), file(number + 1), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } finally {
            out = open();
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException _) {
            // What was written is there.
        }
    }
}
