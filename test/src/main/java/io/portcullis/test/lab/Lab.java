package io.portcullis.test.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Namespaces, wires and processes that belong together and are removed together, newest first.
 *
 * <p>Names are {@code pcl-<process id>-<number>-<name>}. Opening a lab first removes what runs left behind whose
 * process no longer exists; a shutdown hook covers an orderly end in the middle of a test.
 */
public final class Lab implements AutoCloseable {
    private static final String PREFIX = "pcl-";
    private static final Pattern OWNED = Pattern.compile(PREFIX + "(\\d+)-.*");
    private static final AtomicInteger SERIAL = new AtomicInteger();

    private final String prefix;
    private final Path folder;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Thread onExit = new Thread(this::release, "lab clean-up");
    private boolean closed;

    private Lab(String prefix, Path folder) {
        this.prefix = prefix;
        this.folder = folder;
    }

    /** An empty lab, after leftovers of dead runs are gone. */
    public static Lab open() {
        reap();
        String prefix = PREFIX + ProcessHandle.current().pid() + "-" + SERIAL.incrementAndGet();
        try {
            // Directly under /tmp: Unix-domain socket paths below it must stay short of 108 octets.
            Lab lab = new Lab(prefix, Files.createDirectory(Path.of("/tmp", prefix)));
            Runtime.getRuntime().addShutdownHook(lab.onExit);
            return lab;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new namespace with its loopback up. */
    public Namespace namespace(String name) {
        return own(new Namespace(prefix + "-" + name));
    }

    /**
     * Joins two namespaces by a veth pair, both ends up at MTU 1500. With {@code offload} off no frame exceeds the MTU
     * and every checksum is complete; with it on the kernel hands over what it would to a capable card.
     */
    public void wire(Namespace left, String leftDevice, Namespace right, String rightDevice, boolean offload) {
        left.ip("link add " + leftDevice + " type veth peer name " + rightDevice + " netns " + right.name()
                + "\nlink set " + leftDevice + " up");
        right.ip("link set " + rightDevice + " up");
        if (!offload) {
            for (List<String> end :
                    List.of(left.within("ethtool", "-K", leftDevice), right.within("ethtool", "-K", rightDevice))) {
                List<String> command = new java.util.ArrayList<>(end);
                command.addAll(List.of("tx", "off", "tso", "off", "gso", "off", "gro", "off"));
                Command.attempt(command).orThrow();
            }
        }
    }

    /** A folder for sockets and configuration files; gone after {@link #close}. */
    public Path folder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands something over to be closed with the lab, before what was made earlier. */
    public <T extends AutoCloseable> T own(T thing) {
        synchronized (owned) {
            owned.push(thing);
        }
        return thing;
    }

    @Override
    public void close() {
        release();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            return; // the hook itself is what runs now
        }
    }

    private void release() {
        synchronized (owned) {
            if (closed) {
                return;
            }
            closed = true;
            while (!owned.isEmpty()) {
                try {
                    owned.pop().close();
                } catch (Exception e) {
                    System.err.println("lab clean-up: " + e);
                }
            }
        }
        delete(folder);
    }

    private static void reap() {
        for (Path parent : List.of(Namespace.FOLDER, Path.of("/tmp"))) {
            for (Path leftover : leftovers(parent)) {
                if (parent.equals(Namespace.FOLDER)) {
                    Namespace.remove(leftover.getFileName().toString());
                } else {
                    delete(leftover);
                }
            }
        }
    }

    private static List<Path> leftovers(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(entry -> ownerIsGone(entry.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean ownerIsGone(String name) {
        Matcher matcher = OWNED.matcher(name);
        return matcher.matches()
                && !ProcessHandle.of(Long.parseLong(matcher.group(1)))
                        .map(ProcessHandle::isAlive)
                        .orElse(false);
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("lab clean-up: " + folder + ": " + e.getMessage());
        }
    }
}
