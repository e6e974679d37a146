package io.portcullis.core.connection;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The followed connections of one worker by their numbers: a table with open addressing, since every packet of theirs
 * is looked up, and nothing is to be made for it.
 */
final class FtpSessions {
    private static final int FIRST = 16;

    private int[] numbers = new int[FIRST];
    private @Nullable FtpSession[] sessions = new @Nullable FtpSession[FIRST];
    private int size;

    int size() {
        return size;
    }

    /** What is known of the connection; null when it is not followed. */
    @Nullable
    FtpSession get(int number) {
        return sessions[slot(number)];
    }

    /** Another session for a connection that has none. */
    void put(int number, FtpSession session) {
        if (2 * (size + 1) > sessions.length) {
            grow();
        }
        int slot = slot(number);
        numbers[slot] = number;
        sessions[slot] = session;
        size++;
    }

    /** Forgets the connection; what was known of it, null when it was not followed. */
    @Nullable
    FtpSession remove(int number) {
        int gap = slot(number);
        FtpSession removed = sessions[gap];
        if (removed == null) {
            return null;
        }
        size--;
        int mask = sessions.length - 1;
        for (int at = (gap + 1) & mask; sessions[at] != null; at = (at + 1) & mask) {
            // One that began to look at or before the gap would not be found behind it.
            if (((at - home(numbers[at])) & mask) >= ((at - gap) & mask)) {
                numbers[gap] = numbers[at];
                sessions[gap] = sessions[at];
                gap = at;
            }
        }
        sessions[gap] = null;
        return removed;
    }

    /** Where the number is, or would be. */
    private int slot(int number) {
        int slot = home(number);
        while (sessions[slot] != null && numbers[slot] != number) {
            slot = (slot + 1) & (sessions.length - 1);
        }
        return slot;
    }

    /** Numbers are dense and small. */
    private int home(int number) {
        return number & (sessions.length - 1);
    }

    private void grow() {
        int[] oldNumbers = numbers;
        @Nullable FtpSession[] old = sessions;
        numbers = new int[2 * old.length];
        sessions = new @Nullable FtpSession[2 * old.length];
        for (int i = 0; i < old.length; i++) {
            if (old[i] != null) {
                int slot = slot(oldNumbers[i]);
                numbers[slot] = oldNumbers[i];
                sessions[slot] = Objects.requireNonNull(old[i]);
            }
        }
    }
}
