package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.rules.policy.RuleView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code rules}: the IP policies in the order in which they are asked, and how often each decided. */
public final class RulesCommand implements Command {
    private static final String MAIN = "main";

    private final Supplier<List<RuleView>> policies;

    /** @param policies of the active configuration, in order, the default behind them */
    public RulesCommand(Supplier<List<RuleView>> policies) {
        this.policies = policies;
    }

    @Override
    public String name() {
        return "rules";
    }

    @Override
    public String help() {
        return "Lists the IP policies in order, with the connections and packets that each decided.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.value("ruleset", "NAME", "Which rule set (default main).")
                        .offering(() -> List.of(MAIN)),
                Option.flag("verbose", "Translation and logging too."),
                Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        String wanted = call.value("ruleset").orElse(MAIN);
        if (!wanted.equals(MAIN)) {
            throw new CommandFailure("there is no rule set '" + wanted + "'; there is " + MAIN);
        }
        boolean verbose = call.has("verbose");
        Rows<RuleView> rows = Rows.of(call, policies.get());
        List<String> headings = new ArrayList<>(
                List.of("#", "Name", "Action", "Source", "Source Net", "Destination", "Destination Net", "Service"));
        if (verbose) {
            headings.addAll(List.of("Src Translation", "Log"));
        }
        headings.addAll(List.of("Hits", "Last Hit"));
        TextTable table = new TextTable(headings.toArray(String[]::new));
        for (RuleView rule : rows.shown()) {
            List<Object> cells = new ArrayList<>(List.of(
                    rule.index(),
                    rule.name(),
                    rule.action(),
                    rule.sourceInterface(),
                    rule.sourceNetwork(),
                    rule.destinationInterface(),
                    rule.destinationNetwork(),
                    rule.service()));
            if (verbose) {
                cells.add(rule.sourceTranslation());
                cells.add(rule.logs() ? "Yes" : "No");
            }
            cells.add(rule.hits());
            cells.add(
                    rule.secondsSinceHit().isPresent()
                            ? Elapsed.of(rule.secondsSinceHit().getAsLong()) + " ago"
                            : "never");
            table.row(cells.toArray());
        }
        output.out("Rule set " + MAIN + ":\n\n" + table + rows.more());
    }
}
