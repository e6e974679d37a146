package io.portcullis.core.ftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlStreamTest {
    private static final int ROOM = 8192;

    private final ControlStream stream = new ControlStream();
    private final byte[] buffer = new byte[ROOM];
    private final MemorySegment b = MemorySegment.ofArray(buffer);

    /** What a line that begins with P becomes: another one, longer or shorter. */
    private static String replaced(String line) {
        return line.startsWith("PX") ? "R" + "*".repeat(line.length() * 7 % 31) + "\n" : line;
    }

    private static boolean mayBecome(byte[] line, int count) {
        return line[0] == 'P' && (count < 2 || line[1] == 'X');
    }

    /** Passes a segment; what the receiver gets of it, empty when the segment was not taken. */
    private byte[] pass(int sequence, byte[] data, boolean finishes) {
        System.arraycopy(data, 0, buffer, 0, data.length);
        int known = stream.next() - sequence;
        assertTrue(known >= 0, "segments come in order here");
        stream.mark();
        boolean fits = true;
        int at = known < data.length ? stream.read(b, known, data.length) : -1;
        while (fits && at >= 0) {
            String line = new String(stream.line(), 0, stream.count(), StandardCharsets.US_ASCII);
            String after = replaced(line);
            fits = after.equals(line) ? stream.endLine() : stream.endLine(after.getBytes(StandardCharsets.US_ASCII));
            at = fits ? stream.read(b, at, data.length) : -1;
        }
        boolean isNew = known < data.length || finishes;
        fits = fits
                && (!isNew
                        || stream.endSegment(stream.count() > 0 && mayBecome(stream.line(), stream.count()), finishes));
        if (!fits) {
            stream.undo();
            return new byte[0];
        }
        int end = stream.rewrite(b, 0, data.length, sequence);
        return Arrays.copyOf(buffer, end);
    }

    private String pass(int sequence, String data) {
        return new String(pass(sequence, data.getBytes(StandardCharsets.US_ASCII), false), StandardCharsets.US_ASCII);
    }

    @Test
    void aLineIsReplacedAndWhatFollowsIsShifted() {
        stream.begin(1000);
        assertEquals("USER a\n", pass(1000, "USER a\n"));
        assertFalse(stream.isChanged());
        String after = replaced("PX12\n");
        assertEquals(after + "LIST\n", pass(1007, "PX12\nLIST\n"));
        int by = after.length() - 5;
        assertEquals(1007, stream.shifted(1007));
        assertEquals(1012 + by, stream.shifted(1012));
        assertEquals(1007, stream.original(1007));
        assertEquals(1007, stream.original(1008), "half of it acknowledged is nothing of it acknowledged");
        assertEquals(1012, stream.original(1012 + by));
        stream.acknowledged(1017);
        assertEquals(1017 + by, stream.shifted(1017));
        assertEquals(1017, stream.original(1017 + by));
        assertTrue(stream.isChanged());
    }

    @Test
    void theSameSegmentIsChangedTheSameWayAgainHoweverItIsCut() {
        stream.begin(0);
        String after = replaced("PX12\n");
        assertEquals(after + "A\n", pass(0, "PX12\nA\n"));
        assertEquals(after + "A\n", pass(0, "PX12\nA\n"));
        assertEquals(after, pass(0, "PX1"));
        assertEquals(after + "A", pass(3, "2\nA"));
        assertEquals(0, stream.shifted(3));
        assertEquals("\n", pass(6, "\n"));
    }

    @Test
    void theBeginningOfALineIsWithheldUntilItIsWhole() {
        stream.begin(50);
        assertEquals("A\n", pass(50, "A\nP"));
        assertFalse(stream.isHoldingOnly(), "the line before may get lost");
        assertEquals(53, stream.received(52));
        stream.acknowledged(52);
        assertTrue(stream.isHoldingOnly());
        assertEquals(52, stream.shifted(53), "nothing behind it may come first");
        assertEquals("", pass(52, "P"), "again");
        assertEquals("", pass(53, "X7"));
        assertEquals(replaced("PX7\n") + "B\n", pass(55, "\nB\n"));
        assertEquals(52, stream.shifted(55));
        assertEquals(replaced("PX7\n") + "B\n", pass(55, "\nB\n"), "what was withheld goes with it again");
    }

    @Test
    void aLineThatTurnsOutToBeAnotherGoesOn() {
        stream.begin(0);
        assertEquals("", pass(0, "P"));
        assertEquals("PWD", pass(1, "WD"));
        assertFalse(stream.isHoldingOnly());
        assertEquals(0, stream.shifted(1));
        assertEquals("\n", pass(3, "\n"));
        assertEquals(3, stream.shifted(3));
        stream.acknowledged(4);
        assertFalse(stream.isChanged());
    }

    @Test
    void whatIsWithheldAndNeverGoesOnIsNeverSent() {
        stream.begin(0);
        assertEquals("", pass(0, "PX"));
        assertEquals(0, pass(2, new byte[0], true).length);
        assertEquals(0, stream.shifted(2), "the end of the stream has the number of what is missing");
    }

    @Test
    void noMoreIsChangedAtOnceThanMayBe() {
        stream.begin(0);
        for (int i = 0; i < ControlStream.MOST_CHANGES; i++) {
            assertEquals(replaced("PX\n"), pass(3 * i, "PX\n"));
        }
        int next = 3 * ControlStream.MOST_CHANGES;
        assertEquals("", pass(next, "PX\n"));
        assertEquals(next, stream.next(), "it was not read");
        stream.acknowledged(3);
        assertEquals(replaced("PX\n"), pass(next, "PX\n"));
    }

    @Test
    void anOverlongLineKeepsItsBeginningOnly() {
        stream.begin(0);
        String line = "x".repeat(3 * ControlStream.MOST_LINE) + "\n";
        assertEquals(line, pass(0, line));
        assertEquals(0, stream.count());
        assertEquals(line.length(), stream.next());
    }

    /** A receiver puts together by its numbers what a sender sent with losses, repetitions and other cuts. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theReceiverGetsTheReplacedStream(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            theReceiverGetsTheReplacedStream(random, "seed " + seed + " round " + round);
        }
    }

    private void theReceiverGetsTheReplacedStream(Random random, String what) {
        StringBuilder sent = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = random.nextInt(20); i >= 0; i--) {
            String line = (random.nextBoolean() ? "PX" : random.nextBoolean() ? "P" : "A")
                    + "b".repeat(random.nextInt(12)) + "\n";
            sent.append(line);
            expected.append(replaced(line));
        }
        byte[] data = sent.toString().getBytes(StandardCharsets.US_ASCII);
        // Numbers wrap around on the way.
        int first = -random.nextInt(data.length + 1);
        stream.begin(first + 1_000_000);
        stream.begin(first);
        Receiver receiver = new Receiver(first);
        int acknowledged = 0;
        int read = 0;
        for (int step = 0; acknowledged < data.length && step < 5_000; step++) {
            boolean again = random.nextInt(3) == 0;
            int from = again ? acknowledged : read;
            int to = Math.min(data.length, from + 1 + random.nextInt(10));
            if (from == to) {
                from = acknowledged;
                to = Math.min(data.length, from + 1 + random.nextInt(10));
            }
            byte[] segment = Arrays.copyOfRange(data, from, to);
            byte[] out = pass(first + from, segment, false);
            read = stream.next() - first;
            int number = stream.shifted(first + from);
            if (random.nextInt(4) != 0) {
                receiver.take(number, out, what);
            }
            if (random.nextBoolean()) {
                int received = stream.received(receiver.next) - first;
                assertTrue(received <= read, what);
                stream.acknowledged(first + received);
                acknowledged = Math.max(acknowledged, received);
            } else if (stream.isHoldingOnly() && to == read) {
                acknowledged = read;
            }
        }
        assertEquals(expected.toString(), receiver.text(), what);
    }

    /** Takes what comes in order, and says up to where that is. */
    private static final class Receiver {
        private final StringBuilder got = new StringBuilder();
        private final int first;
        private int next;

        Receiver(int first) {
            this.first = first;
            this.next = first;
        }

        void take(int sequence, byte[] data, String what) {
            String text = new String(data, StandardCharsets.US_ASCII);
            for (int i = 0; i < data.length; i++) {
                int at = sequence + i - first;
                if (at < got.length()) {
                    assertEquals(got.charAt(at), text.charAt(i), what + ": another octet at " + at);
                } else if (at == got.length()) {
                    got.append(text.charAt(i));
                    next++;
                }
            }
        }

        String text() {
            return got.toString();
        }
    }
}
