package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.esp.SaDatabase;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SaUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code ipsec}: the IPsec SAs, one line for each pair. */
public final class IpsecCommand implements Command {
    private final Supplier<List<SaDatabase.View>> pairs;
    private final Clock clock;
    private final Command.Words tunnels;

    /**
     * @param pairs all pairs of SAs
     * @param tunnels names of the configured tunnels
     */
    public IpsecCommand(Supplier<List<SaDatabase.View>> pairs, Clock clock, Command.Words tunnels) {
        this.pairs = pairs;
        this.clock = clock;
        this.tunnels = tunnels;
    }

    @Override
    public String name() {
        return "ipsec";
    }

    @Override
    public String help() {
        return "Lists the IPsec SAs. 'ike -delete=TUNNEL' takes them down.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.flag("show", "Lists them; the default."),
                Option.flag("verbose", "SPIs, algorithms, path and limits of each."),
                Option.flag("usage", "Packets, octets and refusals of each."),
                Option.value("tunnel", "NAME", "Only this tunnel's.").offering(tunnels),
                Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        String wanted = call.value("tunnel").orElse("");
        if (!wanted.isEmpty() && !tunnels.now().contains(wanted)) {
            throw new CommandFailure(
                    "there is no tunnel '" + wanted + "'; there are " + String.join(", ", tunnels.now()));
        }
        List<SaDatabase.View> views = new ArrayList<>(pairs.get());
        views.removeIf(view -> !wanted.isEmpty() && !view.pair().tunnel().equals(wanted));
        Rows<SaDatabase.View> rows = Rows.of(call, views);
        StringBuilder text = new StringBuilder("--- IPsec SAs:\n");
        if (views.isEmpty()) {
            output.out(text.append("None.\n").toString());
            return;
        }
        text.append("Displaying one line per SA-bundle\n\n");
        TextTable table = new TextTable("IPsec Tunnel", "Local Net", "Remote Net", "Remote GW");
        for (SaDatabase.View view : rows.shown()) {
            table.row(
                    view.pair().tunnel(),
                    joined(view.pair().local()),
                    joined(view.pair().remote()),
                    view.path().remote());
        }
        text.append(table);
        if (call.has("verbose") || call.has("usage")) {
            for (SaDatabase.View view : rows.shown()) {
                text.append('\n')
                        .append(view.pair().tunnel())
                        .append(state(view))
                        .append('\n');
                List<List<String>> told = new ArrayList<>();
                if (call.has("verbose")) {
                    told.addAll(details(view));
                }
                if (call.has("usage")) {
                    told.addAll(usage(view.usage()));
                }
                text.append(TextTable.plain(told));
            }
        }
        output.out(text.append(rows.more()).toString());
    }

    private static String joined(List<?> selectors) {
        return selectors.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static String state(SaDatabase.View view) {
        if (view.expired()) {
            return " (expired)";
        }
        return view.active() ? "" : " (receives only: another pair sends)";
    }

    private static List<List<String>> details(SaDatabase.View view) {
        SaPair pair = view.pair();
        SaPair.Path path = view.path();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  Algorithms", pair.suite().toString()));
        rows.add(List.of("  Inbound SPI", spi(pair.inboundSpi())));
        rows.add(List.of("  Outbound SPI", spi(pair.outboundSpi())));
        rows.add(List.of(
                "  Outer path",
                path.udpEncapsulated()
                        ? path.local() + ":" + path.localPort() + " <-> " + path.remote() + ":" + path.remotePort()
                                + " (ESP in UDP)"
                        : path.local() + " <-> " + path.remote() + " (ESP)"));
        rows.add(List.of(
                "  Sequence numbers",
                (pair.extendedSequence() ? "64 bits" : "32 bits") + ", replay window " + pair.replayWindow()));
        if (pair.hardBytes() > 0) {
            rows.add(List.of("  Volume limit", pair.hardBytes() / 1024 + " kilobytes"));
        }
        return rows;
    }

    private List<List<String>> usage(SaUsage usage) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  Received", counted(usage.inboundPackets(), usage.inboundBytes(), usage.inboundNanos())));
        rows.add(List.of("  Sent", counted(usage.outboundPackets(), usage.outboundBytes(), usage.outboundNanos())));
        rows.add(List.of("  Replayed", "" + usage.replayed()));
        rows.add(List.of("  Authentication failed", "" + usage.authenticationFailed()));
        return rows;
    }

    private String counted(long packets, long octets, long lastNanos) {
        String last =
                packets == 0 ? "" : String.format(Locale.ROOT, ", last %.1f s ago", (clock.nanos() - lastNanos) / 1e9);
        return packets + " packets, " + octets + " octets" + last;
    }

    private static String spi(int spi) {
        return String.format(Locale.ROOT, "0x%08x", spi);
    }
}
