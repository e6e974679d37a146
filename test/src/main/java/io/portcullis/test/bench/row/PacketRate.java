package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.PortRange;
import io.portcullis.test.lab.Need;
import java.util.List;

/**
 * UDP packets of established flows through one worker with a thousand policies, offered faster than they can pass. The
 * peer is plain kernel forwarding, moved to the same processor as our worker.
 *
 * @param length octets of a frame without FCS
 */
public record PacketRate(int length) implements Row {
    private static final int POLICIES = 1_000;
    private static final PortRange SOURCES = new PortRange(10_000, 1_024);
    private static final PortRange DESTINATIONS = PortRange.of(9);

    @Override
    public String name() {
        return "forward-" + length;
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(
                new Quantity(
                        "frames of %,d, 1,024 flows, 1,000 policies".formatted(length),
                        "Mpps",
                        new Target.TimesPeer(0.8)),
                new Quantity("offered meanwhile", "Mpps", new Target.None()));
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
            transit.portcullis(Policies.ours(POLICIES));
            return transit.rate(transit.frame(length, SOURCES, DESTINATIONS), effort);
        }
    }

    @Override
    public List<Double> peer(Effort effort) {
        try (Transit transit = Transit.open(false)) {
            transit.kernel("");
            transit.steerKernel();
            return transit.rate(transit.frame(length, SOURCES, DESTINATIONS), effort);
        }
    }
}
