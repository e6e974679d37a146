package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.console.Session;
import io.portcullis.core.capture.Capture;
import io.portcullis.core.capture.CaptureFilter;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code pcapdump}: captures what passes interfaces, the inside of tunnels too, into files that Wireshark reads. */
public final class PcapdumpCommand implements Command {
    private static final String SUFFIX = ".pcapng";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final long MEGABYTE = 1_000_000;
    private static final long DEFAULT_MEGABYTES = 100;
    private static final int MOST_MEGABYTES = 100_000;
    private static final int MOST_PORT = 65_535;
    private static final List<String> PROTOCOLS = List.of("tcp", "udp", "icmp", "icmpv6", "esp");
    private static final List<String> ACTIONS = List.of("start", "stop", "cleanup");

    private final Captures captures;
    private final Words interfaces;
    private final Clock clock;
    private final ZoneId zone;

    /** The captures of a firewall. */
    public interface Captures {
        /**
         * Starts one, into a new file.
         *
         * @return the file
         * @throws IOException with a sentence for the administrator
         */
        Path start(Order order) throws IOException;

        /** Ends the one that runs; empty when none does. */
        Optional<Ended> stop();

        Status status();

        /** Deletes the files, but for the one that is written, and says how many they were. */
        int cleanUp() throws IOException;

        /**
         * What to capture.
         *
         * @param name of the file
         * @param interfaces empty for all
         * @param packets after so many it ends
         * @param octets of the file, the same
         */
        record Order(
                String name, Set<String> interfaces, CaptureFilter filter, int snaplen, long packets, long octets) {}

        /**
         * One that has ended, or that runs.
         *
         * @param packets in the file
         * @param missed that came faster than they could be written
         * @param reason why it ended; empty while it runs
         */
        record Ended(Path file, long packets, long missed, String reason) {}

        /** @param files all that there are */
        record Status(Optional<Ended> running, Optional<Ended> last, List<Path> files) {}
    }

    /** @param interfaces names of all that run */
    public PcapdumpCommand(Captures captures, Words interfaces, Clock clock, ZoneId zone) {
        this.captures = captures;
        this.interfaces = interfaces;
        this.clock = clock;
        this.zone = zone;
    }

    @Override
    public String name() {
        return "pcapdump";
    }

    @Override
    public String help() {
        return "Captures packets into a file for Wireshark; a packet that is dropped has a comment that says why."
                + " Without options it says what runs.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.value(
                                "start",
                                "IFACE,...",
                                "Starts a capture on these interfaces, tunnels among them; without any, on all.")
                        .optional()
                        .offering(interfaces),
                Option.flag("stop", "Ends it."),
                Option.flag("cleanup", "Deletes the files of all captures."),
                Option.value("out", "NAME", "Name of the file (default: the time)."),
                Option.value("count", "N", "Ends after so many packets."),
                Option.value("size", "MB", "Ends when the file has this size (default " + DEFAULT_MEGABYTES + ")."),
                Option.value("snaplen", "OCTETS", "Keeps the beginning of each packet only (default: all of it)."),
                Option.value("ip", "NET", "Only packets from or to this address or network."),
                Option.value("ipsrc", "NET", "Only packets from it."),
                Option.value("ipdest", "NET", "Only packets to it."),
                Option.value("port", "PORT", "Only packets from or to this TCP or UDP port."),
                Option.value("srcport", "PORT", "Only packets from it."),
                Option.value("destport", "PORT", "Only packets to it."),
                Option.value("proto", "NAME|N", "Only packets of this IP protocol.")
                        .offering(() -> PROTOCOLS));
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        List<String> wanted = ACTIONS.stream().filter(call::has).toList();
        if (wanted.size() > 1) {
            throw new CommandFailure("one of -" + String.join(" and -", wanted) + ", not both");
        }
        try {
            switch (wanted.isEmpty() ? "" : wanted.getFirst()) {
                case "start" ->
                    output.out("Capturing into " + captures.start(order(call)) + "; 'pcapdump -stop' ends it.\n");
                case "stop" ->
                    output.out(captures.stop()
                            .map(ended -> ended.file() + ": " + counts(ended) + ".\n")
                            .orElse("No capture runs.\n"));
                case "cleanup" -> output.out("Deleted " + captures.cleanUp() + " files.\n");
                default -> output.out(text(captures.status()));
            }
        } catch (IOException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    private static String text(Captures.Status status) {
        StringBuilder text = new StringBuilder();
        status.running()
                .ifPresentOrElse(
                        running -> text.append("Captures into ")
                                .append(running.file())
                                .append(": ")
                                .append(counts(running))
                                .append(".\n"),
                        () -> text.append("No capture runs.\n"));
        status.last()
                .ifPresent(last -> text.append("The last one: ")
                        .append(last.file())
                        .append(": ")
                        .append(counts(last))
                        .append(", ended: ")
                        .append(last.reason())
                        .append(".\n"));
        if (!status.files().isEmpty()) {
            text.append("Files:\n");
            status.files().forEach(file -> text.append("  ").append(file).append('\n'));
        }
        return text.toString();
    }

    private static String counts(Captures.Ended capture) {
        return capture.packets() + " packets"
                + (capture.missed() == 0 ? "" : ", " + capture.missed() + " came too fast and are missing");
    }

    private Captures.Order order(Invocation call) throws CommandFailure {
        return new Captures.Order(
                file(call),
                wantedInterfaces(call),
                new CaptureFilter(
                        network(call, "ip"),
                        network(call, "ipsrc"),
                        network(call, "ipdest"),
                        port(call, "port"),
                        port(call, "srcport"),
                        port(call, "destport"),
                        protocol(call)),
                (int) call.number("snaplen", Capture.MOST_SNAPLEN, Capture.LEAST_SNAPLEN, Capture.MOST_SNAPLEN),
                call.number("count", Long.MAX_VALUE, 1, Long.MAX_VALUE),
                call.number("size", DEFAULT_MEGABYTES, 1, MOST_MEGABYTES) * MEGABYTE);
    }

    private String file(Invocation call) throws CommandFailure {
        String name = call.value("out")
                .orElseGet(() -> DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                        .format(clock.wall().atZone(zone)));
        if (!NAME.matcher(name).matches()) {
            throw new CommandFailure("-out: '" + name + "' is no name of a file: letters, digits, '.', '_' and '-'");
        }
        return name.endsWith(SUFFIX) ? name : name + SUFFIX;
    }

    private Set<String> wantedInterfaces(Invocation call) throws CommandFailure {
        Set<String> wanted = new LinkedHashSet<>();
        List<String> known = interfaces.now();
        for (String name : call.value("start").map(text -> text.split(",")).orElse(new String[0])) {
            if (!known.contains(name)) {
                throw new CommandFailure(
                        "-start: there is no interface '" + name + "'; there are " + String.join(", ", known));
            }
            wanted.add(name);
        }
        return wanted;
    }

    private static Optional<AddressSet> network(Invocation call, String option) throws CommandFailure {
        Optional<String> text = call.value(option);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(IpNetwork.parse(text.get())
                .map(AddressSet::of)
                .orElseThrow(() -> new CommandFailure(
                        "-" + option + ": '" + text.get() + "' is neither an IP address nor a network")));
    }

    private static OptionalInt port(Invocation call, String option) throws CommandFailure {
        return call.has(option) ? OptionalInt.of((int) call.number(option, 0, 0, MOST_PORT)) : OptionalInt.empty();
    }

    private static OptionalInt protocol(Invocation call) throws CommandFailure {
        return call.has("proto") ? OptionalInt.of(call.protocol("proto")) : OptionalInt.empty();
    }
}
