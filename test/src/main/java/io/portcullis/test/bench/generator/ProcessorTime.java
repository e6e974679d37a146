package io.portcullis.test.bench.generator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process has used of the processors. */
public final class ProcessorTime {
    private static final double TICKS_PER_SECOND = 100;

    private ProcessorTime() {}

    /** User and system time of all its threads; proc(5): fields 14 and 15, counted after the name in parentheses. */
    public static double seconds(long process) {
        try {
            String[] fields = Files.readString(Path.of("/proc", String.valueOf(process), "stat"))
                    .replaceFirst(".*\\) ", "")
                    .split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
