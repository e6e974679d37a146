package io.portcullis.test.bench.micro;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the benchmarks of this package one after the other and prints a row for each as it ends. */
@Command(
        name = "micro",
        description = {
            "Measures single steps of the data plane under JMH.",
            "Nanoseconds and octets allocated per operation, each in a virtual machine of its own."
        },
        mixinStandardHelpOptions = true)
public final class MicroBench implements Callable<Integer> {
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final TimeValue ITERATION = TimeValue.milliseconds(400);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "PATTERN",
            defaultValue = ".*",
            description = "A regular expression that the benchmark's name contains.")
    private Pattern pattern = Pattern.compile(".*");

    @Option(names = "--json", description = "Prints one JSON object a line.")
    private boolean json;

    @Override
    public Integer call() {
        List<String> names = benchmarks();
        if (names.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no benchmark's name contains " + pattern);
        }
        try {
            run(names, System.out);
            return 0;
        } catch (RunnerException e) {
            System.err.println("bench micro: " + e.getMessage());
            return 1;
        }
    }

    private void run(List<String> names, PrintStream out) throws RunnerException {
        if (!json) {
            out.printf(Locale.ROOT, "%-64s %12s %10s %10s%n", "benchmark", "ns/op", "+-", "B/op");
        }
        for (String name : names) {
            new Runner(new OptionsBuilder()
                            .include("^" + Pattern.quote(name) + "$")
                            .addProfiler(GCProfiler.class)
                            .forks(1)
                            .warmupIterations(4)
                            .warmupTime(ITERATION)
                            .measurementIterations(5)
                            .measurementTime(ITERATION)
                            .verbosity(VerboseMode.SILENT)
                            .shouldFailOnError(true)
                            .build())
                    .run().stream()
                            .sorted(Comparator.comparing(
                                    result -> parameters(result).toString()))
                            .forEach(result -> print(result, out));
        }
    }

    private List<String> benchmarks() {
        OutputFormat silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
        return BenchmarkList.defaultList().find(silent, List.of(pattern.pattern()), List.of()).stream()
                .map(BenchmarkListEntry::getUsername)
                .distinct()
                .sorted()
                .toList();
    }

    private void print(RunResult result, PrintStream out) {
        String name = result.getParams().getBenchmark().replaceFirst("^.*\\.(\\w+\\.\\w+)$", "$1");
        Map<String, String> parameters = parameters(result);
        double nanoseconds = result.getPrimaryResult().getScore();
        double error = result.getPrimaryResult().getScoreError();
        double allocated = Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED))
                .getScore();
        if (json) {
            ObjectNode row = new ObjectMapper().createObjectNode().put("benchmark", name);
            parameters.forEach(row.putObject("parameters")::put);
            row.put("nsPerOp", nanoseconds).put("error", error).put("bytesPerOp", allocated);
            out.println(row);
        } else {
            String label = parameters.isEmpty() ? name : name + " " + parameters;
            out.printf(Locale.ROOT, "%-64s %12.1f %10.1f %10.1f%n", label, nanoseconds, error, allocated);
        }
        out.flush();
    }

    private static Map<String, String> parameters(RunResult result) {
        Map<String, String> parameters = new TreeMap<>();
        result.getParams()
                .getParamsKeys()
                .forEach(key -> parameters.put(key, result.getParams().getParam(key)));
        return parameters;
    }
}
