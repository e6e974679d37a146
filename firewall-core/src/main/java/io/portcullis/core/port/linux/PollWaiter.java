package io.portcullis.core.port.linux;

import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortWaiter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Sleeps in ppoll(2) on the descriptors of ports, and on an eventfd that {@link #wake} writes to. */
public final class PollWaiter implements PortWaiter {
    /** Descriptors that one worker can wait for. */
    private static final int MOST = 256;

    private static final int POLLIN = 1;
    private static final int POLLFD = 8;
    private static final int REVENTS = 6;
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final long SECOND = 1_000_000_000L;
    private static final long LONGEST = 3600 * SECOND;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = Libc.state(arena);
    private final MemorySegment timeout = arena.allocate(16, 8);
    private final MemorySegment counter = arena.allocate(ValueLayout.JAVA_LONG);
    private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
    private final MemorySegment descriptors = arena.allocate((long) MOST * POLLFD, 8);
    private int count;
    private final int eventfd;
    private volatile boolean woken;
    private volatile boolean sleeping;
    private boolean isClosed;

    /** @throws DeviceException when the system gives no eventfd */
    public PollWaiter() throws DeviceException {
        eventfd = Libc.eventfd(state, EFD_NONBLOCK | EFD_CLOEXEC);
        if (eventfd < 0) {
            int errno = Libc.errno(state);
            arena.close();
            throw new DeviceException("eventfd", errno);
        }
        add(eventfd);
    }

    /**
     * A port without a descriptor is asked to wake this waiter instead.
     *
     * @throws IllegalStateException when there are too many
     */
    @Override
    public void watch(Port port) {
        if (port.descriptor() < 0) {
            port.wakes(this);
        } else {
            watch(port.descriptor());
        }
    }

    /** Input of this descriptor ends the sleep from now on. */
    void watch(int fd) {
        if (count == MOST) {
            throw new IllegalStateException("more than " + (MOST - 1) + " ports on one worker");
        }
        add(fd);
    }

    @Override
    public void forget(Port port) {
        for (int slot = 1; slot < count; slot++) {
            if (descriptors.get(ValueLayout.JAVA_INT, (long) slot * POLLFD) == port.descriptor()) {
                count--;
                MemorySegment.copy(descriptors, (long) count * POLLFD, descriptors, (long) slot * POLLFD, POLLFD);
                return;
            }
        }
    }

    private void add(int fd) {
        long at = (long) count * POLLFD;
        descriptors.set(ValueLayout.JAVA_INT, at, fd);
        descriptors.set(ValueLayout.JAVA_SHORT, at + 4, (short) POLLIN);
        count++;
    }

    @Override
    public void await(long nanos) {
        sleeping = true;
        // After sleeping is seen, a waker writes to the eventfd; before, it is seen here.
        if (!woken) {
            long limited = Math.clamp(nanos, 0, LONGEST);
            timeout.set(ValueLayout.JAVA_LONG, 0, limited / SECOND);
            timeout.set(ValueLayout.JAVA_LONG, 8, limited % SECOND);
            int ready = Libc.ppoll(descriptors, count, timeout);
            if (ready > 0 && descriptors.get(ValueLayout.JAVA_SHORT, REVENTS) != 0) {
                Libc.read(eventfd, counter.address(), 8);
            }
        }
        sleeping = false;
        woken = false;
    }

    @Override
    public void wake() {
        if (!woken) {
            woken = true;
            if (sleeping) {
                ring();
            }
        }
    }

    private synchronized void ring() {
        if (!isClosed) {
            Libc.write(eventfd, one.address(), 8);
        }
    }

    /** Call it after the worker's end. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            Libc.close(state, eventfd);
            arena.close();
        }
    }
}
