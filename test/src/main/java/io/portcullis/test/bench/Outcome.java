package io.portcullis.test.bench;

import io.portcullis.test.bench.row.Quantity;
import java.util.List;

/** What came of a row. */
sealed interface Outcome {
    String row();

    /** @param peerName empty when there is no peer */
    record Measured(String row, String peerName, List<Figure> figures) implements Outcome {}

    /** Something is missing on this machine, which {@code reason} names. */
    record NotMeasurable(String row, String reason) implements Outcome {}

    /** It could be measured, and was not: a tunnel did not come up, a program failed. */
    record Failed(String row, String reason) implements Outcome {}

    /** One quantity. */
    record Figure(Quantity quantity, Series ours, Series peer) {
        /** NaN without a peer. */
        double ratio() {
            return ours.median() / peer.median();
        }

        boolean reached() {
            return quantity.target().reached(ours.median(), peer.median());
        }
    }
}
