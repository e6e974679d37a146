package io.portcullis.test.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Platform threads that have entered a network namespace with setns(2): every socket they open lives there. The
 * namespace of a thread is its own, so the rest of the process stays where it was.
 */
final class NamespaceThreads {
    private static final int O_RDONLY = 0;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN =
            handle("open", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT), 2);
    private static final MethodHandle SETNS =
            handle("setns", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), 2);
    private static final MethodHandle CLOSE =
            handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), 1);

    private NamespaceThreads() {}

    /** An executor that grows as needed; its threads are daemons inside the namespace bound at {@code path}. */
    static ExecutorService in(String path) {
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(
                    () -> {
                        enter(path);
                        task.run();
                    },
                    "in " + path);
            thread.setDaemon(true);
            return thread;
        });
    }

    private static void enter(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            int fd = (int) OPEN.invokeExact(name, O_RDONLY);
            if (fd < 0) {
                throw new IllegalStateException("cannot open " + path);
            }
            int status = (int) SETNS.invokeExact(fd, CLONE_NEWNET);
            int closed = (int) CLOSE.invokeExact(fd);
            if (status != 0 || closed != 0) {
                throw new IllegalStateException("cannot enter " + path);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot enter " + path, e);
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor type, int fixedArguments) {
        MemorySegment address = SymbolLookup.loaderLookup()
                .find(name)
                .or(() -> LINKER.defaultLookup().find(name))
                .orElseThrow();
        return name.equals("open")
                ? LINKER.downcallHandle(address, type, Linker.Option.firstVariadicArg(fixedArguments))
                : LINKER.downcallHandle(address, type);
    }
}
