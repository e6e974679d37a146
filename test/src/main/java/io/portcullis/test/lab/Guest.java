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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * strongSwan above a real kernel's IPsec: Debian's user-mode-linux kernel, an ordinary process over the host's file
 * system, booted in about two seconds. It routes between two TAP devices, which bridges join to the peer's {@code wan}
 * and {@code lan}. Commands go in and their output comes out on the console.
 */
public final class Guest extends Swan {
    private static final Path MODULES = Path.of("/usr/lib/uml/modules");
    private static final String READY = "@@ready";
    private static final String STATUS = "@@status ";
    private static final int COMMAND_SECONDS = 30;
    private static final int BOOT_SECONDS = 30;

    private final Path folder;
    private final Process process;
    private final OutputStream console;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Guest(Path folder, Process process) {
        super(folder);
        this.folder = folder;
        this.process = process;
        this.console = process.getOutputStream();
        Thread.ofVirtual().name("guest console").start(this::readConsole);
    }

    /** Boots a guest in the peer's place of a lab and starts strongSwan in it. */
    public static Guest asPeer(TwoSites sites) {
        for (String device : List.of("wan", "lan")) {
            sites.peer.ip("tuntap add dev t" + device + " mode tap\nlink add b" + device + " type bridge\nlink set t"
                    + device + " master b" + device + " up\nlink set " + device + " master b" + device + "\nlink set b"
                    + device + " up");
        }
        Path folder = sites.lab().folder(sites.peer.name());
        settings(folder, "", "/run/charon.vici", folder.resolve("charon.log").toString(), Crowd.ONE);
        Guest guest = sites.lab().own(new Guest(folder, boot(sites.peer, folder)));
        guest.awaitBoot();
        guest.run("stty -echo");
        guest.run("STRONGSWAN_CONF=" + folder + "/strongswan.conf /usr/lib/ipsec/charon >/dev/null 2>&1 & "
                + "for i in $(seq 100); do [ -S /run/charon.vici ] && break; sleep 0.1; done; [ -S /run/charon.vici ]");
        return guest;
    }

    private static Process boot(Namespace namespace, Path folder) {
        Path init = folder.resolve("init");
        try (InputStream script = Guest.class.getResourceAsStream("guest-init.sh")) {
            String text = new String(
                    java.util.Objects.requireNonNull(script, "guest-init.sh").readAllBytes(), StandardCharsets.UTF_8);
            write(
                    init,
                    text.replace("@FOLDER@", folder.toString())
                            .replace("@WAN@", TwoSites.PEER + "/24")
                            .replace("@LAN@", TwoSites.PEER_LAN + "/24")
                            .replace("@ROUTER@", TwoSites.ROUTER_FAR));
            Files.setPosixFilePermissions(init, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
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
                    "vec0:transport=tap,ifname=twan,depth=64,gro=0",
                    "vec1:transport=tap,ifname=tlan,depth=64,gro=0",
                    "con0=fd:0,fd:1",
                    "con=null",
                    "quiet");
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    @Override
    public Command.Result swanctl(String options) {
        return attempt("SWANCTL_DIR=" + folder + "/swanctl STRONGSWAN_CONF=" + folder + "/strongswan.conf swanctl "
                + options + " 2>&1");
    }

    @Override
    public String log() {
        return read(folder.resolve("charon.log"));
    }

    /** What the console has said since the last command: kernel messages, mostly. */
    public List<String> consoleTail() {
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

    private void awaitBoot() {
        while (!next(BOOT_SECONDS, "boot").startsWith(READY)) {
            // The kernel's own messages.
        }
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
