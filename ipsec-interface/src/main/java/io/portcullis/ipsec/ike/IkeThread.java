package io.portcullis.ipsec.ike;

import io.portcullis.core.time.Clock;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The loop of the thread that owns an {@link IkeEngine}: asleep until an input comes or something is due. */
public final class IkeThread implements Runnable {
    /** It looks at the clock at least that often, in nanoseconds. */
    private static final long LONGEST_SLEEP = 1_000_000_000L;

    private final IkeEngine engine;
    private final Clock clock;
    private final Semaphore inputs = new Semaphore(0);
    private volatile boolean stopped;

    public IkeThread(IkeEngine engine, Clock clock) {
        this.engine = engine;
        this.clock = clock;
        engine.wakeWith(inputs::release);
    }

    /** Runs until {@link #stop} or an interrupt. */
    @Override
    public void run() {
        try {
            while (!stopped) {
                engine.poll(clock.nanos());
                long now = clock.nanos();
                long deadline = engine.nextDeadline();
                if (deadline > now) {
                    inputs.tryAcquire(Math.min(LONGEST_SLEEP, deadline - now), TimeUnit.NANOSECONDS);
                }
                inputs.drainPermits();
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the loop soon. SAs stay as they are: see {@link IkeEngine#shutdown}. */
    public void stop() {
        stopped = true;
        inputs.release();
    }
}
