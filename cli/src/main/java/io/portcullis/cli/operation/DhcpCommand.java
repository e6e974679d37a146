package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.core.dhcp.DhcpView;
import io.portcullis.core.dhcp.Lease;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code dhcp}: the interfaces that get their addresses from DHCP servers, and their leases. */
public final class DhcpCommand implements Command {
    private final Supplier<List<DhcpView>> clients;
    private final Predicate<String> renew;
    private final Predicate<String> release;

    /**
     * @param renew has the client of an interface ask again; false when there is none
     * @param release has it give its lease back; false when there is none
     */
    public DhcpCommand(Supplier<List<DhcpView>> clients, Predicate<String> renew, Predicate<String> release) {
        this.clients = clients;
        this.renew = renew;
        this.release = release;
    }

    @Override
    public String name() {
        return "dhcp";
    }

    @Override
    public String help() {
        return "Lists the interfaces with DHCPEnabled and their leases, or all about one.";
    }

    @Override
    public List<Argument> arguments() {
        return List.of(new Argument("NAME", false, "One interface.", () -> names(clients.get())));
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.flag("show", "Shows them; the default."),
                Option.flag("renew", "Asks the server for more time now, or for an address where there is none."),
                Option.flag("release", "Gives the address back, and asks for none until -renew."),
                Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        List<DhcpView> all = clients.get();
        if (call.has("renew") && call.has("release")) {
            throw new CommandFailure("dhcp takes -renew or -release, not both");
        }
        Optional<String> wanted = call.argument(0);
        if (wanted.isEmpty()) {
            if (call.has("renew") || call.has("release")) {
                throw new CommandFailure(
                        "dhcp -renew and -release need the name of one interface: " + String.join(", ", names(all)));
            }
            list(call, all, output);
            return;
        }
        DhcpView one = all.stream()
                .filter(client -> client.name().equals(wanted.get()))
                .findFirst()
                .orElseThrow(() -> none(wanted.get(), all));
        if (call.has("renew")) {
            order(renew, one.name(), all);
            output.out(
                    one.lease().isPresent()
                            ? one.name() + " asks for more time.\n"
                            : one.name() + " asks for an address.\n");
        } else if (call.has("release")) {
            order(release, one.name(), all);
            output.out(one.lease()
                    .map(lease -> lease.address() + " was given back.\n")
                    .orElse(one.name() + " has no address to give back.\n"));
        } else {
            output.out(details(one));
        }
    }

    private static void order(Predicate<String> what, String name, List<DhcpView> all) throws CommandFailure {
        if (!what.test(name)) {
            throw none(name, all);
        }
    }

    private static CommandFailure none(String name, List<DhcpView> all) {
        return new CommandFailure("'" + name + "' is no interface with DHCPEnabled; "
                + (all.isEmpty() ? "there is none" : "there are " + String.join(", ", names(all))));
    }

    private static void list(Invocation call, List<DhcpView> all, Session.Output output) throws CommandFailure {
        if (all.isEmpty()) {
            output.out("No interface has DHCPEnabled.\n");
            return;
        }
        Rows<DhcpView> rows = Rows.of(call, all);
        TextTable table = new TextTable("Iface", "State", "IP Address", "Network", "Gateway", "Server", "Expires");
        for (DhcpView client : rows.shown()) {
            Optional<Lease> lease = client.lease();
            table.row(
                    client.name(),
                    client.state(),
                    lease.map(held -> held.address().toString()).orElse(""),
                    lease.map(held -> held.network().toString()).orElse(""),
                    lease.flatMap(Lease::router).map(IpAddress::toString).orElse(""),
                    lease.map(held -> held.server().toString()).orElse(""),
                    lease.isPresent() ? Elapsed.of(client.secondsLeft()) : "");
        }
        output.out(table + rows.more());
    }

    private static String details(DhcpView client) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  State", client.state().toString()));
        client.lease().ifPresent(lease -> {
            rows.add(List.of("  IP address", lease.address().toString()));
            rows.add(List.of("  Network", lease.network().toString()));
            rows.add(List.of("  Broadcast", lease.broadcast().toString()));
            add(rows, "  Gateway", lease.router().stream().toList());
            add(rows, "  DNS servers", lease.nameServers());
            lease.domain().filter(name -> !name.isEmpty()).ifPresent(name -> rows.add(List.of("  Domain", name)));
            add(rows, "  NTP servers", lease.timeServers());
            add(
                    rows,
                    "  Routes",
                    lease.routes().stream()
                            .map(route -> route.network() + " by " + route.router())
                            .toList());
            rows.add(List.of("  DHCP server", lease.server() + " at " + new MacAddress(lease.station())));
            rows.add(List.of("  Lease time", lease.seconds() + " s"));
            rows.add(List.of("  Renews in", Elapsed.of(client.secondsToRenewal())));
            rows.add(List.of("  Expires in", Elapsed.of(client.secondsLeft())));
        });
        return client.name() + "\n" + TextTable.plain(rows);
    }

    private static void add(List<List<String>> rows, String title, List<?> values) {
        if (!values.isEmpty()) {
            rows.add(List.of(title, values.stream().map(Object::toString).collect(Collectors.joining(", "))));
        }
    }

    private static List<String> names(List<DhcpView> all) {
        return all.stream().map(DhcpView::name).toList();
    }
}
