package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.DatagramGenerator;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.TwoSites;
import java.time.Duration;
import java.util.List;

/**
 * The highest rate of UDP datagrams through a tunnel at which at most one in two hundred is lost, frames of 1500. Who
 * is where: as for {@link TunnelTcp}.
 *
 * @param payload octets in each
 */
public record TunnelUdp(int payload) implements Row {
    private static final double LOSS = 0.005;
    private static final double FIRST = 5_000;
    private static final double GROWTH = 2;
    private static final double MOST = 3_000_000;
    private static final int HALVINGS = 4;

    @Override
    public String name() {
        return "tunnel-udp-" + payload;
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(new Quantity(
                "UDP of %,d through a tunnel, loss <= 0.5 %%".formatted(payload), "1/s", new Target.TimesPeer(5)));
    }

    @Override
    public List<Need> needs() {
        return List.of(Need.ROOT, Need.NAMESPACES, Need.STRONGSWAN);
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
        try (TwoSites sites = TwoSites.open(false)) {
            ends.establish(sites);
            Arrivals.discard(sites.branch, "eth0", "udp");
            sent(sites, 4 * FIRST, effort.warmUp());
            return List.of(highest(sites, effort));
        }
    }

    /** Upwards in steps until one loses too much, then halves the last step; the rate is what arrived. */
    private double highest(TwoSites sites, Effort effort) {
        double delivered = 0;
        double good = FIRST / GROWTH;
        double bad = Double.NaN;
        for (int halvings = 0; halvings < HALVINGS && good < MOST; ) {
            double rate = Double.isNaN(bad) ? good * GROWTH : Math.sqrt(good * bad);
            Arrivals arrivals = sent(sites, rate, effort.step());
            if (arrivals.loss() > LOSS && effort == Effort.FULL) {
                arrivals = sent(sites, rate, effort.step());
            }
            // A generator that does not reach the rate ends the search too: nothing more can be offered.
            boolean offered = arrivals.offered() > 0.9 * rate;
            if (arrivals.loss() <= LOSS) {
                delivered = Math.max(delivered, arrivals.delivered());
            }
            if (arrivals.loss() <= LOSS && offered) {
                good = rate;
            } else {
                bad = rate;
            }
            if (!Double.isNaN(bad)) {
                halvings++;
            }
        }
        return delivered;
    }

    private Arrivals sent(TwoSites sites, double rate, Duration length) {
        return Arrivals.whole(
                () -> DatagramGenerator.start(sites.host, TwoSites.BRANCH, payload, (int) rate),
                new Arrivals.Counted(sites.gateway, "lan"),
                new Arrivals.Counted(sites.branch, "eth0"),
                length);
    }
}
