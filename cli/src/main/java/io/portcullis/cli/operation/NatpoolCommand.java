package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.core.connection.AddressPool;
import java.util.List;
import java.util.function.Supplier;

/** {@code natpool}: the NAT pools, their addresses and the sources that have them. */
public final class NatpoolCommand implements Command {
    private final Supplier<List<AddressPool.View>> pools;

    /** @param pools those of the active configuration */
    public NatpoolCommand(Supplier<List<AddressPool.View>> pools) {
        this.pools = pools;
    }

    @Override
    public String name() {
        return "natpool";
    }

    @Override
    public String help() {
        return "Lists the NAT pools; of one, its addresses and the sources that it remembers.";
    }

    @Override
    public List<Argument> arguments() {
        return List.of(new Argument(
                "NAME",
                false,
                "Pool to look into.",
                () -> pools.get().stream().map(AddressPool.View::name).toList()));
    }

    @Override
    public List<Option> options() {
        return List.of(Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        List<AddressPool.View> all = pools.get();
        if (call.argument(0).isEmpty()) {
            output.out(all.isEmpty() ? "There is no NAT pool.\n" : listing(call, all));
            return;
        }
        String wanted = call.argument(0).get();
        AddressPool.View pool = all.stream()
                .filter(it -> it.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new CommandFailure("there is no NAT pool '" + wanted + "'"));
        output.out(listing(call, List.of(pool)) + "\n" + addresses(call, pool) + "\n" + states(call, pool));
    }

    private static String listing(Invocation call, List<AddressPool.View> all) throws CommandFailure {
        TextTable table = new TextTable(
                "Name", "Type", "Addresses", "Connections", "States", "Max States", "Replaced", "Refused");
        Rows<AddressPool.View> rows = Rows.of(call, all);
        for (AddressPool.View pool : rows.shown()) {
            table.row(
                    pool.name(),
                    pool.type(),
                    pool.range(),
                    pool.connections(),
                    pool.maxStates() == 0 ? "-" : pool.states().size(),
                    pool.maxStates() == 0 ? "-" : pool.maxStates(),
                    pool.maxStates() == 0 ? "-" : pool.replaced(),
                    pool.refused());
        }
        return table + rows.more();
    }

    private static String addresses(Invocation call, AddressPool.View pool) throws CommandFailure {
        TextTable table = new TextTable("Address", "Connections");
        Rows<AddressPool.AddressUse> rows = Rows.of(call, pool.addresses());
        rows.shown().forEach(use -> table.row(use.address(), use.connections()));
        return table + rows.more();
    }

    private static String states(Invocation call, AddressPool.View pool) throws CommandFailure {
        if (pool.maxStates() == 0) {
            return "A " + pool.type() + " pool remembers no sources.\n";
        }
        TextTable table = new TextTable("Source", "Address", "Connections", "Idle");
        Rows<AddressPool.State> rows = Rows.of(call, pool.states());
        for (AddressPool.State state : rows.shown()) {
            table.row(
                    state.source(),
                    state.address(),
                    state.connections(),
                    state.connections() > 0 ? "-" : Elapsed.of(state.idleSeconds()));
        }
        return table + rows.more();
    }
}
