package io.portcullis.test.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A kernel of its own: Debian's user-mode-linux, an ordinary process over the host's file system, booted in about two
 * seconds. Its devices {@code vec0} and {@code vec1} are two TAP devices, which bridges join to two devices of a
 * namespace. Commands go in and their output comes out on the console.
 */
public final class GuestKernel implements AutoCloseable {
    private static final Path MODULES = Path.of("/usr/lib/uml/modules");
    private static final String READY = "@@ready";
    private static final String STATUS = "@@status ";
    private static final int COMMAND_SECONDS = 30;
    private static final int BOOT_SECONDS = 30;

    private final Process process;
    private final OutputStream console;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private GuestKernel(Process process) {
        this.process = process;
        this.console = process.getOutputStream();
        Thread.ofVirtual().name("guest console").start(this::readConsole);
    }

    /**
     * Boots in a namespace, and waits until the guest takes commands.
     *
     * @param folder for what it needs while it runs
     * @param first device of the namespace that becomes {@code vec0}
     * @param second the one that becomes {@code vec1}
     * @param setup shell script that the guest begins with
     */
    public static GuestKernel boot(Namespace namespace, Path folder, String first, String second, String setup) {
        for (String device : List.of(first, second)) {
            namespace.ip("tuntap add dev t" + device + " mode tap\nlink add b" + device + " type bridge\nlink set t"
                    + device + " master b" + device + " up\nlink set " + device + " master b" + device + "\nlink set b"
                    + device + " up");
        }
        GuestKernel guest = new GuestKernel(launch(namespace, folder, first, second, setup));
        try {
            while (!guest.next(BOOT_SECONDS, "boot").startsWith(READY)) {
                // The kernel's own messages.
            }
            guest.run("stty -echo");
        } catch (RuntimeException e) {
            guest.close();
            throw e;
        }
        return guest;
    }

    private static Process launch(Namespace namespace, Path folder, String first, String second, String setup) {
        Path init = folder.resolve("init");
        try {
            Swan.write(folder.resolve("setup"), setup);
            Swan.write(init, resource("guest-init.sh").replace("@FOLDER@", folder.toString()));
            Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path modules = Files.createDirectories(folder.resolve("lib/modules"));
            try (Stream<Path> versions = Files.list(MODULES)) {
                Path newest = versions.max(Comparator.comparing(Path::toString)).orElseThrow();
                Files.createSymbolicLink(modules.resolve(newest.getFileName()), newest);
            }
            List<String> command = namespace.within(
                    "linux.uml",
                    "mem=192M",
                    "rootfstype=hostfs",
                    "root=/dev/root",
                    "rw",
                    "init=" + init,
                    "vec0:transport=tap,ifname=t" + first + ",depth=64,gro=0",
                    "vec1:transport=tap,ifname=t" + second + ",depth=64,gro=0",
                    "con0=fd:0,fd:1",
                    "con=null",
                    "quiet");
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A script of the laboratory's own. */
    static String resource(String name) {
        try (InputStream script = GuestKernel.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(script, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** Runs a shell command line in the guest. */
    public synchronized Command.Result attempt(String commandLine) {
        lines.clear();
        send(commandLine);
        List<String> output = new ArrayList<>();
        while (true) {
            String line = next(COMMAND_SECONDS, commandLine);
            if (line.startsWith(STATUS)) {
                int status = Integer.parseInt(line.substring(STATUS.length()).strip());
                return new Command.Result(List.of("(guest)", commandLine), status, String.join("\n", output));
            }
            output.add(line);
        }
    }

    /** As {@link #attempt}, expecting status 0. */
    public Command.Result run(String commandLine) {
        return attempt(commandLine).orThrow();
    }

    /** What the console has said since the last command: kernel messages, mostly. */
    List<String> consoleTail() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        try {
            send("poweroff -f");
            process.waitFor(2, TimeUnit.SECONDS);
        } catch (UncheckedIOException e) {
            // It has gone already.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    private void send(String commandLine) {
        try {
            console.write((commandLine + "\n").getBytes(StandardCharsets.UTF_8));
            console.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("guest console", e);
        }
    }

    private String next(int seconds, String purpose) {
        try {
            String line = lines.poll(seconds, TimeUnit.SECONDS);
            if (line == null) {
                throw new IllegalStateException("the guest is silent: " + purpose);
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + purpose, e);
        }
    }

    private void readConsole() {
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line.stripTrailing());
            }
        } catch (IOException e) {
            lines.add("(console lost: " + e.getMessage() + ")");
        }
    }
}
