package io.portcullis.test.bench;

import io.portcullis.test.bench.micro.MicroBench;
import io.portcullis.test.bench.row.Effort;
import io.portcullis.test.bench.row.Row;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Program behind {@code ./portcullis bench}. */
@Command(
        name = "bench",
        description = {
            "Measures Portcullis and, under the same conditions and in turn, its peers on this machine.",
            "Progress goes to standard error, one table at the end to standard output. Needs root."
        },
        footer = {"", "Exit status: 0 measured, 1 a row failed, 2 wrong command line."},
        mixinStandardHelpOptions = true,
        subcommands = MicroBench.class)
public final class Bench implements Callable<Integer> {
    private static final int STANDARD_RUNS = 5;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "ROW",
            description = "Only these rows, or all whose names begin so; see --list.")
    private List<String> names = List.of();

    @Option(names = "--list", description = "Names the rows and measures nothing.")
    private boolean list;

    @Option(
            names = "--quick",
            description = "One short run of each row that has a target, less than four minutes in all.")
    private boolean quick;

    @Option(names = "--runs", paramLabel = "N", description = "Runs of each (default: 5, with --quick 1).")
    private int runs;

    @Option(names = "--json", description = "Prints one JSON document instead of the table.")
    private boolean json;

    /** Ends with the status that the footer of the help promises. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() {
        if (runs < 0 || runs > 1000) {
            throw new ParameterException(spec.commandLine(), "--runs: " + runs + " is not 1 to 1000");
        }
        List<Row> rows = Rows.all();
        if (!names.isEmpty()) {
            rows = names.stream()
                    .flatMap(name -> named(name).stream())
                    .distinct()
                    .toList();
        }
        if (quick && names.isEmpty()) {
            rows = rows.stream().filter(Row::hasTarget).toList();
        }
        if (list) {
            rows.forEach(row -> row.quantities()
                    .forEach(quantity -> System.out.printf(
                            "%-18s %s, %s %s%n",
                            row.name(),
                            quantity.title(),
                            quantity.unit(),
                            quantity.target().text())));
            return 0;
        }
        int times = runs > 0 ? runs : quick ? 1 : STANDARD_RUNS;
        List<Outcome> outcomes = new Measuring(quick ? Effort.QUICK : Effort.FULL, times, System.err).measure(rows);
        System.out.print(json ? Report.json(outcomes, quick, times) + "\n" : Report.table(outcomes));
        return outcomes.stream().anyMatch(Outcome.Failed.class::isInstance) ? 1 : 0;
    }

    private List<Row> named(String name) {
        List<Row> exact =
                Rows.all().stream().filter(row -> row.name().equals(name)).toList();
        List<Row> found = exact.isEmpty()
                ? Rows.all().stream().filter(row -> row.name().startsWith(name)).toList()
                : exact;
        if (found.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there is no row " + name + ": "
                            + Rows.all().stream().map(Row::name).collect(Collectors.joining(", ")));
        }
        return found;
    }
}
