package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.core.connection.ConnectionFilter;
import io.portcullis.core.connection.ConnectionScan;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.connection.ConnectionView;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** {@code connections}: what goes through the firewall now, chosen by its ends; and closing it. */
public final class ConnectionsCommand implements Command {
    /** Listed or closed at once: a list of all of a full table would be half the memory. */
    static final int MOST = 50_000;

    private static final int ANSWER_SECONDS = 10;
    /** Connections that a worker looks at before packets get their turn again. */
    private static final int SLICE = 1024;

    private static final List<String> FILTERS =
            List.of("srcip", "destip", "srciface", "destiface", "ipproto", "srcport", "destport");

    private final Supplier<List<Predicate<ConnectionScan>>> workers;
    private final Words interfaces;

    /**
     * @param workers one for each worker: hands it a scan, false when its mailbox is full
     * @param interfaces names of all interfaces
     */
    public ConnectionsCommand(Supplier<List<Predicate<ConnectionScan>>> workers, Words interfaces) {
        this.workers = workers;
        this.interfaces = interfaces;
    }

    /** Scans a worker's connections in its own time, a slice between two bursts. */
    public static Predicate<ConnectionScan> of(ConnectionTable table, WorkerMailbox worker) {
        return scan -> worker.execute(new WorkerCommand() {
            @Override
            public void run(PacketWorker on, long now) {
                boolean done = scan.advance(table, SLICE, now);
                while (!done && !worker.execute(this)) {
                    done = scan.advance(table, SLICE, now);
                }
            }
        });
    }

    @Override
    public String name() {
        return "connections";
    }

