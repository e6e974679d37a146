package io.portcullis.ipsec.crypto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory for a key and what is computed from it: outside the heap, where no collector copies it, wiped and given back
 * the moment it is freed. An arena could not do that: closing a shared one stops every thread of the process.
 */
final class KeyMemory {
    private static final long ALIGNMENT = 64;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle ALLOCATE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("aligned_alloc"), FunctionDescriptor.of(ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FREE =
            LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("free"), FunctionDescriptor.ofVoid(ADDRESS));

    private MemorySegment memory;

    /** @param octets rounded up to a multiple of 64, zero at first */
    KeyMemory(long octets) {
        long rounded = (octets + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        try {
            MemorySegment raw = (MemorySegment) ALLOCATE.invokeExact(ALIGNMENT, rounded);
            if (raw.equals(MemorySegment.NULL)) {
                throw new OutOfMemoryError("no " + rounded + " octets for a key");
            }
            memory = raw.reinterpret(rounded).fill((byte) 0);
        } catch (RuntimeException | Error broken) {
            throw broken;
        } catch (Throwable broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** The memory; of length 0 once it is freed, so that every later access is refused. */
    MemorySegment segment() {
        return memory;
    }

    /**
     * Where it lies, for a library.
     *
     * @throws IllegalStateException once it is freed
     */
    long address() {
        if (memory.byteSize() == 0) {
            throw new IllegalStateException("the key is destroyed");
        }
        return memory.address();
    }

    /** Wipes it and gives it back. Does nothing the second time. */
    void free() {
        MemorySegment given = memory;
        memory = MemorySegment.NULL;
        if (given.byteSize() == 0) {
            return;
        }
        given.fill((byte) 0);
        try {
            FREE.invokeExact(given);
        } catch (RuntimeException | Error broken) {
            throw broken;
        } catch (Throwable broken) {
            throw new IllegalStateException(broken);
        }
    }
}
