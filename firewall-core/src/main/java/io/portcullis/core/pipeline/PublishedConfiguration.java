package io.portcullis.core.pipeline;

import io.portcullis.core.capture.Capture;
import org.jspecify.annotations.Nullable;

/**
 * Where the control plane puts the snapshot, and a capture that runs, and workers take them: a volatile reference each.
 */
public final class PublishedConfiguration {
    private volatile ActiveConfiguration active;
    private volatile @Nullable Capture capture;

    public PublishedConfiguration(ActiveConfiguration first) {
        active = first;
    }

    /** The snapshot in force; workers read it once for each burst. */
    public ActiveConfiguration active() {
        return active;
    }

    /** Puts another in force, from the next burst on. Publishers take turns by themselves. */
    public void publish(ActiveConfiguration next) {
        active = next;
    }

    /** The capture that runs, null for none; workers read it once for each burst. */
    public @Nullable Capture capture() {
        return capture;
    }

    /** Has workers fill this capture's rings, from the next burst on; null has them stop. */
    public void capture(@Nullable Capture next) {
        capture = next;
    }
}
