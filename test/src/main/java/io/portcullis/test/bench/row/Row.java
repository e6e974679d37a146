package io.portcullis.test.bench.row;

import io.portcullis.test.lab.Need;
import java.util.List;

/** Something to measure: us, and where there is one a peer under the same conditions. */
public interface Row {
    /** The word on the command line. */
    String name();

    /** What one measurement yields, in the order of {@link #ours} and {@link #peer}. */
    List<Quantity> quantities();

    /** Whether there is something to reach. */
    default boolean hasTarget() {
        return quantities().stream().anyMatch(quantity -> !(quantity.target() instanceof Target.None));
    }

    /** Without one of these nothing is measured. */
    List<Need> needs();

    /** Who is measured beside us; empty when nobody is. */
    String peerName();

    /**
     * Measures us once, with everything that it takes, and leaves nothing behind.
     *
     * @return a value for each quantity
     * @throws UnsupportedOperationException when this machine lacks something; the message names it
     * @throws IllegalStateException when something does not come up
     */
    List<Double> ours(Effort effort);

    /** As {@link #ours}, for the peer; empty when there is none. */
    List<Double> peer(Effort effort);
}
