package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RoutingTable;
import io.portcullis.core.routing.RoutingTables;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code routes}: a routing table, or the one route that an address takes. */
public final class RoutesCommand implements Command {
    private final Supplier<RoutingTables> tables;

    /** @param tables of the active configuration */
    public RoutesCommand(Supplier<RoutingTables> tables) {
        this.tables = tables;
    }

    @Override
    public String name() {
        return "routes";
    }

    @Override
    public String help() {
        return "Lists a routing table. Flags: C own address, I of an interface, S static, T of a tunnel,"
                + " D made while running; X out of order: its monitors say that it does not work.";
    }

    @Override
    public List<Argument> arguments() {
        return List.of(new Argument("TABLE", false, "Which table (default main).", () -> names(tables.get())));
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.flag("all", "The routes to the firewall's own addresses too."),
                Option.value("lookup", "IP", "Only the route that a packet to this address takes."),
                Option.flag("verbose", "The firewall's address on each interface, and its MTU."),
                Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        RoutingTables now = tables.get();
        String wanted = call.argument(0).orElse(RoutingTables.MAIN);
        RoutingTable table = now.table(wanted)
                .orElseThrow(() -> new CommandFailure(
                        "there is no routing table '" + wanted + "'; there are " + String.join(", ", names(now))));
        boolean verbose = call.has("verbose");
        if (call.address("lookup").isPresent()) {
            output.out(lookup(table, call.address("lookup").get(), verbose));
            return;
        }
        List<Route> routes = table.routes().stream()
                .filter(route -> call.has("all") || route.origin() != Route.Origin.CORE)
                .toList();
        if (routes.isEmpty()) {
            output.out("Routing table " + table.name() + " has no routes"
                    + (table.routes().isEmpty() ? ".\n" : " except those to own addresses: -all shows them.\n"));
            return;
        }
        Rows<Route> rows = Rows.of(call, routes);
        output.out("Routing table " + table.name() + ":\n\n" + listing(table, rows.shown(), verbose) + rows.more());
    }

    private static String lookup(RoutingTable table, IpAddress address, boolean verbose) {
        Route route = table.lookup(address.high(), address.low());
        if (route == null) {
            return "No route in table " + table.name() + " leads to " + address + ": packets to it are dropped ("
                    + DropReason.NO_ROUTE.label() + ").\n";
        }
        return "Packets to " + address + " take this route of table " + table.name() + ":\n\n"
                + listing(table, List.of(route), verbose);
    }

    private static String listing(RoutingTable of, List<Route> routes, boolean verbose) {
        TextTable table = verbose
                ? new TextTable("Flags", "Network", "Iface", "Gateway", "Metric", "Own address", "MTU")
                : new TextTable("Flags", "Network", "Iface", "Gateway", "Metric");
        for (Route route : routes) {
            List<Object> cells = new ArrayList<>(List.of(
                    flag(route.origin()) + (of.isOutOfOrder(route) ? "X" : ""),
                    route.network(),
                    route.iface().name(),
                    orBlank(route.gateway()),
                    route.metric()));
            if (verbose) {
                cells.add(orBlank(route.iface().ownAddress(route.network().isV4() ? 4 : 6)));
                cells.add(route.iface().mtu());
            }
            table.row(cells.toArray());
        }
        return table.toString();
    }

    private static String orBlank(@Nullable IpAddress address) {
        return address == null ? "" : address.toString();
    }

    private static String flag(Route.Origin origin) {
        return switch (origin) {
            case CORE -> "C";
            case INTERFACE -> "I";
            case STATIC -> "S";
            case TUNNEL -> "T";
            case DYNAMIC -> "D";
        };
    }

    private static List<String> names(RoutingTables now) {
        List<String> names = new ArrayList<>(List.of(RoutingTables.MAIN));
        now.tables().stream()
                .map(RoutingTable::name)
                .filter(name -> !name.equals(RoutingTables.MAIN))
                .forEach(names::add);
        return names;
    }
}
