package io.portcullis.test.bench.generator;

import io.portcullis.test.lab.Command;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Which of the machine's processors does what; with only one, everything is on it. */
public enum Processor {
    /** The generator with its softirq, clients, and the gateway near them. */
    NEAR,
    /** What is measured, or the far gateway and servers. */
    FAR;

    private int number() {
        return Math.min(ordinal(), Runtime.getRuntime().availableProcessors() - 1);
    }

    /** Its bit, as the kernel's processor masks in hexadecimal want it. */
    public String mask() {
        return Integer.toHexString(1 << number());
    }

    /** Binds all threads of a process, and those that they start. */
    public void bind(long process) {
        Command.run("taskset", "-a", "-c", "-p", String.valueOf(number()), String.valueOf(process));
    }

    /** A command line that runs here. */
    public List<String> command(List<String> command) {
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("taskset", "-c", String.valueOf(number())), command.stream())
                .toList();
    }

    /** Binds the calling thread. */
    public void bindThread() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L << number());
            SystemCall.SET_AFFINITY.call(0, set.byteSize(), set.address());
        }
    }
}
