package io.portcullis.test.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** External programs, run to their end. */
public final class Command {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Command() {}

    /** What a program left: its exit status (-1: killed at the time limit) and both its streams, merged. */
    public record Result(List<String> command, int status, String output) {
        public boolean succeeded() {
            return status == 0;
        }

        /** This result when the program succeeded; otherwise an exception that holds the command and its output. */
        public Result orThrow() {
            if (status != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": status " + status + "\n" + output);
            }
            return this;
        }
    }

    /** Runs with nothing on standard input, for a minute at most; any status is returned. */
    public static Result attempt(List<String> command) {
        return attempt(command, LIMIT);
    }

    public static Result attempt(List<String> command, Duration limit) {
        return finish(
                command,
                start(new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))),
                limit);
    }

    /** Runs and expects status 0. */
    public static Result run(String... command) {
        return attempt(List.of(command)).orThrow();
    }

    /** Runs with a text on standard input and expects status 0. */
    static Result feed(String input, List<String> command) {
        Process process = start(new ProcessBuilder(command).redirectErrorStream(true));
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        }
        return finish(command, process, LIMIT).orThrow();
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", builder.command()), e);
        }
    }

    private static Result finish(List<String> command, Process process, Duration limit) {
        CompletableFuture<String> output =
                CompletableFuture.supplyAsync(() -> text(process), Thread::startVirtualThread);
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            return new Result(command, ended ? process.exitValue() : -1, output.join());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(String.join(" ", command) + ": interrupted", e);
        }
    }

    private static String text(Process process) {
        try (var in = process.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(output lost: " + e.getMessage() + ")";
        }
    }
}
