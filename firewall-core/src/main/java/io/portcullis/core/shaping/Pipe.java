package io.portcullis.core.shaping;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets packets through as its definition says. Belongs to one worker, its owner: the others hand their packets to that
 * one. Stays the same object as long as its definition and its owner do.
 */
public final class Pipe {
    private final PipeDefinition definition;
    private final int owner;
    /** Made by the owner with the first packet. */
    private @Nullable PipeQueue queue;

    /** @param owner number of the worker that it belongs to */
    public Pipe(PipeDefinition definition, int owner) {
        this.definition = definition;
        this.owner = owner;
    }

    public PipeDefinition definition() {
        return definition;
    }

    public String name() {
        return definition.name();
    }

    public int owner() {
        return owner;
    }

    /** What waits in it; null before the first packet. */
    @Nullable
    PipeQueue queue() {
        return queue;
    }

    PipeQueue queue(Room room, long now) {
        PipeQueue there = queue;
        if (there == null) {
            there = new PipeQueue(definition, room, now);
            queue = there;
        }
        return there;
    }

    /**
     * What it does now; on the owner's thread only.
     *
     * @param now monotonic nanoseconds
     */
    public PipeView view(long now) {
        PipeQueue there = queue;
        List<PipeView.Precedence> rows = new ArrayList<>();
        for (int i = 0; i < PipeDefinition.PRECEDENCES; i++) {
            rows.add(there == null ? PipeView.Precedence.NOTHING : there.view(i, now));
        }
        return new PipeView(
                definition, rows, there == null ? 0 : there.waiting(), there == null ? 0 : there.activeUsers(now));
    }

    /** Its users of the last seconds, the busiest first; on the owner's thread only. */
    public List<PipeUser> users(long now) {
        PipeQueue there = queue;
        return there == null ? List.of() : there.users(now);
    }

    @Override
    public String toString() {
        return definition.name();
    }
}
