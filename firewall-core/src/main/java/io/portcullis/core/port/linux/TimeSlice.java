package io.portcullis.core.port.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How long a thread runs before another has its turn (sched_setattr(2)). Since Linux 6.12 a thread with a shorter slice
 * that wakes up does not wait for the slice of a longer one to end, and its share of the processor stays the same.
 */
public final class TimeSlice {
    /** The shortest that Linux knows, nanoseconds. */
    public static final long SHORTEST = 100_000;

    /** struct sched_attr up to sched_period, as of Linux 3.14. */
    private static final int ATTRIBUTES = 48;

    private static final int POLICY = 4;
    private static final int SCHED_OTHER = 0;
    private static final int RUNTIME = 24;

    private TimeSlice() {}

    /**
     * Gives the calling thread the shortest slice, unless somebody gave it a real-time policy. Earlier kernels take note
     * of it and do nothing.
     *
     * @throws DeviceException when the system refuses it
     */
    public static void shorten() throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            MemorySegment attributes = read(arena, state);
            if (attributes.get(ValueLayout.JAVA_INT, POLICY) == SCHED_OTHER) {
                attributes.set(ValueLayout.JAVA_LONG, RUNTIME, SHORTEST);
                if (Libc.schedSetAttr(state, attributes) < 0) {
                    throw new DeviceException("sched_setattr", Libc.errno(state));
                }
            }
        }
    }

    /** The calling thread's slice, nanoseconds; 0 from a kernel that does not tell. */
    static long current() throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            return read(arena, Libc.state(arena)).get(ValueLayout.JAVA_LONG, RUNTIME);
        }
    }

    private static MemorySegment read(Arena arena, MemorySegment state) throws DeviceException {
        MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
        if (Libc.schedGetAttr(state, attributes) < 0) {
            throw new DeviceException("sched_getattr", Libc.errno(state));
        }
        return attributes;
    }
}
