package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.Frame;
import io.portcullis.test.bench.generator.FrameGenerator;
import io.portcullis.test.bench.generator.PortRange;
import io.portcullis.test.lab.Need;
import java.util.List;

/**
 * UDP packets each of which opens a connection, more than either can take; only the last policy matches.
 *
 * @param policies how many
 * @param factor how many times the peer's rate is the target
 */
public record NewFlows(int policies, double factor) implements Row {
    private static final PortRange SOURCES = new PortRange(1024, 60_000);
    private static final PortRange DESTINATIONS = new PortRange(10_000, 50_000);
    private static final int FRAME = 64;

    /** Connections that fit on both sides: all that a run makes, so that neither has to evict. */
    private static final String CONNECTIONS = "4000000";

    @Override
    public String name() {
        return "new-flows-" + policies;
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(new Quantity(
                "new UDP flows, match at %,d of %,d".formatted(policies, policies),
                "1/s",
                new Target.TimesPeer(factor)));
    }

    @Override
    public List<Need> needs() {
        return List.of(Need.ROOT, Need.NAMESPACES);
    }

    @Override
    public String peerName() {
        return "nftables";
    }

    @Override
    public List<Double> ours(Effort effort) {
        try (Transit transit = Transit.open(false)) {
            transit.portcullis(
                    "set Settings StateSettings MaxConnections=" + CONNECTIONS + "\n" + Policies.ours(policies));
            return List.of(flows(transit, effort));
        }
    }

    @Override
    public List<Double> peer(Effort effort) {
        try (Transit transit = Transit.open(false)) {
            transit.kernel(Policies.nftables(policies));
            transit.lab().own(HostSetting.set("net.netfilter.nf_conntrack_max", CONNECTIONS));
            transit.lab().own(HostSetting.set("net.netfilter.nf_conntrack_buckets", "1048576"));
            transit.steerKernel();
            return List.of(flows(transit, effort));
        }
    }

    private static double flows(Transit transit, Effort effort) {
        Frame frame = transit.frame(FRAME, SOURCES, DESTINATIONS);
        transit.discardAtSink();
        return Arrivals.during(
                        () -> FrameGenerator.start(transit.source, "eth0", frame),
                        new Arrivals.Counted(transit.router, "in"),
                        new Arrivals.Counted(transit.sink, "eth0"),
                        effort.warmUp(),
                        effort.counted())
                .delivered();
    }
}
