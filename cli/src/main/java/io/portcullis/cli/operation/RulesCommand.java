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
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code rules}: the IP policies in the order in which they are asked, and how often each decided. */
public final class RulesCommand implements Command {
    private final Supplier<List<String>> ruleSets;
    private final Function<String, Optional<List<RuleView>>> policies;

    /**
     * @param ruleSets names of those of the active configuration, the first one asked first
     * @param policies of a rule set of this name, in order; empty when there is none
     */
    public RulesCommand(Supplier<List<String>> ruleSets, Function<String, Optional<List<RuleView>>> policies) {
        this.ruleSets = ruleSets;
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
                        .offering(ruleSets::get),
                Option.flag("verbose", "Translation, limits and logging too."),
                Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        List<String> known = ruleSets.get();
        String wanted = call.value("ruleset").orElse(known.getFirst());
        List<RuleView> all = policies.apply(wanted)
                .orElseThrow(() -> new CommandFailure(
                        "there is no rule set '" + wanted + "'; there is " + String.join(", ", known)));
        boolean verbose = call.has("verbose");
        Rows<RuleView> rows = Rows.of(call, all);
        List<String> headings = new ArrayList<>(
                List.of("#", "Name", "Action", "Source", "Source Net", "Destination", "Destination Net", "Service"));
        if (verbose) {
            headings.addAll(List.of("Src Translation", "Dst Translation", "Per Source", "Schedule", "Log"));
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
                cells.add(rule.destinationTranslation());
                cells.add(rule.connectionsPerSource() == 0 ? "-" : rule.connectionsPerSource());
                cells.add(rule.schedule());
                cells.add(rule.logs() ? "Yes" : "No");
            }
            cells.add(rule.hits());
            cells.add(
                    rule.secondsSinceHit().isPresent()
                            ? Elapsed.of(rule.secondsSinceHit().getAsLong()) + " ago"
                            : "never");
            table.row(cells.toArray());
        }
        output.out("Rule set " + wanted + ":\n\n" + table + rows.more());
    }
}
