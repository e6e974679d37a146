package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.console.Session;
import io.portcullis.core.capture.CaptureReader;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.trace.TraceReport;
import io.portcullis.ipsec.ike.Prospect;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code trace}: what the running firewall would do with a packet, step by step, without sending anything. */
public final class TraceCommand implements Command {
    private static final int ANSWER_SECONDS = 10;
    private static final List<String> PROTOCOLS = List.of("tcp", "udp", "icmp", "esp", "gre");

    private final Words interfaces;
    private final Tracer tracer;
    private final CaptureFiles files;

    /** Asks the running firewall. */
    public interface Tracer {
        /** Empty when no interface of this name runs. */
        Optional<CompletableFuture<TraceReport>> trace(Packet packet, String iface);

        /** What a packet that wants an SA of the tunnel would bring about. */
        CompletableFuture<Optional<Prospect>> prospect(String tunnel);
    }

    /** The files that captures are in. */
    public interface CaptureFiles {
        /** Those that {@code pcapdump} has made. */
        List<String> names();

        /** One of them, or any other by its whole path; buffered. @throws IOException with a sentence */
        InputStream open(String name) throws IOException;
    }

    /** @param interfaces names of all that run */
    public TraceCommand(Words interfaces, Tracer tracer, CaptureFiles files) {
        this.interfaces = interfaces;
        this.tracer = tracer;
        this.files = files;
    }

    @Override
    public String name() {
        return "trace";
    }

    @Override
    public String help() {
        return "Says what would become of a packet, step by step, without sending anything. The interface may be a"
                + " tunnel, for what that has decrypted. The status is 1 when the packet would be dropped.";
    }

    @Override
    public List<Argument> arguments() {
        return List.of(
                new Argument("INTERFACE", false, "Where the packet comes in.", interfaces),
                new Argument("PROTOCOL", false, "tcp, udp, icmp, another name, or a number.", () -> PROTOCOLS),
                new Argument(
                        "SOURCE", false, "192.0.2.1, with a port 192.0.2.1:4000 or [2001:db8::1]:4000.", Words.NONE),
                new Argument("DESTINATION", false, "The same.", Words.NONE));
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>(TracedPacket.OPTIONS);
        options.add(Option.value("file", "NAME", "Takes a packet of this capture file instead, pcap or pcapng.")
                .offering(files::names));
        options.add(Option.value("packet", "N", "With -file: its number in the file (default 1)."));
        options.add(Option.value("interface", "IFACE", "With -file: where it comes in (default: as the file says).")
                .offering(interfaces));
        return List.copyOf(options);
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure, InterruptedException {
        boolean isFile = call.has("file");
        if (isFile && call.argument(0).isPresent()) {
            throw new CommandFailure("a packet of -file is not described: use -packet and -interface");
        }
        if (!isFile && (call.has("packet") || call.has("interface"))) {
            throw new CommandFailure("-packet and -interface are for a packet of -file");
        }
        if (isFile) {
            captured(call, output);
            return;
        }
        if (call.argument(3).isEmpty()) {
            throw new CommandFailure("trace needs interface, protocol, source and destination, such as"
                    + " 'trace lan tcp 172.16.1.5:4000 192.168.11.7:443'; or -file");
        }
        String iface = call.argument(0).orElseThrow();
        Packet packet = TracedPacket.of(
                call,
                call.argument(1).orElseThrow(),
                call.argument(2).orElseThrow(),
                call.argument(3).orElseThrow());
        answer(packet, iface, output);
    }

    private void captured(Invocation call, Session.Output output) throws CommandFailure, InterruptedException {
        String name = call.value("file").orElse("");
        long number = call.number("packet", 1, 1, Long.MAX_VALUE);
        try (InputStream in = files.open(name)) {
            CaptureReader.Found found = CaptureReader.read(in, number, TracedPacket.empty());
            if (found.outbound() && !call.has("interface")) {
                throw new CommandFailure("packet " + number + " was leaving by " + found.iface()
                        + ": say by -interface where it shall come in");
            }
            Optional<String> iface =
                    call.value("interface").or(() -> Optional.of(found.iface()).filter(it -> !it.isEmpty()));
            answer(
                    found.packet(),
                    iface.orElseThrow(() -> new CommandFailure(
                            "the file does not say by which interface the packet came: -interface does")),
                    output);
        } catch (IOException e) {
            throw new CommandFailure("-file: " + e.getMessage());
        }
    }

    private void answer(Packet packet, String iface, Session.Output output)
            throws CommandFailure, InterruptedException {
        CompletableFuture<TraceReport> asked = tracer.trace(packet, iface)
                .orElseThrow(() -> new CommandFailure(
                        "there is no interface '" + iface + "'; there are " + String.join(", ", interfaces.now())));
        TraceReport report = await(asked);
        Optional<Prospect> negotiation = report.negotiates().isPresent()
                ? await(tracer.prospect(report.negotiates().get()))
                : Optional.empty();
        output.out(TraceListing.steps(report, negotiation) + "\n");
        if (report.why() != DropReason.NONE) {
            throw new CommandFailure(TraceListing.verdict(report));
        }
        output.out(TraceListing.verdict(report) + "\n");
    }

    private static <T> T await(CompletableFuture<T> answer) throws CommandFailure, InterruptedException {
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            throw new CommandFailure("the firewall did not answer within " + ANSWER_SECONDS + " s; try again");
        } catch (ExecutionException e) {
            throw new CommandFailure("the packet could not be traced: " + e.getCause());
        }
    }
}
