package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.Processor;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.TwoSites;
import java.util.List;

/**
 * One TCP stream from host to branch through a tunnel, AES-128-GCM, ESP in UDP on both because strongSwan's userspace
 * ESP knows nothing else. Client and near gateway share one processor, far gateway and server the other.
 *
 * @param offloads whether the veth pairs may carry segments beyond the MTU and partial checksums
 * @param factor how many times the peer's rate is the target
 */
public record TunnelTcp(String name, boolean offloads, double factor) implements Row {
    @Override
    public List<Quantity> quantities() {
        return List.of(new Quantity(
                "TCP through a tunnel, " + (offloads ? "offloads on" : "frames of 1500"),
                "Gbit/s",
                new Target.TimesPeer(factor)));
    }

    @Override
    public List<Need> needs() {
        return List.of(Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN, Need.IPERF);
    }

    @Override
    public String peerName() {
        return "strongSwan";
    }

    @Override
    public List<Double> ours(Effort effort) {
        return measure(TunnelEnds::portcullis, effort);
    }

    @Override
    public List<Double> peer(Effort effort) {
        return measure(TunnelEnds::strongSwan, effort);
    }

    private List<Double> measure(TunnelEnds ends, Effort effort) {
        try (TwoSites sites = TwoSites.open(offloads)) {
            ends.establish(sites);
            return List.of(Iperf.stream(
                    sites.lab(), sites.host, Processor.NEAR, sites.branch, Processor.FAR, TwoSites.BRANCH, effort));
        }
    }
}
