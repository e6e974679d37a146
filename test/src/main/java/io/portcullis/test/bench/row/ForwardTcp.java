package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.Processor;
import io.portcullis.test.lab.Need;
import java.util.List;

/** One TCP flow through a stateful firewall with ten policies, devices as the kernel gives them. */
public final class ForwardTcp implements Row {
    private static final int POLICIES = 10;

    @Override
    public String name() {
        return "forward-tcp";
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(new Quantity("one TCP flow, 10 policies", "Gbit/s", new Target.TimesPeer(0.5)));
    }

    @Override
    public List<Need> needs() {
        return List.of(Need.ROOT, Need.NAMESPACES, Need.IPERF);
    }

    @Override
    public String peerName() {
        return "nftables";
    }

    @Override
    public List<Double> ours(Effort effort) {
        try (Transit transit = Transit.open(true)) {
            transit.portcullis(Policies.ours(POLICIES));
            return stream(transit, effort);
        }
    }

    @Override
    public List<Double> peer(Effort effort) {
        try (Transit transit = Transit.open(true)) {
            transit.kernel(Policies.nftables(POLICIES));
            return stream(transit, effort);
        }
    }

    private static List<Double> stream(Transit transit, Effort effort) {
        return List.of(Iperf.stream(
                transit.lab(), transit.source, Processor.NEAR, transit.sink, Processor.NEAR, Transit.SINK, effort));
    }
}
