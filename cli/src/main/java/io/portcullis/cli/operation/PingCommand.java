package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.console.Session;
import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.time.Clock;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code ping}: echo requests of the firewall's own, through routes, tunnels and all. */
public final class PingCommand implements Command {
    private static final int DEFAULT_SIZE = 4;
    private static final int MOST_REQUESTS = 10_000;
    private static final int WAITING = 64;

    private final Opener opener;
    private final Supplier<RoutingTables> routes;
    private final Supplier<AddressSet> ownAddresses;
    private final Clock clock;
    private final Duration interval;

    /** Begins to ping: what {@link EchoClient#open} does. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Empty when there are too many already.
         *
         * @param by the way that the requests take, null for what the routing tables say
         */
        Optional<Requests> open(
                IpAddress source, IpAddress destination, @Nullable Route by, EchoClient.Listener listener);

        /** The firewall's echo client. */
        static Opener of(EchoClient client) {
            return (source, destination, by, listener) -> client.open(source, destination, by, listener)
                    .map(ping -> new Requests() {
                        @Override
                        public boolean send(int sequence, int payload) {
                            return ping.send(sequence, payload);
                        }

                        @Override
                        public void close() {
                            ping.close();
                        }
                    });
        }
    }

    /** The requests to one destination. */
    public interface Requests extends AutoCloseable {
        /** Sends one; false when it can not be taken now. */
        boolean send(int sequence, int payload);

        @Override
        void close();
    }

    /** @param sequence of the request that it answers */
    private record Reply(int sequence, long roundTrip, int ttl) {}

    /**
     * @param routes of the active configuration
     * @param ownAddresses every address of the firewall
     * @param interval between requests, and how long a reply is waited for
     */
    public PingCommand(
            Opener opener,
            Supplier<RoutingTables> routes,
            Supplier<AddressSet> ownAddresses,
            Clock clock,
            Duration interval) {
        this.opener = opener;
        this.routes = routes;
        this.ownAddresses = ownAddresses;
        this.clock = clock;
        this.interval = interval;
    }

    @Override
    public String name() {
        return "ping";
    }

    @Override
    public String help() {
        return "Sends echo requests and waits for the replies.";
    }

    @Override
    public List<Argument> arguments() {
        return List.of(new Argument("IP", true, "Who is to answer.", Words.NONE));
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.value("count", "N", "How many requests (default 1)."),
                Option.value("size", "OCTETS", "Payload of each (default " + DEFAULT_SIZE + ")."),
                Option.value("srcip", "IP", "Own address to send from."),
                Option.value("pbr", "TABLE", "Routing table that says the way (default " + RoutingTables.MAIN + ").")
                        .offering(() -> tables(routes.get())),
                Option.flag("verbose", "The route that the requests take."));
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure, InterruptedException {
        IpAddress destination = Invocation.address("ping", call.argument(0).orElse(""));
        int count = (int) call.number("count", 1, 1, MOST_REQUESTS);
        int size = (int) call.number("size", DEFAULT_SIZE, 0, EchoClient.MOST_PAYLOAD);
        RoutingTable table = table(call);
        Route route = table.lookup(destination.high(), destination.low());
        if (route == null) {
            throw new CommandFailure("no route leads to " + destination + " by table " + table.name()
                    + "; 'routes' lists those there are");
        }
        IpAddress source = source(call, destination, route);
        output.out("Sending " + count + " " + size + "-byte ICMP ping" + (count == 1 ? "" : "s") + " to " + destination
                + " from " + source + " using PBR table \"" + table.name() + "\"\n");
        if (call.has("verbose")) {
            output.out("... by route " + route + "\n");
        }
        BlockingQueue<Reply> replies = new ArrayBlockingQueue<>(WAITING);
        Optional<Requests> open = opener.open(
                source,
                destination,
                call.has("pbr") ? route : null,
                (sequence, time, ttl, _) -> replies.offer(new Reply(sequence, time, ttl)));
        if (open.isEmpty()) {
            throw new CommandFailure(EchoClient.MOST + " pings run already; wait until one ends");
        }
        try (Requests requests = open.get()) {
            output.out(ping(requests, replies, destination, count, size, output));
        }
    }

    private RoutingTable table(Invocation call) throws CommandFailure {
        RoutingTables all = routes.get();
        String name = call.value("pbr").orElse(RoutingTables.MAIN);
        return all.table(name)
                .orElseThrow(() -> new CommandFailure(
                        "-pbr: there is no routing table '" + name + "'; there are " + String.join(", ", tables(all))));
    }

    private static List<String> tables(RoutingTables all) {
        return all.tables().stream().map(RoutingTable::name).toList();
    }

    private IpAddress source(Invocation call, IpAddress destination, Route route) throws CommandFailure {
        Optional<IpAddress> wanted = call.address("srcip");
        if (wanted.isPresent()) {
            if (wanted.get().isV4() != destination.isV4()) {
                throw new CommandFailure("-srcip: " + wanted.get() + " and " + destination + " are not of one family");
            }
            if (!ownAddresses.get().contains(wanted.get())) {
                throw new CommandFailure("-srcip: " + wanted.get() + " is not an address of this firewall; they are "
                        + ownAddresses.get());
            }
            return wanted.get();
        }
        @Nullable IpAddress own = route.iface().ownAddress(destination.isV4() ? 4 : 6);
        if (own == null) {
            throw new CommandFailure("interface " + route.iface().name() + ", by which " + destination
                    + " is reached, has no address of its own: give -srcip=, one of " + ownAddresses.get());
        }
        return own;
    }

    /** Sends and waits; the text is the summary. */
    private String ping(
            Requests requests,
            BlockingQueue<Reply> replies,
            IpAddress destination,
            int count,
            int size,
            Session.Output output)
            throws InterruptedException {
        int sent = 0;
        long total = 0;
        BitSet answered = new BitSet();
        for (int sequence = 0; sequence < count; sequence++) {
            sent += requests.send(sequence, size) ? 1 : 0;
            boolean last = sequence == count - 1;
            // Requests are an interval apart, whatever comes back; only the last one's wait ends with its reply.
            long deadline = clock.nanos() + interval.toNanos();
            while (!last || answered.cardinality() < sent) {
                Reply reply = replies.poll(deadline - clock.nanos(), TimeUnit.NANOSECONDS);
                if (reply == null) {
                    break;
                }
                boolean again = answered.get(reply.sequence());
                answered.set(reply.sequence());
                total += again ? 0 : reply.roundTrip();
                output.out("ICMP Reply from " + destination + " seq=" + reply.sequence() + " time="
                        + Elapsed.milliseconds((double) reply.roundTrip()) + " ms TTL=" + reply.ttl()
                        + (again ? " (again)\n" : "\n"));
            }
        }
        int received = answered.cardinality();
        String average = received == 0 ? "" : ", Avg RTT: " + Elapsed.milliseconds((double) total / received) + " ms";
        return "Ping Results: Sent: " + sent + ", Received:" + received + average + "\n";
    }
}
