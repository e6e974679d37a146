package io.portcullis.core.port.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The calls of the C library that the ports need. Those of each round of a worker do not ask for errno: what is passed
 * to keep it in is an object more for each call, unless the compiler sees through all of it. Any other takes a segment
 * of {@link #STATE} where errno is left when the call returns less than 0; one such segment belongs to one thread at a
 * time. None of these is a critical call: they enter the kernel.
 */
final class Libc {
    /** Where errno is captured. */
    static final MemoryLayout STATE = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle SOCKET = handle("socket", of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND = handle("bind", of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SETSOCKOPT =
            handle("setsockopt", of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKOPT =
            handle("getsockopt", of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle IOCTL =
            handle("ioctl", of(JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL_VALUE =
            handle("ioctl", of(JAVA_INT, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle OPEN = handle("open", of(ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = handle("close", of(JAVA_INT));
    private static final MethodHandle EVENTFD = handle("eventfd", of(JAVA_INT, JAVA_INT));
    private static final MethodHandle EPOLL_CREATE = handle("epoll_create1", of(JAVA_INT));
    private static final MethodHandle EPOLL_CTL = handle("epoll_ctl", of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle RECVMMSG =
            quickHandle("recvmmsg", of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    private static final FunctionDescriptor SENDMMSG_TYPE = of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle SENDMMSG = handle("sendmmsg", SENDMMSG_TYPE);
    private static final MethodHandle QUICK_SENDMMSG = quickHandle("sendmmsg", SENDMMSG_TYPE);
    private static final MethodHandle PPOLL = quickHandle("ppoll", of(ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    private static final FunctionDescriptor TRANSFER = longOf(JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle QUICK_READ = quickHandle("read", TRANSFER);
    private static final MethodHandle QUICK_WRITE = quickHandle("write", TRANSFER);
    private static final MethodHandle READ = handle("read", longOf(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE = handle("write", longOf(JAVA_INT, ADDRESS, JAVA_LONG));

    private static final MethodHandle SENDTO =
            quickHandle("sendto", longOf(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle MMAP =
            handle("mmap", longOf(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = handle("munmap", of(JAVA_LONG, JAVA_LONG));
    private static final boolean IS_ARM = System.getProperty("os.arch").equals("aarch64");
    private static final MethodHandle BPF =
            handle("syscall", longOf(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG), Linker.Option.firstVariadicArg(1));
    /** The number of bpf(2), which the C library does not wrap. */
    private static final long BPF_CALL = IS_ARM ? 280 : 321;

    private static final MethodHandle SCHED_SETATTR =
            handle("syscall", longOf(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG), Linker.Option.firstVariadicArg(1));
    private static final MethodHandle SCHED_GETATTR = handle(
            "syscall", longOf(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(1));
    /** The numbers of sched_setattr(2) and sched_getattr(2), which the C library does not wrap either. */
    private static final long SCHED_SETATTR_CALL = IS_ARM ? 274 : 314;

    private static final long SCHED_GETATTR_CALL = IS_ARM ? 275 : 315;

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;
    private static final MethodHandle SCHED_GETAFFINITY = handle("sched_getaffinity", of(JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle SCHED_SETAFFINITY = handle("sched_setaffinity", of(JAVA_INT, JAVA_LONG, ADDRESS));

    private static final MethodHandle UNSHARE = handle("unshare", of(JAVA_INT));

    private Libc() {}

    /** Room for errno that lives as long as the arena. */
    static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    static int socket(MemorySegment state, int domain, int type, int protocol) {
        try {
            return (int) SOCKET.invokeExact(state, domain, type, protocol);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The calling thread's mask. */
    static int schedGetAffinity(MemorySegment state, MemorySegment mask) {
        try {
            return (int) SCHED_GETAFFINITY.invokeExact(state, 0, mask.byteSize(), mask);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The calling thread's mask. */
    static int schedSetAffinity(MemorySegment state, MemorySegment mask) {
        try {
            return (int) SCHED_SETAFFINITY.invokeExact(state, 0, mask.byteSize(), mask);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The attributes of a thread; 0 is the calling one. */
    static long schedGetAttr(MemorySegment state, long thread, MemorySegment attributes) {
        try {
            return (long)
                    SCHED_GETATTR.invokeExact(state, SCHED_GETATTR_CALL, thread, attributes, attributes.byteSize(), 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The attributes of a thread; 0 is the calling one. */
    static long schedSetAttr(MemorySegment state, long thread, MemorySegment attributes) {
        try {
            return (long) SCHED_SETATTR.invokeExact(state, SCHED_SETATTR_CALL, thread, attributes, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int bind(MemorySegment state, int fd, MemorySegment address) {
        try {
            return (int) BIND.invokeExact(state, fd, address, (int) address.byteSize());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int setsockopt(MemorySegment state, int fd, int level, int name, MemorySegment value) {
        try {
            return (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, (int) value.byteSize());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** @param length room of the value before, octets that were written after */
    static int getsockopt(MemorySegment state, int fd, int level, int name, MemorySegment value, MemorySegment length) {
        try {
            return (int) GETSOCKOPT.invokeExact(state, fd, level, name, value, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Tells a socket with rings to look at them. Why it failed is not told. */
    static long kick(int fd, int flags) {
        try {
            return (long) SENDTO.invokeExact(fd, MemorySegment.NULL, 0L, flags, MemorySegment.NULL, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Maps memory that is shared with the kernel. @return the address, -1 when it failed */
    static long mmap(MemorySegment state, int fd, long octets, long offset) {
        try {
            return (long) MMAP.invokeExact(state, 0L, octets, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Gives mapped memory back. */
    static void munmap(MemorySegment memory) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) MUNMAP.invokeExact(state(arena), memory.address(), memory.byteSize());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** bpf(2). */
    static int bpf(MemorySegment state, int command, MemorySegment attributes) {
        try {
            return (int) (long) BPF.invokeExact(state, BPF_CALL, (long) command, attributes, attributes.byteSize());
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int ioctl(MemorySegment state, int fd, long request, MemorySegment argument) {
        try {
            return (int) IOCTL.invokeExact(state, fd, request, argument);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** An ioctl whose argument is a number. */
    static int ioctl(MemorySegment state, int fd, long request, long argument) {
        try {
            return (int) IOCTL_VALUE.invokeExact(state, fd, request, argument);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int open(MemorySegment state, MemorySegment path, int flags) {
        try {
            return (int) OPEN.invokeExact(state, path, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int close(MemorySegment state, int fd) {
        try {
            return (int) CLOSE.invokeExact(state, fd);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int unshare(MemorySegment state, int flags) {
        try {
            return (int) UNSHARE.invokeExact(state, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int eventfd(MemorySegment state, int flags) {
        try {
            return (int) EVENTFD.invokeExact(state, 0, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int epoll(MemorySegment state, int flags) {
        try {
            return (int) EPOLL_CREATE.invokeExact(state, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int epollControl(MemorySegment state, int epoll, int operation, int fd, MemorySegment event) {
        try {
            return (int) EPOLL_CTL.invokeExact(state, epoll, operation, fd, event);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Why it failed is not told. */
    static int recvmmsg(int fd, MemorySegment messages, int count, int flags) {
        try {
            return (int) RECVMMSG.invokeExact(fd, messages, count, flags, MemorySegment.NULL);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Tries once more when it fails, to learn why. */
    static int sendmmsg(MemorySegment state, int fd, MemorySegment messages, int count, int flags) {
        try {
            int sent = (int) QUICK_SENDMMSG.invokeExact(fd, messages, count, flags);
            return sent >= 0 ? sent : (int) SENDMMSG.invokeExact(state, fd, messages, count, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Why it failed is not told.
     *
     * @param timeout a timespec
     */
    static int ppoll(MemorySegment descriptors, long count, MemorySegment timeout) {
        try {
            return (int) PPOLL.invokeExact(descriptors, count, timeout, MemorySegment.NULL);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Why it failed is not told. */
    static long read(int fd, long address, long octets) {
        try {
            return (long) QUICK_READ.invokeExact(fd, address, octets);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Why it failed is not told. */
    static long write(int fd, long address, long octets) {
        try {
            return (long) QUICK_WRITE.invokeExact(fd, address, octets);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long read(MemorySegment state, int fd, MemorySegment buffer, long octets) {
        try {
            return (long) READ.invokeExact(state, fd, buffer, octets);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long write(MemorySegment state, int fd, MemorySegment buffer, long octets) {
        try {
            return (long) WRITE.invokeExact(state, fd, buffer, octets);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Sets an option that is an int. */
    static int setInt(MemorySegment state, int fd, int level, int name, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return setsockopt(state, fd, level, name, arena.allocateFrom(JAVA_INT, value));
        }
    }

    /** 16 bits in network order, as address structures want them. */
    static short network16(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? (short) value : Short.reverseBytes((short) value);
    }

    private static FunctionDescriptor of(MemoryLayout... arguments) {
        return FunctionDescriptor.of(JAVA_INT, arguments);
    }

    private static FunctionDescriptor longOf(MemoryLayout... arguments) {
        return FunctionDescriptor.of(JAVA_LONG, arguments);
    }

    private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return quickHandle(name, type, all);
    }

    private static MethodHandle quickHandle(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    /** A downcall handle throws nothing by itself. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
