package io.portcullis.ipsec.ike.v2;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Message IDs, retransmission and the replay of answers (RFC 7296 sections 2.1 to 2.3), the same for all exchanges.
 * The window is one message wide in both directions, which is what we advertise by not advertising anything.
 */
final class Window {
    /** What a request's message ID makes of it. */
    enum Arrival {
        /** The next one: to be answered. */
        NEW,
        /** The last one again, and its answer is there: to be sent again. */
        REPEATED,
        /** The last one again, and its answer is still being made: to be ignored. */
        PENDING,
        /** Any other: to be ignored. */
        OUTSIDE
    }

    private final long firstWait;
    private final int mostTries;

    private int nextRequest;
    private byte @Nullable [] outstanding;
    private int outstandingId;
    private int tries;
    private long resendAt = Long.MAX_VALUE;

    private int expected;
    private byte @Nullable [] lastAnswer;

    Window(IkeSettings settings) {
        firstWait = settings.firstRetransmission().toNanos();
        mostTries = settings.tries();
    }

    /** The ID of our next request. */
    int nextRequest() {
        return nextRequest;
    }

    /** Our request is on its way. */
    void sent(int id, byte[] request, long now) {
        outstanding = request;
        outstandingId = id;
        nextRequest = id + 1;
        tries = 1;
        resendAt = now + firstWait;
    }

    /** Whether a response with this ID answers our request. */
    boolean awaits(int id) {
        return outstanding != null && outstandingId == id;
    }

    /** Our request was answered, or nobody wants an answer any more. */
    void concluded() {
        outstanding = null;
        resendAt = Long.MAX_VALUE;
    }

    /** When {@link #resend} wants to be called, in nanoseconds. */
    long deadline() {
        return resendAt;
    }

    /** Whether the last repetition has gone unanswered, too. */
    boolean exhausted(long now) {
        return now - resendAt >= 0 && outstanding != null && tries >= mostTries;
    }

    /** Our request once more, byte for byte, when its time has come. */
    Optional<byte[]> resend(long now) {
        if (outstanding == null || now - resendAt < 0 || tries >= mostTries) {
            return Optional.empty();
        }
        resendAt = now + (firstWait << tries);
        tries++;
        return Optional.of(outstanding);
    }

    Arrival judge(int id) {
        if (id == expected) {
            return Arrival.NEW;
        }
        if (id != expected - 1) {
            return Arrival.OUTSIDE;
        }
        return lastAnswer == null ? Arrival.PENDING : Arrival.REPEATED;
    }

    /** The request with the expected ID is being answered from now on. */
    void answering() {
        expected++;
        lastAnswer = null;
    }

    void answered(byte[] answer) {
        lastAnswer = answer;
    }

    /** The answer to the last request. */
    Optional<byte[]> lastAnswer() {
        return Optional.ofNullable(lastAnswer);
    }
}