    @Override
    public String help() {
        return "Lists the connections as their openers see them, or closes them.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.value("srcip", "IP[/N]", "Only those opened from this address or network."),
                Option.value("destip", "IP[/N]", "Only those to this address or network."),
                Option.value("srciface", "NAME", "Only those whose opener is behind this interface.")
                        .offering(interfaces),
                Option.value("destiface", "NAME", "Only those that leave by this interface.")
                        .offering(interfaces),
                Option.value("ipproto", "NAME|N", "Only those of this IP protocol.")
                        .offering(() -> List.of("TCP", "UDP", "ICMP", "ICMPV6", "ESP")),
                Option.value("srcport", "PORT", "Only those from this port."),
                Option.value("destport", "PORT", "Only those to this port."),
                Option.flag("verbose", "Translation, policy, age and traffic of each."),
                Option.flag("close", "Closes all that were chosen."),
                Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure, InterruptedException {
        ConnectionFilter filter = filter(call);
        boolean close = call.has("close");
        if (close && FILTERS.stream().noneMatch(call::has)) {
            throw new CommandFailure(
                    "connections -close needs to know which: -srcip=0.0.0.0/0 would be all of IPv4, for example");
        }
        int limit = close ? MOST : Math.min(call.rows(), MOST);
        // One more than is shown tells whether there are more.
        List<ConnectionView> found = scan(filter, close ? limit : limit + 1, close);
        int shown = Math.min(found.size(), Math.min(call.rows(), MOST));
        StringBuilder text = new StringBuilder();
        if (found.isEmpty()) {
            text.append(FILTERS.stream().anyMatch(call::has) ? "No connection matches.\n" : "No connections.\n");
        } else {
            text.append(close ? "Closed:\n\n" : "");
            text.append(listing(found.subList(0, shown), call.has("verbose")));
        }
        if (close && shown < found.size()) {
            text.append("(and ").append(found.size() - shown).append(" more)\n");
        } else if (shown < found.size()) {
            text.append(
                    shown < MOST
                            ? "(there are more: -num=all shows them, -srcip and the like choose)\n"
                            : "(there are more than " + MOST + ": choose by -srcip and the like)\n");
        }
        if (close && found.size() == MOST) {
            text.append("(those were the first ").append(MOST).append(": once more for the rest)\n");
        }
        output.out(text.toString());
    }

    private List<ConnectionView> scan(ConnectionFilter filter, int limit, boolean close)
            throws CommandFailure, InterruptedException {
        List<ConnectionScan> scans = new ArrayList<>();
        for (Predicate<ConnectionScan> worker : workers.get()) {
            ConnectionScan scan = close ? ConnectionScan.close(filter, limit) : ConnectionScan.list(filter, limit);
            if (!worker.test(scan)) {
                throw new CommandFailure("a worker is too busy to answer; try again");
            }
            scans.add(scan);
        }
        List<ConnectionView> found = new ArrayList<>();
        for (ConnectionScan scan : scans) {
            try {
                found.addAll(scan.result().get(ANSWER_SECONDS, TimeUnit.SECONDS));
            } catch (TimeoutException | ExecutionException _) {
                throw new CommandFailure("a worker did not answer within " + ANSWER_SECONDS + " s; try again");
            }
        }
        return close ? found : found.subList(0, Math.min(limit, found.size()));
    }

    private static String listing(List<ConnectionView> views, boolean verbose) {
        TextTable table = new TextTable("State", "Proto", "Source", "Destination", "Tmout");
        for (ConnectionView view : views) {
            table.row(
                    view.state(),
                    IpProtocol.name(view.protocol()),
                    end(view.sourceInterface(), view.source().toString(), view.protocol(), view.sourcePort()),
                    end(
                            view.destinationInterface(),
                            view.destination().toString(),
                            view.protocol(),
                            view.destinationPort()),
                    view.timeoutSeconds());
        }
        if (!verbose) {
            return table.toString();
        }
        // Each line of the table with its own details under it: columns stay aligned over all of them.
        List<String> lines = table.toString().lines().toList();
        StringBuilder text = new StringBuilder(lines.get(0))
                .append('\n')
                .append(lines.get(1))
                .append('\n');
        for (int i = 0; i < views.size(); i++) {
            text.append(lines.get(i + 2)).append('\n').append(details(views.get(i)));
        }
        return text.toString();
    }

    private static String details(ConnectionView view) {
        String translated = view.translated()
                ? "    translated to "
                        + socket(view.newSource().toString(), view.protocol(), view.newSourcePort())
                        + " -> " + socket(view.newDestination().toString(), view.protocol(), view.newDestinationPort())
                        + "\n"
                : "";
        return translated + "    " + (view.policy().isEmpty() ? "the firewall's own" : "policy " + view.policy())
                + ", age " + Elapsed.of(view.ageSeconds()) + ", sent " + view.packetsOut() + " packets "
                + view.octetsOut() + " octets, received " + view.packetsBack() + " packets " + view.octetsBack()
                + " octets\n";
    }

    private static String end(String iface, String address, int protocol, int port) {
        return iface + ":" + socket(address, protocol, port);
    }

    private static String socket(String address, int protocol, int port) {
        boolean ports = protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.SCTP;
        String host = address.indexOf(':') >= 0 && ports ? "[" + address + "]" : address;
        return ports ? host + ":" + port : host;
    }

    private ConnectionFilter filter(Invocation call) throws CommandFailure {
        return new ConnectionFilter(
                addresses(call, "srcip"),
                addresses(call, "destip"),
                known(call, "srciface"),
                known(call, "destiface"),
                protocol(call),
                port(call, "srcport"),
                port(call, "destport"));
    }

    private static Optional<AddressSet> addresses(Invocation call, String option) throws CommandFailure {
        Optional<String> text = call.value(option);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(IpNetwork.parse(text.get())
                .map(AddressSet::of)
                .orElseThrow(() -> new CommandFailure(
                        "-" + option + ": '" + text.get() + "' is not an address or a network such as 10.0.0.0/8")));
    }

    private Optional<String> known(Invocation call, String option) throws CommandFailure {
        Optional<String> name = call.value(option);
        if (name.isPresent() && !interfaces.now().contains(name.get())) {
            throw new CommandFailure(
                    "there is no interface '" + name.get() + "'; there are " + String.join(", ", interfaces.now()));
        }
        return name;
    }

    private static OptionalInt port(Invocation call, String option) throws CommandFailure {
        return call.has(option) ? OptionalInt.of((int) call.number(option, 0, 0, 65_535)) : OptionalInt.empty();
    }

    private static OptionalInt protocol(Invocation call) throws CommandFailure {
        Optional<String> text = call.value("ipproto");
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        for (int protocol = 0; protocol < 256; protocol++) {
            if (text.get().equals("" + protocol) || text.get().equalsIgnoreCase(IpProtocol.name(protocol))) {
                return OptionalInt.of(protocol);
            }
        }
        throw new CommandFailure("-ipproto: '" + text.get()
                + "' is not a protocol such as TCP, UDP or ICMP, nor a number from 0 to 255");
    }
}
