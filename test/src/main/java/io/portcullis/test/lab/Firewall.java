package io.portcullis.test.lab;

import io.portcullis.cli.console.ConsoleClient;
import io.portcullis.cli.console.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real product in a namespace, started as a user starts it: {@code ./portcullis run --data DIR --script FILE}. */
public final class Firewall implements AutoCloseable {
    /** How long {@code run} may take until it says {@code ready}, on a machine that does other things too. */
    private static final Duration READY = Duration.ofSeconds(45);
    /** The promise about SIGTERM. */
    private static final Duration END = Duration.ofSeconds(3);

    private static final Pattern CONNECTIONS = Pattern.compile("Connections +([0-9]+) of [0-9]+");

    /** Status of a command that no firewall answered. */
    private static final int NO_FIREWALL = 2;

    private final Namespace namespace;
    private final Path data;
    private final Process process;
    private final Path errors;
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());

    private Firewall(Namespace namespace, Path data, Process process, Path errors) {
        this.namespace = namespace;
        this.data = data;
        this.process = process;
        this.errors = errors;
        Thread.ofVirtual().name("firewall output").start(this::readOutput);
    }

    /** Starts with a fresh data folder and waits until packets flow; without the warm-up, which only speed needs. */
    public static Firewall start(Lab lab, Namespace namespace, String script) {
        return start(lab, namespace, script, List.of("--no-warm-up"), "");
    }

    /** As {@link #start(Lab, Namespace, String)}, and waits until the firewall is as fast as it can make itself. */
    public static Firewall startWarm(Lab lab, Namespace namespace, String script) {
        return startWarm(lab, namespace, script, "");
    }

    /** As {@link #startWarm(Lab, Namespace, String)}, with options for its virtual machine, separated by blanks. */
    public static Firewall startWarm(Lab lab, Namespace namespace, String script, String machineOptions) {
        return start(lab, namespace, script, List.of(), machineOptions);
    }

    private static Firewall start(
            Lab lab, Namespace namespace, String script, List<String> options, String machineOptions) {
        Path folder = lab.folder(namespace.name() + "-" + System.nanoTime());
        Path file = folder.resolve("gw.cli");
        Swan.write(file, script);
        List<String> all = new ArrayList<>(List.of("--script", file.toString()));
        all.addAll(options);
        Firewall firewall = lab.own(launch(namespace, folder.resolve("data"), all, machineOptions));
        firewall.awaitReady();
        return firewall;
    }

    /** Starts without waiting; {@code options} follow {@code run --data DIR}. */
    public static Firewall launch(Namespace namespace, Path data, List<String> options) {
        return launch(namespace, data, options, "");
    }

    /** As {@link #launch(Namespace, Path, List)}, with options for its virtual machine, separated by blanks. */
    public static Firewall launch(Namespace namespace, Path data, List<String> options, String machineOptions) {
        List<String> command = namespace.within(launcher().toString(), "run", "--data", data.toString());
        command.addAll(options);
        Path errors = data.resolveSibling("errors");
        try {
            Files.createDirectories(data);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
            if (!machineOptions.isEmpty()) {
                builder.environment().put("JDK_JAVA_OPTIONS", machineOptions);
            }
            return new Firewall(namespace, data, builder.start(), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The launcher script at the project's root, above the working directory. */
    public static Path launcher() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path script = at.resolve("portcullis");
            if (Files.isRegularFile(script)) {
                return script;
            }
        }
        throw new IllegalStateException("no launcher above " + Path.of("").toAbsolutePath());
    }

    /** Waits for the line {@code ready}. */
    public void awaitReady() {
        boolean ready = Await.within(READY, () -> isReady() || !process.isAlive()) && isReady();
        if (!ready) {
            throw new IllegalStateException(
                    "the firewall is not ready" + (process.isAlive() ? "" : ", it has ended") + ":\n" + complaints());
        }
    }

    public boolean isReady() {
        return output.contains("ready");
    }

    /** Runs one command with {@code ./portcullis cli}; status 0, 1 or 2. */
    public Command.Result cli(String command) {
        return namespace.attempt(launcher().toString(), "cli", "--data", data.toString(), command);
    }

    /** Runs one command, or a script, over the console's socket: as {@link #cli}, without a program's start. */
    public Command.Result command(String text) {
        StringBuilder output = new StringBuilder();
        Session.Output printed = new Session.Output() {
            @Override
            public void out(String part) {
                output.append(part);
            }

            @Override
            public void err(String part) {
                output.append(part);
            }
        };
        try (ConsoleClient console = new ConsoleClient(data)) {
            int status = console.execute(text, printed);
            return new Command.Result(List.of("(console)", text), status, output.toString());
        } catch (IOException e) {
            return new Command.Result(List.of("(console)", text), NO_FIREWALL, output + "\n" + e.getMessage());
        }
    }

    /** Entries of the connection table. */
    public int connections() {
        String stats = command("stats").orThrow().output();
        Matcher matcher = CONNECTIONS.matcher(stats);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + CONNECTIONS + " in:\n" + stats);
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** Ends it with SIGTERM, as an operator would. @return the exit status */
    public int stop() {
        return stop(END);
    }

    /** As {@link #stop()}, where more is to be done at the end than the product promises to do in time. */
    public int stop(Duration limit) {
        process.destroy();
        return awaitEnd(limit);
    }

    /** Waits for its end. @return the exit status */
    public int awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("still running after " + limit + ":\n" + complaints());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Ends it as a power failure would. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(END);
    }

    /** Of the virtual machine: the launcher replaces itself by it. */
    public long pid() {
        return process.pid();
    }

    public Path data() {
        return data;
    }

    /**
     * Processor time that the process has used, user and system, as the kernel counts it: in hundredths of a second.
     */
    public long processorTicks() {
        String line = Swan.read(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        // The name in brackets may hold blanks; utime and stime are the 12th and 13th behind it (proc_pid_stat(5)).
        String[] behind = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(behind[11]) + Long.parseLong(behind[12]);
    }

    /** Memory that the process holds, as the kernel counts it. */
    public long residentKilobytes() {
        return Swan.read(Path.of("/proc", String.valueOf(process.pid()), "status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Everything it has written on standard error. */
    public String complaints() {
        return Swan.read(errors);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void readOutput() {
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                output.add(line);
            }
        } catch (IOException e) {
            output.add("(output lost: " + e.getMessage() + ")");
        }
    }
}
