package io.portcullis.core.ftp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one end of a control connection sends: read line by line in the order of its sequence numbers, and with lines
 * replaced by others, so that the receiver's numbers differ from the sender's. A segment that comes again is changed as
 * it was the first time, until the receiver has acknowledged it. The beginning of a line that may have to be replaced
 * is withheld until the line is whole.
 *
 * <p>For each segment: {@link #mark}; {@link #read} and {@link #endLine} while there are lines; {@link #endSegment};
 * then {@link #rewrite} and {@link #shifted}. Numbers are compared modulo 2^32.
 */
public final class ControlStream {
    /** Octets of the longest line that may say where a data connection is to be made. */
    public static final int MOST_LINE = 512;
    /** Lines at once that are replaced and not acknowledged. */
    public static final int MOST_CHANGES = 8;

    private static final byte[] NOTHING = {};

    private final byte[] line = new byte[MOST_LINE];
    private final byte[] marked = new byte[MOST_LINE];
    private final List<Change> changes = new ArrayList<>();

    private boolean begun;
    private int first;
    /** Sequence number of the octet that is read next. */
    private int next;
    /** Where the line that is being read begins. */
    private int lineStart;
    /** Octets of it that were read; no more than fit are kept. */
    private int count;

    private boolean overlong;
    /** Octets of it that the receiver has not got. */
    private int held;
    /** Up to where the receiver has got everything, by the sender's numbers. */
    private int got;
    /** What is added to numbers before all changes. */
    private int shift;

    private int markedNext;
    private int markedLineStart;
    private int markedCount;
    private boolean markedOverlong;
    private int markedHeld;
    private int markedChanges;

    /** What stands in place of some octets. */
    private static final class Change {
        final int start;
        final int end;
        /** Where it begins for the receiver. */
        final int newStart;

        final byte[] octets;

        Change(int start, int end, int newStart, byte[] octets) {
            this.start = start;
            this.end = end;
            this.newStart = newStart;
            this.octets = octets;
        }

        int newEnd() {
            return newStart + octets.length;
        }

        /** What is added to numbers behind it. */
        int shift() {
            return newEnd() - end;
        }
    }

    /** Begins with the octet of this sequence number; again, where the stream has not begun with it already. */
    public void begin(int sequence) {
        if (begun && sequence == first) {
            return;
        }
        begun = true;
        first = sequence;
        next = sequence;
        lineStart = sequence;
        count = 0;
        overlong = false;
        held = 0;
        got = sequence;
        shift = 0;
        changes.clear();
    }

    public boolean hasBegun() {
        return begun;
    }

    /** Sequence number of the octet that is read next. */
    public int next() {
        return next;
    }

    /** Octets of the line that is being read, or was just read; {@link #count} of them. */
    public byte[] line() {
        return line;
    }

    public int count() {
        return count;
    }

    /** Whether the line is longer than what is kept of it. */
    public boolean isOverlong() {
        return overlong;
    }

    /**
     * Whether the beginning of a line is withheld, and nothing else is missing: then the sender may be told that it was
     * received, since he may wait for that before he sends the rest.
     */
    public boolean isHoldingOnly() {
        return held > 0 && !isAfter(lineStart, got);
    }

    /** Whether the receiver's numbers, or octets, may differ from the sender's. */
    public boolean isChanged() {
        return shift != 0 || held > 0 || !changes.isEmpty();
    }

    /** Remembers everything, for {@link #undo}. */
    public void mark() {
        markedNext = next;
        markedLineStart = lineStart;
        markedCount = count;
        markedOverlong = overlong;
        markedHeld = held;
        markedChanges = changes.size();
        System.arraycopy(line, 0, marked, 0, count);
    }

    /** Forgets what was read since {@link #mark}. */
    public void undo() {
        next = markedNext;
        lineStart = markedLineStart;
        count = markedCount;
        overlong = markedOverlong;
        held = markedHeld;
        changes.subList(markedChanges, changes.size()).clear();
        System.arraycopy(marked, 0, line, 0, count);
    }

    /**
     * Reads on until a line is complete.
     *
     * @param at of the octet that {@link #next} is the number of
     * @return offset behind the line, or -1 when there is no whole one before {@code end}
     */
    public int read(MemorySegment b, int at, int end) {
        for (int i = at; i < end; i++) {
            byte octet = b.get(ValueLayout.JAVA_BYTE, i);
            if (count < MOST_LINE) {
                line[count++] = octet;
            } else {
                overlong = true;
            }
            next++;
            if (octet == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    /**
     * The line that was read goes on as it is.
     *
     * @return false when more is changed already than may be
     */
    public boolean endLine() {
        boolean fits = held == 0 || release();
        nextLine();
        return fits;
    }

    /** The receiver gets this instead of the line that was read; as {@link #endLine()}. */
    public boolean endLine(byte[] replacement) {
        boolean fits = change(next, replacement);
        nextLine();
        return fits;
    }

    private void nextLine() {
        held = 0;
        count = 0;
        overlong = false;
        lineStart = next;
    }

    /**
     * The segment is read.
     *
     * @param holds whether the line that was begun is withheld
     * @param finishes whether nothing follows: what was withheld before and did not go on is never sent
     * @return as {@link #endLine()}
     */
    public boolean endSegment(boolean holds, boolean finishes) {
        if (holds && !finishes) {
            held = count;
            return true;
        }
        boolean fits = true;
        if (held > 0) {
            fits = count > held ? release() : change(next, NOTHING);
        }
        held = 0;
        return fits;
    }

    /** The octets that were withheld go with the next one behind them, which is there now. */
    private boolean release() {
        return change(lineStart + held + 1, Arrays.copyOf(line, held + 1));
    }

    private boolean change(int end, byte[] octets) {
        if (changes.size() == MOST_CHANGES) {
            return false;
        }
        int before = changes.isEmpty() ? shift : changes.getLast().shift();
        changes.add(new Change(lineStart, end, lineStart + before, octets));
        return true;
    }

    /** The receiver has got what is before this number of the sender's. */
    public void acknowledged(int sequence) {
        got = isAfter(sequence, got) ? sequence : got;
        while (!changes.isEmpty() && !isAfter(changes.getFirst().end, sequence)) {
            shift = changes.removeFirst().shift();
        }
    }

    /** The receiver's number for one of the sender's, at which a segment begins. */
    public int shifted(int sequence) {
        if (held > 0 && isAfter(sequence, lineStart)) {
            return lineStart + (changes.isEmpty() ? shift : changes.getLast().shift());
        }
        int by = shift;
        for (int i = 0; i < changes.size() && isAfter(sequence, changes.get(i).start); i++) {
            Change change = changes.get(i);
            if (isAfter(change.end, sequence)) {
                return change.newStart;
            }
            by = change.shift();
        }
        return sequence + by;
    }

    /**
     * The sender's number for one of the receiver's, up to which it says that it got everything. What is withheld
     * behind that counts as received.
     */
    public int received(int sequence) {
        int number = original(sequence);
        return held > 0 && number == lineStart ? next : number;
    }

    /** The sender's number for one of the receiver's; where that lies in a change, the change's beginning. */
    public int original(int sequence) {
        int by = shift;
        for (int i = 0; i < changes.size() && isAfter(sequence, changes.get(i).newStart); i++) {
            Change change = changes.get(i);
            if (isAfter(change.newEnd(), sequence)) {
                return change.start;
            }
            by = change.shift();
        }
        return sequence - by;
    }

    /** Octets that {@link #rewrite} may need more room for. */
    public int mostGrowth() {
        return changes.size() * MOST_LINE;
    }

    /**
     * Makes the data of a segment what the receiver is to get. A segment that has a part of what is changed brings all
     * that stands in its place, since nobody knows whether another one comes.
     *
     * @param at of the segment's first octet of data
     * @param end behind its last one; what lies behind may be overwritten
     * @param sequence number of the first octet
     * @return offset behind the last octet now
     */
    public int rewrite(MemorySegment b, int at, int end, int sequence) {
        int until = end;
        if (held > 0) {
            until = at + Math.min(end - at, Math.max(lineStart - sequence, 0));
        }
        for (int i = changes.size() - 1; i >= 0; i--) {
            Change change = changes.get(i);
            int from = Math.max(change.start - sequence, 0);
            int to = Math.min(change.end - sequence, until - at);
            if (to <= 0 || from >= until - at) {
                continue;
            }
            int behind = until - at - to;
            MemorySegment.copy(b, (long) at + to, b, (long) at + from + change.octets.length, behind);
            MemorySegment.copy(change.octets, 0, b, ValueLayout.JAVA_BYTE, (long) at + from, change.octets.length);
            until = at + from + change.octets.length + behind;
        }
        return until;
    }

    private static boolean isAfter(int sequence, int other) {
        return sequence - other > 0;
    }
}
