package io.portcullis.cli.language;

import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Finding;
import io.portcullis.core.config.Plan;
import io.portcullis.core.config.Transactions;
import java.util.List;

/** {@code activate} and {@code commit}: the words that reach beyond the candidate. */
final class Lifecycle {
    static final List<LifecycleVerb> VERBS = List.of(
            new LifecycleVerb(
                    "activate",
                    "activate [-plan]",
                    "Checks the changes and puts them in force; commit must follow in time. -plan only says what would"
                            + " happen.",
                    List.of("plan")),
            new LifecycleVerb("commit", "commit", "Keeps the activated configuration, also over restarts.", List.of()));

    private final Transactions transactions;
    private final String user;
    private final Session.Output output;

    /**
     * A declaration, for help and completion.
     *
     * @param name the word
     * @param usage what may follow
     * @param help what it does
     * @param flags its options
     */
    record LifecycleVerb(String name, String usage, String help, List<String> flags) {}

    Lifecycle(Transactions transactions, String user, Session.Output output) {
        this.transactions = transactions;
        this.user = user;
        this.output = output;
    }

    static boolean knows(String name) {
        return VERBS.stream().anyMatch(verb -> verb.name().equalsIgnoreCase(name));
    }

    /** @throws ConfigError when the words behind the verb are not its own */
    static void check(List<Word> words) {
        LifecycleVerb verb = VERBS.stream()
                .filter(known -> known.name().equalsIgnoreCase(words.getFirst().text()))
                .findFirst()
                .orElseThrow();
        for (Word word : words.subList(1, words.size())) {
            if (!word.isFlag() || !verb.flags().contains(word.text().substring(1))) {
                throw new ConfigError(verb.name() + " does not take \"" + word.text() + "\"; usage: " + verb.usage());
            }
        }
    }

    void run(List<Word> words) {
        check(words);
        if (words.getFirst().text().equalsIgnoreCase("commit")) {
            output.out("Committed version " + transactions.commit(user) + ".\n");
        } else if (words.size() > 1) {
            Transactions.Outcome outcome = transactions.plan();
            output.out(plan(outcome.plan()));
            report(outcome);
        } else {
            activate();
        }
    }

    private void activate() {
        Transactions.Outcome outcome = transactions.activate(user);
        report(outcome);
        if (outcome.commitWithin() == 0) {
            output.out("No changes to activate.\n");
        } else {
            output.out("Activated. Commit within " + outcome.commitWithin()
                    + " seconds, or the last committed configuration returns.\n");
        }
    }

    /** Warnings to the output; errors are the failure of the command. */
    private void report(Transactions.Outcome outcome) {
        List<Finding> errors = outcome.findings().stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .toList();
        output.out(Listing.findings(outcome.findings().stream()
                .filter(finding -> !errors.contains(finding))
                .toList()));
        if (!errors.isEmpty()) {
            throw new ConfigError(Listing.findings(errors) + "The configuration has " + errors.size()
                    + (errors.size() == 1 ? " error" : " errors") + " and is not activated.");
        }
    }

    private static String plan(Plan plan) {
        if (plan.steps().isEmpty()) {
            return "Nothing that runs is touched.\n";
        }
        TextTable table = new TextTable("Object", "Effect", "Detail");
        plan.steps().forEach(step -> table.row(step.object(), step.effect(), step.detail()));
        return table.toString();
    }
}
