package io.portcullis.test.soak;

import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A firewall whose collections, memory, packet buffers and drops are watched from outside. It starts as a user starts
 * it, with the launcher's collector and heap, and warm.
 *
 * <p>The thread that collects, the virtual machine's own, has real-time priority: its log tells the time from begin to
 * end of a collection, and where other programs want the processors that would be their time too.
 */
final class ObservedFirewall {
    /** What the kernels at the wires send by themselves, and nobody misses. */
    private static final Set<String> BACKGROUND = Set.of(
            "not_for_us",
            "unknown_ethertype",
            "illegal_source",
            "illegal_destination",
            "policy_denied",
            "no_policy",
            "no_service");

    private static final Pattern PAUSE = Pattern.compile("Pause.* ([0-9.]+)ms");
    private static final Pattern DROPPED = Pattern.compile("^ *([0-9]+) +([a-z_]+) +.*$", Pattern.MULTILINE);
    private static final Pattern LOST = Pattern.compile("^ *Lost on arrival .*$", Pattern.MULTILINE);
    private static final Pattern BUFFERS = Pattern.compile("Packet buffers +([0-9]+) of [0-9]+ in use");
    private static final Pattern ALLOCATED =
            Pattern.compile("^\"worker-[0-9]+\" .*\\ballocated=([0-9]+)([BKMG])", Pattern.MULTILINE);
    private static final Pattern SPI = Pattern.compile("\\b0x[0-9a-f]{8}\\b");
    private static final Pattern COOKIE = Pattern.compile("\\b0x[0-9a-f]{16}\\b");

    private final String name;
    private final Firewall firewall;
    private final Path collections;

    private ObservedFirewall(String name, Firewall firewall, Path collections) {
        this.name = name;
        this.firewall = firewall;
        this.collections = collections;
    }

    static ObservedFirewall start(Lab lab, Namespace namespace, String script) {
        Path log = lab.folder("collections").resolve(namespace.name());
        Firewall firewall = Firewall.startWarm(lab, namespace, script, "-Xlog:gc:file=" + log);
        preferCollector(firewall.pid());
        return new ObservedFirewall(namespace.name(), firewall, log);
    }

    private static void preferCollector(long process) {
        Path threads = Path.of("/proc", String.valueOf(process), "task");
        try (Stream<Path> all = Files.list(threads)) {
            Path collector = all.filter(thread -> "VM Thread".equals(name(thread)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no thread that collects in " + threads));
            Command.run("chrt", "--rr", "--pid", "1", collector.getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
    }

    /** Of the namespace that it is in. */
    String name() {
        return name;
    }

    /** Milliseconds of each collection so far. */
    List<Double> pauses() {
        try {
            return PAUSE.matcher(Files.readString(collections))
                    .results()
                    .map(match -> Double.parseDouble(match.group(1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long residentKilobytes() {
        return firewall.residentKilobytes();
    }

    /** Octets of objects that the workers have made since the start, as the virtual machine counts for each thread. */
    long allocatedByWorkers() {
        String threads = Command.run(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(firewall.pid()),
                        "Thread.print",
                        "-e")
                .output();
        List<MatchResult> workers = ALLOCATED.matcher(threads).results().toList();
        if (workers.isEmpty()) {
            throw new IllegalStateException("no worker in:\n" + threads);
        }
        return workers.stream()
                .mapToLong(match -> Long.parseLong(match.group(1)) << (10 * "BKMG".indexOf(match.group(2))))
                .sum();
    }

    /** Packet buffers that are in use. */
    int buffersInUse() {
        return number(BUFFERS);
    }

    /** Entries of the connection table. */
    int connections() {
        return firewall.connections();
    }

    /**
     * What was dropped for a reason that somebody would miss, or did not find room on its way in, as lines of {@code
     * stats} and {@code ifstat}; empty when nothing was.
     */
    String losses() {
        Stream<String> dropped = DROPPED.matcher(stats())
                .results()
                .filter(match -> !BACKGROUND.contains(match.group(2)))
                .map(MatchResult::group);
        Stream<String> lost = LOST.matcher(output("ifstat -verbose")).results().map(MatchResult::group);
        return Stream.concat(dropped, lost).collect(Collectors.joining("\n"));
    }

    /** SPIs of the children that stand now, both directions. */
    Set<String> spis() {
        return found(SPI, "ipsec -verbose");
    }

    /** SPIs of the IKE SAs that stand now, both ends'. */
    Set<String> ikeSpis() {
        return found(COOKIE, "ike -verbose");
    }

    /** Everything it has written on standard error. */
    String complaints() {
        return firewall.complaints();
    }

    private Set<String> found(Pattern pattern, String command) {
        return pattern.matcher(output(command))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private int number(Pattern pattern) {
        String stats = stats();
        Matcher matcher = pattern.matcher(stats);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in:\n" + stats);
        }
        return Integer.parseInt(matcher.group(1));
    }

    private String stats() {
        return output("stats");
    }

    private String output(String command) {
        return firewall.command(command).orThrow().output();
    }
}
