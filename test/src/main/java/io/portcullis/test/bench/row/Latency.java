package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.DatagramGenerator;
import io.portcullis.test.bench.generator.Frame;
import io.portcullis.test.bench.generator.FrameGenerator;
import io.portcullis.test.bench.generator.PortRange;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Need;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * Round-trip times of pings through the firewall, a millisecond apart: alone, and with half of what it can forward. The
 * worker is a real-time thread, as for whom latency matters: the compiler's are on its processor too.
 */
public final class Latency implements Row {
    private static final int POLICIES = 10;
    private static final int PAYLOAD = 22;
    private static final int FRAME = 64;
    private static final Pattern TIME = Pattern.compile("time=([0-9.]+) ms");

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(
                new Quantity("ping, idle, p50", "us", new Target.AtMostAbovePeer(50)),
                new Quantity("ping, idle, p99.9", "us", new Target.None()),
                new Quantity("ping, half load, p50", "us", new Target.None()),
                new Quantity("ping, half load, p99.9", "us", new Target.AtMost(1_000)),
                new Quantity("half load", "Mpps", new Target.None()));
    }

    @Override
    public List<Need> needs() {
        return List.of(Need.ROOT, Need.NAMESPACES);
    }

    @Override
    public String peerName() {
        return "kernel, no rules";
    }

    @Override
    public List<Double> ours(Effort effort) {
        try (Transit transit = Transit.open(false)) {
            transit.portcullis("set Settings WorkerSettings RealTime=Yes\n" + Policies.ours(POLICIES));
            return measure(transit, effort);
        }
    }

    @Override
    public List<Double> peer(Effort effort) {
        try (Transit transit = Transit.open(false)) {
            transit.kernel("");
            transit.steerKernel();
            return measure(transit, effort);
        }
    }

    private static List<Double> measure(Transit transit, Effort effort) {
        Frame frame = transit.frame(FRAME, PortRange.of(10_000), PortRange.of(9));
        transit.discardAtSink();
        Arrivals.Counted in = new Arrivals.Counted(transit.router, "in");
        Arrivals.Counted sink = new Arrivals.Counted(transit.sink, "eth0");
        Arrivals most = Arrivals.during(
                () -> FrameGenerator.start(transit.source, "eth0", frame),
                in,
                sink,
                effort.warmUp(),
                Duration.ofSeconds(1));
        double[] idle = ping(transit, effort);
        double half = most.delivered() / 2;
        try (DatagramGenerator _ = DatagramGenerator.start(transit.source, Transit.SINK, PAYLOAD, (int) half)) {
            double[] loaded = ping(transit, effort);
            return List.of(
                    percentile(idle, 0.5),
                    percentile(idle, 0.999),
                    percentile(loaded, 0.5),
                    percentile(loaded, 0.999),
                    half / 1e6);
        }
    }

    /** Microseconds, sorted. */
    private static double[] ping(Transit transit, Effort effort) {
        int count = (int) effort.counted().toMillis();
        Command.Result result = transit.source.attempt(
                "ping", "-n", "-i", "0.001", "-c", String.valueOf(count), "-W", "1", Transit.SINK);
        double[] times = TIME.matcher(result.output())
                .results()
                .flatMapToDouble(match -> DoubleStream.of(Double.parseDouble(match.group(1)) * 1_000))
                .sorted()
                .toArray();
        if (times.length < count * 0.99) {
            throw new IllegalStateException("of " + count + " pings " + times.length + " were answered");
        }
        return times;
    }

    private static double percentile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * sorted.length))];
    }
}
