package io.portcullis.test.soak;

import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.TwoSites;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** TCP streams of iperf3 from the host to the branch, none faster than it was told. */
final class PacedStreams {
    private static final Pattern RECEIVED =
            Pattern.compile("\"sum_received\"\\s*:\\s*\\{[^}]*\"bits_per_second\"\\s*:\\s*([0-9.eE+]+)");

    private final CompletableFuture<Command.Result> client;

    private PacedStreams(CompletableFuture<Command.Result> client) {
        this.client = client;
    }

    static PacedStreams start(TwoSites sites, int streams, int megabitsOfEach, Duration length) {
        sites.branch.start(sites.lab().folder("iperf").resolve("log"), "iperf3", "-s", "-1");
        Await.until(
                "iperf3 listens",
                Duration.ofSeconds(10),
                () -> sites.branch
                        .attempt("ss", "-Hltn", "sport", "=", ":5201")
                        .output()
                        .contains("5201"));
        List<String> command = sites.host.within(
                "iperf3",
                "-J",
                "-i",
                "0",
                "-c",
                TwoSites.BRANCH,
                "-P",
                String.valueOf(streams),
                "-b",
                megabitsOfEach + "M",
                "-t",
                String.valueOf(length.toSeconds()));
        Duration limit = length.plusMinutes(1);
        return new PacedStreams(CompletableFuture.supplyAsync(() -> Command.attempt(command, limit)));
    }

    /** Waits for all. @return Mbit/s that arrived, together */
    double awaitEnd() {
        Command.Result result = client.join().orThrow();
        Matcher received = RECEIVED.matcher(result.output());
        if (!received.find()) {
            throw new IllegalStateException("iperf3 said nothing about what was received:\n" + result.output());
        }
        return Double.parseDouble(received.group(1)) / 1e6;
    }
}
