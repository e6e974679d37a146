package io.portcullis.core.port.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * When a thread runs among others (sched_setattr(2)). Since Linux 6.12 a thread with a shorter time slice that wakes up
 * does not wait for the slice of a longer one to end. A lower nice value gives it more of a processor that is fully
 * used (sched(7): each step about 1.25 times the weight).
 */
public final class Scheduling {
    /** The shortest slice that Linux knows, nanoseconds. */
    public static final long SHORTEST = 100_000;

    /** struct sched_attr up to sched_period, as of Linux 3.14. */
    private static final int ATTRIBUTES = 48;

    private static final int POLICY = 4;
    private static final int NICE = 16;
    private static final int PRIORITY = 20;
    private static final int SCHED_OTHER = 0;
    /** A link to the calling thread's directory, whose name is its number. */
    private static final Path THREAD_SELF = Path.of("/proc/thread-self");

    private static final Path THREADS = Path.of("/proc/self/task");
    /** HotSpot's name for it; with the serial collector it is the one that collects. */
    private static final String VIRTUAL_MACHINE = "VM Thread";

    private static final int SCHED_RR = 2;
    private static final int LOWEST_REAL_TIME = 1;
    /** The calling thread, to the system calls. */
    private static final long SELF = 0;

    private static final int RUNTIME = 24;

    private Scheduling() {}

    /**
     * Gives the calling thread the shortest slice and a nice value, unless somebody gave it a real-time policy. Kernels
     * before 6.12 take note of the slice and do nothing.
     *
     * @param nice -20 to 19; the lower, the more it gets
     * @throws DeviceException when the system refuses it: less than before needs CAP_SYS_NICE
     */
    public static void hasten(int nice) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            MemorySegment attributes = read(arena, state, SELF);
            if (attributes.get(ValueLayout.JAVA_INT, POLICY) == SCHED_OTHER) {
                attributes.set(ValueLayout.JAVA_INT, NICE, nice);
                attributes.set(ValueLayout.JAVA_LONG, RUNTIME, SHORTEST);
                set(state, SELF, attributes);
            }
        }
    }

    private static void set(MemorySegment state, long thread, MemorySegment attributes) throws DeviceException {
        if (Libc.schedSetAttr(state, thread, attributes) < 0) {
            throw new DeviceException("sched_setattr", Libc.errno(state));
        }
    }

    /**
     * As {@link #hasten(int)}, for the thread in which the virtual machine collects garbage and does whatever else
     * stops all others: they wait for it as long as it waits for a processor. Of another virtual machine that has no
     * thread of that name nothing is done.
     */
    public static void hastenVirtualMachine(int nice) throws IOException {
        long thread = virtualMachine();
        if (thread != SELF) {
            try (Arena arena = Arena.ofConfined()) {
                hasten(arena, thread, nice);
            }
        }
    }

    /** That thread's number, {@link #SELF} for none. */
    static long virtualMachine() throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                if (name(thread).equals(VIRTUAL_MACHINE)) {
                    return Long.parseLong(thread.getFileName().toString());
                }
            }
        }
        return SELF;
    }

    private static String name(Path thread) throws IOException {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (NoSuchFileException e) {
            // It has ended meanwhile.
            return "";
        }
    }

    /** Makes another thread an ordinary one, as {@link #hasten} does the calling one. */
    static void hasten(Arena arena, long thread, int nice) throws DeviceException {
        MemorySegment attributes = attributes(arena);
        attributes.set(ValueLayout.JAVA_INT, NICE, nice);
        attributes.set(ValueLayout.JAVA_LONG, RUNTIME, SHORTEST);
        set(Libc.state(arena), thread, attributes);
    }

    /** Makes the calling thread a real-time one, as {@link #realTime(Arena, long, int)} does another. */
    static void realTime(int priority) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            realTime(arena, SELF, priority);
        }
    }

    /**
     * Has a thread run whenever it can, before all threads without a real-time policy (SCHED_RR).
     *
     * @param priority above that of other real-time threads, 0 being the lowest
     * @throws DeviceException when the system refuses it: it needs CAP_SYS_NICE
     */
    static void realTime(Arena arena, long thread, int priority) throws DeviceException {
        MemorySegment attributes = attributes(arena);
        attributes.set(ValueLayout.JAVA_INT, POLICY, SCHED_RR);
        attributes.set(ValueLayout.JAVA_INT, PRIORITY, LOWEST_REAL_TIME + priority);
        set(Libc.state(arena), thread, attributes);
    }

    /** The calling thread's number, for other threads. */
    static long thread() throws DeviceException {
        try {
            return Long.parseLong(
                    Files.readSymbolicLink(THREAD_SELF).getFileName().toString());
        } catch (IOException e) {
            throw new DeviceException(THREAD_SELF.toString(), Errno.ENOENT);
        }
    }

    /** Whether the calling thread has a real-time policy. */
    static boolean isRealTime() throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            return read(arena, Libc.state(arena), SELF).get(ValueLayout.JAVA_INT, POLICY) == SCHED_RR;
        }
    }

    /** The calling thread's slice, nanoseconds; 0 from a kernel that does not tell. */
    static long slice() throws DeviceException {
        return slice(SELF);
    }

    static long slice(long thread) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            return read(arena, Libc.state(arena), thread).get(ValueLayout.JAVA_LONG, RUNTIME);
        }
    }

    /** The calling thread's nice value. */
    static int nice() throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            return read(arena, Libc.state(arena), SELF).get(ValueLayout.JAVA_INT, NICE);
        }
    }

    private static MemorySegment read(Arena arena, MemorySegment state, long thread) throws DeviceException {
        MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
        if (Libc.schedGetAttr(state, thread, attributes) < 0) {
            throw new DeviceException("sched_getattr", Libc.errno(state));
        }
        return attributes;
    }

    /** Those of an ordinary thread; the first field is how long they are. */
    private static MemorySegment attributes(Arena arena) {
        MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
        attributes.set(ValueLayout.JAVA_INT, 0, ATTRIBUTES);
        return attributes;
    }
}
