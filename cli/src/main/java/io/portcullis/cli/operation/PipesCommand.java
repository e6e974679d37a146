package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.core.shaping.Grouping;
import io.portcullis.core.shaping.PipeDefinition;
import io.portcullis.core.shaping.PipeLimit;
import io.portcullis.core.shaping.PipeUser;
import io.portcullis.core.shaping.PipeView;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code pipes}: what passes the pipes of the traffic shaping, what waits and what was dropped. */
public final class PipesCommand implements Command {
    private final Supplier<List<PipeView>> pipes;
    private final Function<String, Optional<List<PipeUser>>> users;

    /**
     * @param pipes all of the active configuration
     * @param users of the pipe of a name; empty when there is none
     */
    public PipesCommand(Supplier<List<PipeView>> pipes, Function<String, Optional<List<PipeUser>>> users) {
        this.pipes = pipes;
        this.users = users;
    }

    @Override
    public String name() {
        return "pipes";
    }

    @Override
    public String help() {
        return "Shows what passed the pipes in the last second, what waits in them and what they dropped.";
    }

    @Override
    public List<Argument> arguments() {
        return List.of(new Argument(
                "PIPE",
                false,
                "One pipe, by precedence.",
                () -> pipes.get().stream().map(pipe -> pipe.definition().name()).toList()));
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.flag("show", "All pipes; the same as without options."),
                Option.flag("users", "The users of the pipe in the last seconds, the busiest first."),
                Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        Optional<String> wanted = call.argument(0);
        if (wanted.isEmpty() && call.has("users")) {
            throw new CommandFailure("pipes -users needs the name of a pipe: pipes PIPE -users");
        }
        if (wanted.isEmpty()) {
            output.out(all(call));
        } else if (call.has("users")) {
            List<PipeUser> found = users.apply(wanted.get()).orElseThrow(() -> unknown(wanted.get()));
            output.out(users(call, found));
        } else {
            output.out(one(pipes.get().stream()
                    .filter(pipe -> pipe.definition().name().equals(wanted.get()))
                    .findFirst()
                    .orElseThrow(() -> unknown(wanted.get()))));
        }
    }

    private static CommandFailure unknown(String pipe) {
        return new CommandFailure("there is no pipe '" + pipe + "'; pipes lists them");
    }

    private String all(Invocation call) throws CommandFailure {
        Rows<PipeView> rows = Rows.of(call, pipes.get());
        if (rows.shown().isEmpty()) {
            return "There are no pipes.\n";
        }
        TextTable table = new TextTable(
                "Pipe", "Limit kbps", "Limit pps", "kbps", "pps", "Users", "Waiting", "Packets", "Dropped");
        for (PipeView pipe : rows.shown()) {
            PipeLimit limit = pipe.definition().total();
            table.row(
                    pipe.definition().name(),
                    limit(limit.kbps()),
                    limit(limit.pps()),
                    pipe.sum(PipeView.Precedence::kbps),
                    pipe.sum(PipeView.Precedence::pps),
                    pipe.definition().grouping() == Grouping.NONE ? "-" : pipe.users(),
                    pipe.waiting(),
                    pipe.sum(PipeView.Precedence::packets),
                    pipe.sum(PipeView.Precedence::dropped));
        }
        return table + rows.more();
    }

    /** The precedences that a pipe has, the highest first as it goes first. */
    private static String one(PipeView pipe) {
        PipeDefinition definition = pipe.definition();
        TextTable table = new TextTable("Precedence", "Limit kbps", "Limit pps", "kbps", "pps", "Packets", "Dropped");
        for (int i = definition.highest(); i >= definition.lowest(); i--) {
            PipeView.Precedence row = pipe.precedences().get(i);
            PipeLimit limit = definition.precedences().get(i);
            table.row(i, limit(limit.kbps()), limit(limit.pps()), row.kbps(), row.pps(), row.packets(), row.dropped());
        }
        PipeLimit total = definition.total();
        table.row(
                "Total",
                limit(total.kbps()),
                limit(total.pps()),
                pipe.sum(PipeView.Precedence::kbps),
                pipe.sum(PipeView.Precedence::pps),
                pipe.sum(PipeView.Precedence::packets),
                pipe.sum(PipeView.Precedence::dropped));
        boolean isGrouped = definition.grouping() != Grouping.NONE;
        return "Pipe " + definition.name() + ", " + pipe.waiting() + " waiting"
                + (isGrouped ? ", " + pipe.users() + " users by " + definition.grouping() : "") + ":\n\n" + table;
    }

    private static String users(Invocation call, List<PipeUser> users) throws CommandFailure {
        Rows<PipeUser> rows = Rows.of(call, users);
        if (rows.shown().isEmpty()) {
            return "Nobody used the pipe in the last seconds, or it has no Grouping.\n";
        }
        TextTable table = new TextTable("User", "kbps", "pps", "Waiting");
        for (PipeUser user : rows.shown()) {
            table.row(
                    user.address() + (user.port() == 0 ? "" : " port " + user.port()),
                    user.kbps(),
                    user.pps(),
                    user.waiting());
        }
        return table + rows.more();
    }

    private static String limit(int limit) {
        return limit == 0 ? "-" : String.valueOf(limit);
    }
}
