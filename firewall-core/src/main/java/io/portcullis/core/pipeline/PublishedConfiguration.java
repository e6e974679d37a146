package io.portcullis.core.pipeline;

/** Where the control plane puts the snapshot and workers take it: one volatile reference. */
public final class PublishedConfiguration {
    private volatile ActiveConfiguration active;

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
}
