package io.portcullis.core.port.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A descriptor that is readable while one of others is (epoll(7)), which may come and go; closed ones leave by
 * themselves.
 */
final class Epoll implements AutoCloseable {
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int ADD = 1;
    private static final int IN = 1;
    /** struct epoll_event is packed on x86-64 only; the data behind the events is not used. */
    private static final int EVENT = 16;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = Libc.state(arena);
    private final MemorySegment event = arena.allocate(EVENT, 8);
    private final int descriptor;

    /** @throws DeviceException when the process has no descriptor left */
    Epoll() throws DeviceException {
        descriptor = Libc.epoll(state, CLOSE_ON_EXEC);
        if (descriptor < 0) {
            int errno = Libc.errno(state);
            arena.close();
            throw new DeviceException("epoll", errno);
        }
        event.set(ValueLayout.JAVA_INT, 0, IN);
    }

    int descriptor() {
        return descriptor;
    }

    void add(int other) throws DeviceException {
        if (Libc.epollControl(state, descriptor, ADD, other, event) < 0) {
            throw new DeviceException("epoll", Libc.errno(state));
        }
    }

    @Override
    public void close() {
        Libc.close(state, descriptor);
        arena.close();
    }
}
