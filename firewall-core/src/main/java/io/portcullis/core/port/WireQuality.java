package io.portcullis.core.port;

import java.time.Duration;

/**
 * How bad a simulated wire is. Shares are between 0 (never) and 1 (always).
 *
 * @param loss share of frames that vanish
 * @param duplicate share of frames that arrive twice
 * @param reorder share of frames that are held back by {@code reorderDelay}, so that later ones overtake them
 * @param delay that every frame takes
 * @param reorderDelay what reordered frames take on top
 */
public record WireQuality(double loss, double duplicate, double reorder, Duration delay, Duration reorderDelay) {
    /** Nothing is lost and nothing takes time. */
    public static final WireQuality PERFECT = new WireQuality(0, 0, 0, Duration.ZERO, Duration.ZERO);

    public WireQuality {
        for (double share : new double[] {loss, duplicate, reorder}) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("a share is 0..1, not " + share);
            }
        }
        if (delay.isNegative() || reorderDelay.isNegative()) {
            throw new IllegalArgumentException("a delay is not negative");
        }
    }
}
