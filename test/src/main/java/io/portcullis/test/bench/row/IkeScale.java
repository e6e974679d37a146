package io.portcullis.test.bench.row;

import io.portcullis.test.lab.Need;
import java.util.List;

/** Time and memory that it takes a responder to have ten thousand tunnels established; a thousand when in a hurry. */
public final class IkeScale implements Row {
    private static final int QUICK = 1_000;
    private static final int FULL = 10_000;
    private static final String GROUP = "x25519";

    @Override
    public String name() {
        return "ike-scale";
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(
                new Quantity("10,000 tunnels established (quick: 1,000)", "s", new Target.AtMostTimesPeer(1)),
                new Quantity("resident memory then", "MB", new Target.AtMostTimesPeer(1)),
                new Quantity("of which since before the first", "MB", new Target.None()));
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
        try (Transit transit = Transit.open(false)) {
            return measure(IkeResponder.portcullis(transit, count(effort)), effort);
        }
    }

    @Override
    public List<Double> peer(Effort effort) {
        try (Transit transit = Transit.open(false)) {
            return measure(IkeResponder.strongSwan(transit), effort);
        }
    }

    private static List<Double> measure(IkeResponder responder, Effort effort) {
        double before = responder.residentMegabytes();
        IkeResponder.Result result = responder.load(0, count(effort), GROUP);
        double after = responder.residentMegabytes();
        return List.of(result.seconds(), after, after - before);
    }

    private static int count(Effort effort) {
        return effort == Effort.QUICK ? QUICK : FULL;
    }
}
