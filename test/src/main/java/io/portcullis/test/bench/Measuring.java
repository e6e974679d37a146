package io.portcullis.test.bench;

import io.portcullis.test.bench.row.Effort;
import io.portcullis.test.bench.row.Quantity;
import io.portcullis.test.bench.row.Row;
import io.portcullis.test.lab.Need;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Takes the rows one after the other, and in each row us and the peer in turn. */
final class Measuring {
    private final Effort effort;
    private final int runs;
    private final PrintStream progress;

    Measuring(Effort effort, int runs, PrintStream progress) {
        this.effort = effort;
        this.runs = runs;
        this.progress = progress;
    }

    List<Outcome> measure(List<Row> rows) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String place =
                    "[%d/%d] %s".formatted(i + 1, rows.size(), rows.get(i).name());
            long begin = System.nanoTime();
            Outcome outcome = measure(rows.get(i), place);
            outcomes.add(outcome);
            progress.println(place + ": " + word(outcome) + " after "
                    + Duration.ofNanos(System.nanoTime() - begin).toSeconds() + " s");
        }
        return outcomes;
    }

    private Outcome measure(Row row, String place) {
        String missing = row.needs().stream()
                .map(Need::missing)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        if (!missing.isEmpty()) {
            return new Outcome.NotMeasurable(row.name(), missing);
        }
        List<List<Double>> ours = new ArrayList<>();
        List<List<Double>> peer = new ArrayList<>();
        try {
            for (int run = 1; run <= runs; run++) {
                String which = place + ", run " + run + " of " + runs + ", ";
                progress.println(which + "portcullis");
                ours.add(row.ours(effort));
                if (!row.peerName().isEmpty()) {
                    progress.println(which + row.peerName() + "; portcullis had " + last(row, ours));
                    peer.add(row.peer(effort));
                    progress.println(which + row.peerName() + " had " + last(row, peer));
                } else {
                    progress.println(which + "had " + last(row, ours));
                }
            }
        } catch (UnsupportedOperationException e) {
            return new Outcome.NotMeasurable(row.name(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return new Outcome.Failed(row.name(), String.valueOf(e.getMessage()));
        }
        List<Outcome.Figure> figures = new ArrayList<>();
        for (int i = 0; i < row.quantities().size(); i++) {
            figures.add(new Outcome.Figure(row.quantities().get(i), column(ours, i), column(peer, i)));
        }
        return new Outcome.Measured(row.name(), row.peerName(), List.copyOf(figures));
    }

    private static Series column(List<List<Double>> runs, int index) {
        return new Series(runs.stream().map(run -> run.get(index)).toList());
    }

    private static String last(Row row, List<List<Double>> runs) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < row.quantities().size(); i++) {
            Quantity quantity = row.quantities().get(i);
            texts.add(String.format(Locale.ROOT, "%.4g %s", runs.getLast().get(i), quantity.unit()));
        }
        return String.join(", ", texts);
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Measured _ -> "measured";
            case Outcome.NotMeasurable not -> "cannot be measured here: " + not.reason();
            case Outcome.Failed failed -> "failed: " + failed.reason();
        };
    }
}
