package io.portcullis.ipsec.esp;

import io.portcullis.ipsec.sa.SaEvent;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/** Events on their way from the worker to IKE: bounded; when IKE does not keep up, new ones are dropped and counted. */
public final class SaEvents {
    private final MpscAtomicArrayQueue<SaEvent> queue;
    private final AtomicLong lost = new AtomicLong();
    private final Runnable wake;

    /**
     * @param capacity the most that wait
     * @param wake called on the worker after an event was added; quick, never blocking
     */
    public SaEvents(int capacity, Runnable wake) {
        queue = new MpscAtomicArrayQueue<>(capacity);
        this.wake = wake;
    }

    /** On the worker. */
    public void offer(SaEvent event) {
        if (queue.offer(event)) {
            wake.run();
        } else {
            lost.incrementAndGet();
        }
    }

    /** The oldest event, null when there is none. On the IKE thread. */
    public @Nullable SaEvent poll() {
        return queue.poll();
    }

    /** Events that found the queue full. */
    public long lost() {
        return lost.get();
    }
}
