package io.portcullis.core.connection;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Zeroed memory that costs nothing until it is touched: address space for the most that may ever be wanted, of which a
 * growing part from the beginning is usable. What lies behind the first two MB asks for huge pages. Unmapped when
 * nobody refers to it any more.
 */
final class LazyMemory {
    private static final long HUGE_PAGE = 2 << 20;

    private static final int PROT_NONE = 0;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MMAP = handle(
            "mmap",
            FunctionDescriptor.of(
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP =
            handle("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MPROTECT = onRange("mprotect");
    private static final MethodHandle MADVISE = onRange("madvise");

    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle SHARED = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment reserved;
    private long usable;

    /** @param most octets that may ever be usable; none is yet */
    LazyMemory(long most) {
        long size = most + 2 * HUGE_PAGE;
        MemorySegment mapped = map(size).reinterpret(size, Arena.ofAuto(), LazyMemory::unmap);
        long misaligned = mapped.address() & (HUGE_PAGE - 1);
        reserved = mapped.asSlice(misaligned == 0 ? 0 : HUGE_PAGE - misaligned, most);
    }

    /** Where it begins, for good: a multiple of a huge page. */
    long address() {
        return reserved.address();
    }

    /**
     * Makes at least this many octets usable; nothing moves and nothing is touched.
     *
     * @throws IllegalStateException when the system has not so much to promise
     */
    void grow(long octets) {
        if (octets <= usable) {
            return;
        }
        Objects.checkFromToIndex(0, octets, reserved.byteSize());
        if (call(MPROTECT, address(), octets, PROT_READ_WRITE) != 0) {
            throw new IllegalStateException("no memory for " + octets + " octets");
        }
        if (octets > HUGE_PAGE) {
            // A kernel without huge pages refuses, and small ones do.
            call(MADVISE, address() + HUGE_PAGE, octets - HUGE_PAGE, MADV_HUGEPAGE);
        }
        usable = octets;
    }

    /** Gives the memory back at once; its content is lost. */
    void discard() {
        call(MADVISE, address(), usable, MADV_DONTNEED);
    }

    // Fields by their address. Who computes one has checked that it lies in what is usable: a check for each field of
    // a record would take as long as the rest.

    static int getByte(long at) {
        return ALL.get(BYTE, at);
    }

    static void putByte(long at, int value) {
        ALL.set(BYTE, at, (byte) value);
    }

    static int getShort(long at) {
        return ALL.get(SHORT, at) & 0xffff;
    }

    static void putShort(long at, int value) {
        ALL.set(SHORT, at, (short) value);
    }

    static int getInt(long at) {
        return ALL.get(INT, at);
    }

    static void putInt(long at, int value) {
        ALL.set(INT, at, value);
    }

    static long getLong(long at) {
        return ALL.get(LONG, at);
    }

    static void putLong(long at, long value) {
        ALL.set(LONG, at, value);
    }

    // A field that several threads write: its address is a multiple of eight.

    static long getLongAcquire(long at) {
        return (long) SHARED.getAcquire(ALL, at);
    }

    /** Whether it held what was expected, and holds the other value now. */
    static boolean compareAndSetLong(long at, long expected, long value) {
        return SHARED.compareAndSet(ALL, at, expected, value);
    }

    private static MemorySegment map(long size) {
        try {
            MemorySegment mapped = (MemorySegment)
                    MMAP.invokeExact(MemorySegment.NULL, size, PROT_NONE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
            if (mapped.address() == -1) {
                throw new IllegalStateException("no address space for " + size + " octets");
            }
            return mapped;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void unmap(MemorySegment mapped) {
        try {
            int ignored = (int) MUNMAP.invokeExact(mapped, mapped.byteSize());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static int call(MethodHandle handle, long address, long length, int argument) {
        try {
            return (int) handle.invokeExact(MemorySegment.ofAddress(address), length, argument);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle onRange(String name) {
        return handle(
                name,
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    }

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }
}
