package io.portcullis.hostmon;

import io.portcullis.core.tcp.TcpClient;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** Looks for a text in what a server answers: in the status line, the fields and the content. */
final class HttpAnswer implements TcpClient.Listener {
    /** How much of an answer is read, octets. */
    static final int MOST = 16_384;

    private final byte[] expected;
    private final LongConsumer found;
    private final byte[] answer = new byte[MOST];
    private int length;
    private int searched;

    /** @param found is called with the nanoseconds since the connection was opened, once */
    HttpAnswer(String expected, LongConsumer found) {
        this.expected = expected.getBytes(StandardCharsets.UTF_8);
        this.found = found;
    }

    @Override
    public void connected(long roundTrip) {}

    @Override
    public boolean received(MemorySegment octets, long at, int count, long sinceOpening) {
        int taken = Math.min(count, MOST - length);
        MemorySegment.copy(octets, ValueLayout.JAVA_BYTE, at, answer, length, taken);
        length += taken;
        if (isThere()) {
            found.accept(sinceOpening);
            return true;
        }
        return length == MOST;
    }

    private boolean isThere() {
        for (; searched + expected.length <= length; searched++) {
            int same = 0;
            while (same < expected.length && answer[searched + same] == expected[same]) {
                same++;
            }
            if (same == expected.length) {
                return true;
            }
        }
        return false;
    }
}
