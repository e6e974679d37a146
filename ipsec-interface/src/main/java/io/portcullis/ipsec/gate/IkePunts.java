package io.portcullis.ipsec.gate;

import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/** IKE messages on their way from the worker to the IKE thread, bounded in number and octets. */
public final class IkePunts {
    private static final long MOST_OCTETS = 4L << 20;

    private final MpscAtomicArrayQueue<IkeDatagram> queue;
    private final AtomicLong octets = new AtomicLong();
    private final Runnable wake;

    /**
     * @param capacity the most messages that wait
     * @param wake called on the worker after a message was added; quick, never blocking
     */
    public IkePunts(int capacity, Runnable wake) {
        queue = new MpscAtomicArrayQueue<>(capacity);
        this.wake = wake;
    }

    /** On the worker; false when IKE can not keep up. */
    boolean offer(IkeDatagram datagram) {
        int length = datagram.message().length;
        if (octets.get() + length > MOST_OCTETS || !queue.offer(datagram)) {
            return false;
        }
        octets.addAndGet(length);
        wake.run();
        return true;
    }

    /** Whether a message of this length would be taken, before anything is copied for it. */
    boolean hasRoom(int length) {
        return octets.get() + length <= MOST_OCTETS && queue.size() < queue.capacity();
    }

    /** The oldest message, null when there is none. On the IKE thread. */
    public @Nullable IkeDatagram poll() {
        IkeDatagram datagram = queue.poll();
        if (datagram != null) {
            octets.addAndGet(-datagram.message().length);
        }
        return datagram;
    }
}
