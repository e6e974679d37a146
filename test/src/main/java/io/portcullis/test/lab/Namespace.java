package io.portcullis.test.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One network namespace of a {@link Lab}. */
public final class Namespace implements AutoCloseable {
    static final Path FOLDER = Path.of("/run/netns");
    private static final Duration CALL_LIMIT = Duration.ofMinutes(2);

    private final String name;
    private final ExecutorService threads;

    Namespace(String name) {
        this.name = name;
        Command.run("ip", "netns", "add", name);
        this.threads = NamespaceThreads.in(FOLDER.resolve(name).toString());
        ip("link set lo up");
    }

    /** The system-wide name, as {@code ip netns} lists it. */
    public String name() {
        return name;
    }

    /** Runs {@code ip} commands, one a line, without the leading {@code ip}; the first that fails ends it. */
    public void ip(String commands) {
        Command.feed(commands + "\n", List.of("ip", "-n", name, "-batch", "-"));
    }

    /** Sets kernel variables: {@code net.ipv4.ip_forward=1} and the like. */
    public void sysctl(String... settings) {
        List<String> command = within("sysctl", "-qw");
        command.addAll(List.of(settings));
        Command.attempt(command).orThrow();
    }

    /** Loads an nftables script. */
    public void nft(String script) {
        Command.feed(script, within("nft", "-f", "-"));
    }

    /** Runs a program inside, expecting status 0. */
    public Command.Result run(String... command) {
        return Command.attempt(within(command)).orThrow();
    }

    /** Runs a program inside; any status is returned. */
    public Command.Result attempt(String... command) {
        return Command.attempt(within(command));
    }

    /** Starts a program inside; both its streams are appended to {@code log}. It ends with the lab. */
    public Process start(Path log, String... command) {
        return start(log, List.of(command));
    }

    Process start(Path log, List<String> command) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            return new ProcessBuilder(within(command.toArray(String[]::new)))
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": " + String.join(" ", command), e);
        }
    }

    /** The command line that runs a program inside. */
    public List<String> within(String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(command));
        return all;
    }

    /** Runs Java code whose sockets are to be inside; waits for two minutes at most. */
    public <T> T call(Callable<T> work) {
        try {
            return submit(work).get(CALL_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("in " + name + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("in " + name + ": not done after " + CALL_LIMIT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("in " + name + ": interrupted", e);
        }
    }

    /** As {@link #call}, without waiting. */
    public <T> Future<T> submit(Callable<T> work) {
        return threads.submit(work);
    }

    /** Ends every process inside and removes the namespace. */
    @Override
    public void close() {
        threads.shutdownNow();
        remove(name);
    }

    /** Removes a namespace of this or an earlier run, whatever is left of it. */
    static void remove(String name) {
        for (String pid :
                Command.attempt(List.of("ip", "netns", "pids", name)).output().split("\\s+", -1)) {
            if (pid.matches("\\d+")) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        Command.attempt(List.of("ip", "netns", "delete", name));
    }
}
