package io.portcullis.test.bench.row;

import io.portcullis.test.bench.generator.Frame;
import io.portcullis.test.bench.generator.FrameGenerator;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Namespace;
import java.time.Duration;

/**
 * What passed while a generator sent.
 *
 * @param offered packets per second that reached the device under test
 * @param delivered packets per second that reached the sink
 */
record Arrivals(double offered, double delivered) {
    /** Share of what was offered that did not arrive. */
    double loss() {
        return Math.max(0, 1 - delivered / offered);
    }

    /** A device at which packets are counted. */
    record Counted(Namespace namespace, String device) {
        private long packets() {
            return Transit.received(namespace, device);
        }
    }

    /**
     * Sends as fast as possible from {@code from}'s {@code eth0} for the warm-up and then for {@code counted}, which is what counts.
     */
    static Arrivals of(
            Namespace from, Frame frame, Counted offered, Counted delivered, Duration warmUp, Duration counted) {
        try (FrameGenerator _ = FrameGenerator.start(from, "eth0", frame)) {
            Await.within(warmUp, () -> false);
            long begin = System.nanoTime();
            long offeredBefore = offered.packets();
            long deliveredBefore = delivered.packets();
            Await.within(counted, () -> false);
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new Arrivals(
                    (offered.packets() - offeredBefore) / seconds, (delivered.packets() - deliveredBefore) / seconds);
        }
    }
}
