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
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** {@code connections}: what goes through the firewall now, chosen by its ends; and closing it. */
public final class ConnectionsCommand implements Command {
    /** Listed at once: a list of all of a full table would be half the memory. */
    static final int MOST = 50_000;

    private static final int ANSWER_SECONDS = 10;
    /** Connections that a worker looks at before packets get their turn again. */
    private static final int SLICE = 1024;

    private final Supplier<List<Predicate<ConnectionScan>>> workers;
    private final ConnectionCriteria criteria;

    /**
     * @param workers one for each worker, in their order: hands it a scan, false when its mailbox is full
     * @param names what may be named
     */
    public ConnectionsCommand(Supplier<List<Predicate<ConnectionScan>>> workers, ConnectionCriteria.Names names) {
        this.workers = workers;
        this.criteria = new ConnectionCriteria(names);
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
        List<Option> options = new ArrayList<>(criteria.options());
        options.add(Option.value("worker", "N", "Only those that this worker has.")
                .offering(() -> IntStream.range(0, workers.get().size())
                        .mapToObj(String::valueOf)
                        .toList()));
        options.add(Option.flag("verbose", "Translation, policy, age and traffic of each."));
        options.add(Option.flag("close", "Closes all that were chosen, and says which those were."));
        options.add(Option.flag("all", "With -close: every connection."));
        options.add(Option.num());
        return List.copyOf(options);
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure, InterruptedException {
        ConnectionFilter filter = criteria.filter(call);
        boolean chooses = criteria.choose(call) || call.has("worker");
        boolean close = call.has("close");
        if (close && !chooses && !call.has("all")) {
            throw new CommandFailure(
                    "connections -close needs to know which: -srcip=172.16.1.10 and the like, or -all for every one");
        }
        if (call.has("all") && (!close || chooses)) {
            throw new CommandFailure("connections -all is for -close, and chooses nothing else");
        }
        int rows = Math.min(call.rows(), MOST);
        // One more than is shown tells whether there are more.
        ConnectionScan.Found found = scan(call, filter, close ? rows : rows + 1, close);
        List<ConnectionView> shown =
                found.views().subList(0, Math.min(found.views().size(), rows));
        StringBuilder text = new StringBuilder();
        if (shown.isEmpty()) {
            text.append(chooses ? "No connection matches.\n" : "No connections.\n");
        } else {
            text.append(close ? "Closed " + count(found.count()) + ":\n\n" : "");
            text.append(listing(shown, call.has("verbose")));
        }
        int more = found.count() - shown.size();
        if (close && more > 0) {
            text.append("(and ").append(more).append(" more)\n");
        } else if (more > 0) {
            text.append(
                    rows < MOST
                            ? "(there are more: -num=all shows them, -srcip and the like choose)\n"
                            : "(there are more than " + MOST + ": choose by -srcip and the like)\n");
        }
        output.out(text.toString());
    }

    private static String count(int connections) {
        return connections == 1 ? "1 connection" : connections + " connections";
    }

    private ConnectionScan.Found scan(Invocation call, ConnectionFilter filter, int limit, boolean close)
            throws CommandFailure, InterruptedException {
        List<Predicate<ConnectionScan>> asked = workers.get();
        if (call.has("worker")) {
            asked = List.of(asked.get((int) call.number("worker", 0, 0, asked.size() - 1)));
        }
        List<ConnectionScan> scans = new ArrayList<>();
        for (Predicate<ConnectionScan> worker : asked) {
            ConnectionScan scan = close ? ConnectionScan.close(filter, limit) : ConnectionScan.list(filter, limit);
            if (!worker.test(scan)) {
                throw new CommandFailure("a worker is too busy to answer; try again");
            }
            scans.add(scan);
        }
        List<ConnectionView> views = new ArrayList<>();
        int count = 0;
        for (ConnectionScan scan : scans) {
            try {
                ConnectionScan.Found found = scan.result().get(ANSWER_SECONDS, TimeUnit.SECONDS);
                views.addAll(found.views());
                count += found.count();
            } catch (TimeoutException | ExecutionException _) {
                throw new CommandFailure("a worker did not answer within " + ANSWER_SECONDS + " s; try again");
            }
        }
        return new ConnectionScan.Found(views, count);
    }

    private static String listing(List<ConnectionView> views, boolean verbose) {
        TextTable table = new TextTable("State", "Proto", "Source", "Destination", "Tmout");
        for (ConnectionView view : views) {
            table.row(
                    view.state(),
                    IpProtocol.name(view.protocol()),
                    end(view.sourceInterface(), view.source(), view.protocol(), view.sourcePort()),
                    end(view.destinationInterface(), view.destination(), view.protocol(), view.destinationPort()),
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
                        + socket(view.newSource(), view.protocol(), view.newSourcePort())
                        + " -> " + socket(view.newDestination(), view.protocol(), view.newDestinationPort())
                        + "\n"
                : "";
        return translated + "    " + (view.policy().isEmpty() ? "the firewall's own" : "policy " + view.policy())
                + ", age " + Elapsed.of(view.ageSeconds()) + ", sent " + view.packetsOut() + " packets "
                + view.octetsOut() + " octets, received " + view.packetsBack() + " packets " + view.octetsBack()
                + " octets\n";
    }

    private static String end(String iface, IpAddress address, int protocol, int port) {
        return iface + ":" + socket(address, protocol, port);
    }

    private static String socket(IpAddress address, int protocol, int port) {
        return IpProtocol.hasPorts(protocol) ? address.withPort(port) : address.toString();
    }
}
