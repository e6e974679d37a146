package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.Processor;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One TCP stream, measured by iperf3 at the receiver. Congestion control is cubic. */
final class Iperf {
    private static final Pattern RECEIVED =
            Pattern.compile("\"sum_received\"\\s*:\\s*\\{[^}]*\"bits_per_second\"\\s*:\\s*([0-9.eE+]+)");

    private Iperf() {}

    /** @return Gbit/s of payload, without the warm-up */
    static double stream(
            Lab lab, Namespace client, Processor near, Namespace server, Processor far, String address, Effort effort) {
        Path log = lab.folder("iperf").resolve("log");
        server.start(log, far.command(List.of("iperf3", "-s", "-1")).toArray(String[]::new));
        Await.until(
                "iperf3 listens",
                Duration.ofSeconds(5),
                () -> server.attempt("ss", "-Hltn", "sport", "=", ":5201")
                        .output()
                        .contains("5201"));
        List<String> command = near.command(List.of(
                "iperf3",
                "-c",
                address,
                "-C",
                "cubic",
                "-J",
                "-O",
                String.valueOf(effort.warmUp().toSeconds()),
                "-t",
                String.valueOf(effort.counted().toSeconds())));
        Duration limit = effort.warmUp().plus(effort.counted()).plusSeconds(20);
        Command.Result result = Command.attempt(client.within(command.toArray(String[]::new)), limit)
                .orThrow();
        Matcher received = RECEIVED.matcher(result.output());
        if (!received.find()) {
            throw new IllegalStateException("iperf3 said nothing about what was received:\n" + result.output());
        }
        return Double.parseDouble(received.group(1)) / 1e9;
    }
}
