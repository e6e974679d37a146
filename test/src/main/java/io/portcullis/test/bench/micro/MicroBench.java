package io.portcullis.test.bench.micro;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
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

/** Runs the benchmarks of this package one after the other and prints a row for each as it ends. */
public final class MicroBench {
    /** What it takes on the command line. */
    public static final String USAGE = """
            usage: portcullis bench micro [PATTERN] [--json]
              Single steps of the data plane; PATTERN is a regular expression that the benchmark's name contains.""";

    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final TimeValue ITERATION = TimeValue.milliseconds(400);

    private final String pattern;
    private final boolean json;

    private MicroBench(String pattern, boolean json) {
        this.pattern = pattern;
        this.json = json;
    }

    /** @throws IllegalArgumentException when the command line is wrong; the message says how */
    public static MicroBench of(List<String> arguments) {
        List<String> patterns = new ArrayList<>();
        boolean json = false;
        for (String argument : arguments) {
            if (argument.equals("--json")) {
                json = true;
            } else if (argument.startsWith("-") || !patterns.isEmpty()) {
                throw new IllegalArgumentException(argument + " is not understood");
            } else {
                patterns.add(argument);
            }
        }
        String pattern = patterns.isEmpty() ? ".*" : patterns.getFirst();
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(pattern + ": " + e.getDescription(), e);
        }
        MicroBench bench = new MicroBench(pattern, json);
        if (bench.benchmarks().isEmpty()) {
            throw new IllegalArgumentException("no benchmark's name contains " + pattern);
        }
        return bench;
    }

    /** @throws IllegalStateException when a benchmark fails; the rows before it are out */
    public void run(PrintStream out) {
        if (!json) {
            out.printf(Locale.ROOT, "%-64s %12s %10s %10s%n", "benchmark", "ns/op", "+-", "B/op");
        }
        for (String name : benchmarks()) {
            try {
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
            } catch (RunnerException e) {
                throw new IllegalStateException(name + ": " + e.getMessage(), e);
            }
        }
    }

    private List<String> benchmarks() {
        OutputFormat silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
        return BenchmarkList.defaultList().find(silent, List.of(pattern), List.of()).stream()
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
