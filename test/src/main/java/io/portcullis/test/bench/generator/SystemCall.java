package io.portcullis.test.bench.generator;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The system calls of the generators, by number: for bpf(2) the C library has no function. */
enum SystemCall {
    CLOSE(3, 57),
    SOCKET(41, 198),
    CONNECT(42, 203),
    SEND(44, 206),
    SET_OPTION(54, 208),
    SET_AFFINITY(203, 122),
    BPF(321, 280);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final int ARGUMENTS = 6;
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));

    private final long onX86;
    private final long elsewhere;

    SystemCall(long onX86, long elsewhere) {
        this.onX86 = onX86;
        this.elsewhere = elsewhere;
    }

    /**
     * Makes the call; arguments that are left out are 0.
     *
     * @throws IllegalStateException when it returns less than 0; the message has errno
     */
    long call(long... arguments) {
        long number = System.getProperty("os.arch").equals("amd64") ? onX86 : elsewhere;
        long[] all = java.util.Arrays.copyOf(arguments, ARGUMENTS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = (long) SYSCALL.invokeExact(state, number, all[0], all[1], all[2], all[3], all[4], all[5]);
            if (result < 0) {
                throw new IllegalStateException(this + ": errno " + (int) ERRNO.get(state, 0L));
            }
            return result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
