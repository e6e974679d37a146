package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.EthernetLink;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.neighbour.LinkEntries;
import io.portcullis.core.neighbour.Neighbour;
import io.portcullis.core.neighbour.Neighbours;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** {@code arp}: the neighbours on the Ethernet links, IPv4 and IPv6. */
public final class ArpCommand implements Command {
    private static final int ANSWER_SECONDS = 5;

    private final Supplier<List<Link>> links;

    /** The neighbours of one interface, which belong to its worker. */
    public interface Link {
        /** Name of the interface. */
        String name();

        /** Its neighbours; fails when the worker is too busy. */
        CompletableFuture<List<Neighbour>> list();

        /** What the operator says about the link. */
        CompletableFuture<LinkEntries> entries();

        /** Forgets all that was learned; done when it is forgotten. */
        CompletableFuture<Void> flush();

        /** An interface and the mailbox of the workers that run it: each knows neighbours of its own. */
        static Link of(EthernetInterface iface, WorkerMailbox workers) {
            return new Link() {
                @Override
                public String name() {
                    return iface.name();
                }

                @Override
                public CompletableFuture<List<Neighbour>> list() {
                    CompletableFuture<List<Neighbour>> all = CompletableFuture.completedFuture(List.of());
                    for (int worker : workers(iface)) {
                        all = all.thenCombine(ask(worker, (neighbours, _, now) -> neighbours.list(now)), Link::merged);
                    }
                    return all;
                }

                @Override
                public CompletableFuture<LinkEntries> entries() {
                    return ask(workers(iface)[0], (neighbours, _, _) -> neighbours.entries());
                }

                @Override
                public CompletableFuture<Void> flush() {
                    return CompletableFuture.allOf(Arrays.stream(workers(iface))
                            .mapToObj(worker -> ask(worker, (neighbours, on, _) -> {
                                neighbours.flush(on);
                                return true;
                            }))
                            .toArray(CompletableFuture[]::new));
                }

                private <T> CompletableFuture<T> ask(int worker, Question<T> question) {
                    CompletableFuture<T> asked = new CompletableFuture<>();
                    boolean taken = workers.execute(worker, (on, now) -> {
                        Neighbours neighbours = iface.neighbours(worker);
                        if (neighbours != null) {
                            asked.complete(question.answer(neighbours, on, now));
                        }
                    });
                    return taken
                            ? asked
                            : CompletableFuture.failedFuture(new IllegalStateException("the mailbox is full"));
                }
            };
        }

        private static int[] workers(EthernetInterface iface) {
            return iface.links().stream().mapToInt(EthernetLink::worker).toArray();
        }

        /** Of two entries of one address the better confirmed, in the order of the addresses. */
        private static List<Neighbour> merged(List<Neighbour> some, List<Neighbour> others) {
            Map<IpAddress, Neighbour> all = new TreeMap<>();
            Stream.concat(some.stream(), others.stream())
                    .forEach(one -> all.merge(one.address(), one, (a, b) -> rank(a) <= rank(b) ? a : b));
            return List.copyOf(all.values());
        }

        private static int rank(Neighbour neighbour) {
            return switch (neighbour.state()) {
                case STATIC -> 0;
                case REACHABLE -> 1;
                case PROBE -> 2;
                case STALE -> 3;
                case INCOMPLETE -> 4;
            };
        }
    }

    /** What is asked on a worker's thread. */
    private interface Question<T> {
        T answer(Neighbours neighbours, PacketWorker on, long now);
    }

    /** @param links the Ethernet interfaces of the active configuration */
    public ArpCommand(Supplier<List<Link>> links) {
        this.links = links;
    }

    @Override
    public String name() {
        return "arp";
    }

    @Override
    public String help() {
        return "Lists the neighbours on the Ethernet links, found by ARP or neighbour discovery, and the addresses that"
                + " are published there.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.flag("show", "Lists them; the default."),
                Option.flag("flush", "Forgets them, so that they are asked again."),
                Option.value("ip", "IP", "Only this neighbour."),
                Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure, InterruptedException {
        Optional<IpAddress> wanted = call.address("ip");
        if (call.has("flush")) {
            if (wanted.isPresent()) {
                throw new CommandFailure("arp -flush forgets all neighbours; it takes no -ip");
            }
            for (Link link : links.get()) {
                answer(link, link.flush());
            }
            output.out("All neighbours are forgotten and will be asked again.\n");
            return;
        }
        List<Row> all = new ArrayList<>();
        for (Link link : links.get()) {
            for (Neighbour neighbour : answer(link, link.list())) {
                if (wanted.map(neighbour.address()::equals).orElse(true)) {
                    all.add(Row.of(link.name(), neighbour));
                }
            }
            for (LinkEntries.Publication published :
                    answer(link, link.entries()).published()) {
                if (wanted.map(published.addresses()::contains).orElse(true)) {
                    all.add(Row.of(link.name(), published));
                }
            }
        }
        if (all.isEmpty()) {
            output.out(wanted.map(address -> address + " is not known on any link.\n")
                    .orElse("No neighbours.\n"));
            return;
        }
        Rows<Row> rows = Rows.of(call, all);
        TextTable table = new TextTable("Iface", "IP Address", "MAC Address", "State", "Since");
        for (Row row : rows.shown()) {
            table.row(row.iface(), row.address(), row.station(), row.state(), row.since());
        }
        output.out(table + rows.more());
    }

    private record Row(String iface, String address, String station, String state, String since) {
        static Row of(String iface, Neighbour neighbour) {
            boolean asked = neighbour.state() == Neighbour.State.INCOMPLETE;
            return new Row(
                    iface,
                    neighbour.address().toString(),
                    asked ? "" : neighbour.mac().toString(),
                    neighbour.state().name().toLowerCase(Locale.ROOT),
                    Elapsed.of(neighbour.seconds()));
        }

        static Row of(String iface, LinkEntries.Publication published) {
            return new Row(
                    iface,
                    published.addresses().toString(),
                    published.station().map(MacAddress::toString).orElse("own"),
                    published.inFrames() ? "xpublish" : "publish",
                    "");
        }
    }

    private static <T> T answer(Link link, CompletableFuture<T> asked) throws CommandFailure, InterruptedException {
        try {
            return asked.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException _) {
            throw new CommandFailure("the worker of " + link.name() + " is too busy to answer; try again");
        }
    }
}
