package io.portcullis.hostmon;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Asks one host again and again and judges it by the latest samples. A question is a sample when it is answered, or
 * when nobody has answered for as long as the check has patience; several may be open. Owned by whoever steps it;
 * answers come from any thread.
 */
final class HostMonitor implements AutoCloseable {
    /** What is known of the host. */
    enum State {
        /** Too little yet. */
        UNKNOWN,
        REACHABLE,
        UNREACHABLE
    }

    /** Questions that are open at once; the oldest is given up for another one. */
    static final int OUTSTANDING = 64;

    private static final int NUMBERS = 1 << 16;
    private static final long LOST = -1;
    private static final long NONE = -1;

    private final HostCheck check;
    private final Prober.Probe probe;
    private final long interval;
    private final long patience;
    private final long[] samples;
    private final Deque<Question> open = new ArrayDeque<>();
    /** Which question has a place, and its answer: the two things that the answering thread touches. */
    private final AtomicIntegerArray asked = new AtomicIntegerArray(OUTSTANDING);

    private final AtomicLongArray answers = new AtomicLongArray(OUTSTANDING);
    private final Runnable wake;
    private State state = State.UNKNOWN;
    private int taken;
    private int next;
    private long nextQuestion;

    private record Question(int number, long askedAt) {}

    /**
     * @param first number of the first question: one that nobody guesses
     * @param wake is called when an answer has come, on the thread that brings it; does not block
     */
    HostMonitor(HostCheck check, Prober prober, int first, Runnable wake, long now) {
        this.check = check;
        this.wake = wake;
        this.interval = check.interval().toNanos();
        this.patience = check.patience().toNanos();
        this.samples = new long[check.samples()];
        this.next = Math.floorMod(first, NUMBERS);
        this.nextQuestion = now;
        for (int i = 0; i < OUTSTANDING; i++) {
            asked.set(i, NUMBERS);
        }
        this.probe = prober.open(check, this::answered);
    }

    private void answered(int question, long latency) {
        int place = question % OUTSTANDING;
        if (asked.get(place) == question && answers.compareAndSet(place, NONE, Math.max(0, latency))) {
            wake.run();
        }
    }

    /** Takes answers in, gives up on those that did not come, and asks when it is time. @return when to call again */
    long step(long now) {
        for (Iterator<Question> questions = open.iterator(); questions.hasNext(); ) {
            Question question = questions.next();
            long latency = answers.get(question.number() % OUTSTANDING);
            if (latency != NONE || now - question.askedAt() >= patience) {
                questions.remove();
                settle(question, latency);
            }
        }
        if (now - nextQuestion >= 0) {
            ask(now);
            // After a pause, the machine's for instance, what was missed is not made up for.
            nextQuestion = now - nextQuestion >= interval ? now + interval : nextQuestion + interval;
        }
        Question oldest = open.peekFirst();
        long givenUp = oldest == null ? nextQuestion : oldest.askedAt() + patience;
        return givenUp - nextQuestion < 0 ? givenUp : nextQuestion;
    }

    private void ask(long now) {
        if (open.size() == OUTSTANDING) {
            Question oldest = open.removeFirst();
            settle(oldest, answers.get(oldest.number() % OUTSTANDING));
        }
        int number = next;
        next = (next + 1) % NUMBERS;
        int place = number % OUTSTANDING;
        answers.set(place, NONE);
        asked.set(place, number);
        open.addLast(new Question(number, now));
        probe.ask(number);
    }

    private void settle(Question question, long latency) {
        asked.set(question.number() % OUTSTANDING, NUMBERS);
        probe.over(question.number());
        samples[taken % samples.length] = latency == NONE ? LOST : latency;
        // Counts on until it is clear that all places are taken, and stays clear of an overflow.
        taken = taken + 1 == 2 * samples.length ? samples.length : taken + 1;
        judge();
    }

    private void judge() {
        boolean isFull = taken >= samples.length;
        if (lost() > check.mostLost() || (isFull && isSlow())) {
            state = State.UNREACHABLE;
        } else if (answered() > 0 && (state != State.UNREACHABLE || lost() <= check.mostLostToReturn())) {
            state = State.REACHABLE;
        }
    }

    private boolean isSlow() {
        return answered() > 0 && latency() > check.mostLatency().toNanos();
    }

    HostCheck check() {
        return check;
    }

    State state() {
        return state;
    }

    /** How many of the samples were lost. */
    int lost() {
        int lost = 0;
        for (int i = 0; i < size(); i++) {
            lost += samples[i] == LOST ? 1 : 0;
        }
        return lost;
    }

    /** Nanoseconds on average of the samples that were answered; 0 when none was. */
    long latency() {
        long sum = 0;
        for (int i = 0; i < size(); i++) {
            sum += samples[i] == LOST ? 0 : samples[i];
        }
        return answered() == 0 ? 0 : sum / answered();
    }

    private int answered() {
        return size() - lost();
    }

    private int size() {
        return Math.min(taken, samples.length);
    }

    @Override
    public void close() {
        probe.close();
        open.clear();
    }
}
