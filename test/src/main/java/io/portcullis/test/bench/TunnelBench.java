package io.portcullis.test.bench;

import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Charon;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GatewayScript;
import io.portcullis.test.lab.SwanConnection;
import io.portcullis.test.lab.Traffic;
import io.portcullis.test.lab.TwoSites;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Throughput of one TCP stream through a tunnel between two sites, Portcullis and strongSwan in turn.
 *
 * <p>Congestion control is cubic on both, the first two seconds are not counted, and strongSwan gets 4 MB of socket
 * buffer, without which it loses its packets there.
 *
 * @param json print one JSON object instead of a table
 * @param runs how often each is measured
 * @param seconds how long each measurement lasts
 * @param suite the ESP algorithms
 * @param offloads for each: whether the veth pairs may carry segments beyond the MTU and partial checksums
 */
record TunnelBench(boolean json, int runs, int seconds, Suite suite, List<Boolean> offloads) {
    private static final Pattern RECEIVED =
            Pattern.compile("\"sum_received\"\\s*:\\s*\\{[^}]*\"bits_per_second\"\\s*:\\s*([0-9.eE+]+)");
    private static final int WARM_UP_SECONDS = 2;
    private static final String KEY = "bench-bench-bench";

    /** ESP algorithms in strongSwan's notation. */
    enum Suite {
        GCM("AES-128-GCM", "aes128gcm16"),
        CBC("AES-256-CBC + HMAC-SHA-256", "aes256-sha256");

        private final String title;
        private final String proposal;

        Suite(String title, String proposal) {
            this.title = title;
            this.proposal = proposal;
        }
    }

    /** Megabits per second of each run. */
    private record Series(String who, boolean offload, List<Double> rates) {
        double median() {
            List<Double> sorted = rates.stream().sorted().toList();
            return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
        }
    }

    static TunnelBench of(List<String> options) {
        boolean json = false;
        int runs = 3;
        int seconds = 6;
        Suite suite = Suite.GCM;
        List<Boolean> offloads = List.of(false, true);
        for (String option : options) {
            String value = option.substring(option.indexOf('=') + 1);
            switch (option.replaceFirst("=.*", "")) {
                case "--json" -> json = true;
                case "--runs" -> runs = count(option, value);
                case "--seconds" -> seconds = count(option, value);
                case "--suite" -> suite = Suite.valueOf(value.toUpperCase(Locale.ROOT));
                case "--offload" ->
                    offloads = switch (value) {
                        case "on" -> List.of(true);
                        case "off" -> List.of(false);
                        case "both" -> List.of(false, true);
                        default -> throw new IllegalArgumentException(option + ": not on, off or both");
                    };
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return new TunnelBench(json, runs, seconds, suite, offloads);
    }

    private static int count(String option, String value) {
        if (!value.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException(option + ": not a number from 1 to 9999");
        }
        return Integer.parseInt(value);
    }

    /** Measures and prints. @throws IllegalStateException when a tunnel does not come up or a program fails */
    void run(PrintStream out) {
        List<Series> all = new ArrayList<>();
        for (boolean offload : offloads) {
            Series ours = new Series("portcullis", offload, new ArrayList<>());
            Series theirs = new Series("strongswan", offload, new ArrayList<>());
            for (int run = 0; run < runs; run++) {
                ours.rates.add(measure(offload, this::startPortcullis));
                theirs.rates.add(measure(offload, this::startStrongSwan));
            }
            all.add(ours);
            all.add(theirs);
        }
        print(out, all);
    }

    private interface Ends {
        void start(TwoSites sites);
    }

    private double measure(boolean offload, Ends ends) {
        try (TwoSites sites = TwoSites.open(offload)) {
            ends.start(sites);
            if (!Await.within(Duration.ofSeconds(10), () -> Traffic.ping(sites.host, TwoSites.BRANCH, 1))) {
                throw new IllegalStateException("no ping through the tunnel");
            }
            Path log = sites.lab().folder("iperf").resolve("log");
            sites.branch.start(log, "iperf3", "-s", "-1");
            Await.until(
                    "iperf3 listens",
                    Duration.ofSeconds(5),
                    () -> sites.branch
                            .attempt("ss", "-Hltn", "sport", "=", ":5201")
                            .output()
                            .contains("5201"));
            Command.Result result = Command.attempt(
                            sites.host.within(
                                    "iperf3",
                                    "-c",
                                    TwoSites.BRANCH,
                                    "-C",
                                    "cubic",
                                    "-J",
                                    "-O",
                                    String.valueOf(WARM_UP_SECONDS),
                                    "-t",
                                    String.valueOf(seconds)),
                            Duration.ofSeconds(seconds + 30L))
                    .orThrow();
            Matcher received = RECEIVED.matcher(result.output());
            if (!received.find()) {
                throw new IllegalStateException("iperf3 said nothing about what was received:\n" + result.output());
            }
            return Double.parseDouble(received.group(1)) / 1e6;
        }
    }

    private void startPortcullis(TwoSites sites) {
        Firewall.start(sites.lab(), sites.peer, GatewayScript.peer(KEY).text());
        Firewall.start(
                sites.lab(),
                sites.gateway,
                GatewayScript.gateway(KEY).algorithms(suite.proposal).text());
    }

    private void startStrongSwan(TwoSites sites) {
        Charon near = Charon.asGateway(sites);
        Charon.asPeer(sites).load(SwanConnection.ofPeer("aes128-sha256-ecp256", suite.proposal, KEY));
        near.load(SwanConnection.ofGateway("aes128-sha256-ecp256", suite.proposal, KEY));
        near.initiate().orThrow();
    }

    private void print(PrintStream out, List<Series> all) {
        if (json) {
            out.println("{\"bench\":\"tunnel\",\"suite\":\"" + suite.title + "\",\"seconds\":" + seconds
                    + ",\"unit\":\"Mbit/s\",\"results\":["
                    + all.stream().map(TunnelBench::asJson).collect(Collectors.joining(",")) + "],\"ratios\":["
                    + offloads.stream()
                            .map(offload -> "{\"offload\":%b,\"ratio\":%.2f}".formatted(offload, ratio(all, offload)))
                            .collect(Collectors.joining(","))
                    + "]}");
            return;
        }
        out.printf("TCP through a tunnel, %s, one stream, %d s, median of %d, Mbit/s%n", suite.title, seconds, runs);
        for (boolean offload : offloads) {
            out.printf("offloads %s:%n", offload ? "on" : "off");
            for (Series series : all) {
                if (series.offload == offload) {
                    out.printf(
                            "  %-11s %8.0f   (%s)%n",
                            series.who,
                            series.median(),
                            series.rates.stream().map("%.0f"::formatted).collect(Collectors.joining(", ")));
                }
            }
            out.printf("  ratio       %8.2f%n", ratio(all, offload));
        }
    }

    private static double ratio(List<Series> all, boolean offload) {
        List<Series> pair =
                all.stream().filter(series -> series.offload == offload).toList();
        return pair.getFirst().median() / pair.getLast().median();
    }

    private static String asJson(Series series) {
        return "{\"who\":\"%s\",\"offload\":%b,\"median\":%.1f,\"runs\":[%s]}"
                .formatted(
                        series.who,
                        series.offload,
                        series.median(),
                        series.rates.stream().map("%.1f"::formatted).collect(Collectors.joining(",")));
    }
}
