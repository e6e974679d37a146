package io.portcullis.test.bench.row;

import io.portcullis.test.lab.Need;
import java.util.List;

/**
 * IKE SAs with one child each that a responder sets up in a second, pre-shared key, the same initiators for us and the
 * peer.
 *
 * @param group {@code x25519} or {@code ecp256}
 */
public record IkeSetup(String group) implements Row {
    private static final int QUICK = 1_000;
    private static final int FULL = 4_000;

    @Override
    public String name() {
        return "ike-" + group;
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(
                new Quantity("IKE SAs set up as responder, " + group, "1/s", new Target.TimesPeer(2)),
                new Quantity("responder's processor time for each", "ms", new Target.None()));
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
            return measure(IkeResponder.portcullis(transit, 2 * count(effort)), effort);
        }
    }

    @Override
    public List<Double> peer(Effort effort) {
        try (Transit transit = Transit.open(false)) {
            return measure(IkeResponder.strongSwan(transit), effort);
        }
    }

    /** Half of the initiators come before what counts, for the compiler of whom it concerns. */
    private List<Double> measure(IkeResponder responder, Effort effort) {
        IkeResponder.Result result = responder.load(count(effort), count(effort), group);
        return List.of(result.perSecond(), result.processorMillis());
    }

    private static int count(Effort effort) {
        return effort == Effort.QUICK ? QUICK : FULL;
    }
}
