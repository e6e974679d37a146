package io.portcullis.cli.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One JSON object a line. The client sends {@link Request}s, the firewall answers with {@link Reply}s. */
final class ConsoleProtocol {
    /** The longest line that either side takes: a script of tens of thousands of commands fits. */
    static final int MAX_LINE = 16 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private ConsoleProtocol() {}

    enum Ask {
        EXECUTE,
        COMPLETE,
        INTERRUPT
    }

    /**
     * @param ask what is wanted
     * @param text the command line or script
     * @param cursor position in it, for completion
     */
    record Request(Ask ask, String text, int cursor) {}

    enum Tell {
        OUT,
        ERR,
        DONE,
        CANDIDATES
    }

    /**
     * @param tell what this is
     * @param text output, or with DONE the next prompt
     * @param status exit status, with DONE
     * @param candidates completions, with CANDIDATES
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Reply(
            Tell tell, String text, int status, @Nullable List<Session.Candidate> candidates) {}

    static void write(OutputStream to, Object message) throws IOException {
        byte[] line;
        try {
            line = JSON.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a console message can not be written", e);
        }
        byte[] whole = new byte[line.length + 1];
        System.arraycopy(line, 0, whole, 0, line.length);
        whole[line.length] = '\n';
        to.write(whole);
        to.flush();
    }

    /** The next message, or null at the end of the stream. @throws IOException also when it is no such message */
    static <T> @Nullable T read(InputStream from, Class<T> type) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        int next;
        while ((next = from.read()) >= 0 && next != '\n') {
            if (line.size() >= MAX_LINE) {
                throw new IOException("a console message is longer than " + MAX_LINE + " octets");
            }
            line.write(next);
        }
        if (next < 0) {
            return null;
        }
        return JSON.readValue(line.toString(StandardCharsets.UTF_8), type);
    }
}
