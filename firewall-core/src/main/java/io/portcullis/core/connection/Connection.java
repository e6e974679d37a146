package io.portcullis.core.connection;

import io.portcullis.core.pipeline.Policy;
import org.jspecify.annotations.Nullable;

/** A conversation between two hosts that a policy allowed. Pooled; belongs to one worker. */
public final class Connection {
    private final Flow original = new Flow(this, true);
    private final Flow reply = new Flow(this, false);
    private int protocol;
    private @Nullable Policy policy;
    private long generation;
    private long openedAt;

    Connection() {}

    /** The direction of the packet that opened it. */
    public Flow original() {
        return original;
    }

    public Flow reply() {
        return reply;
    }

    /** IP protocol number. */
    public int protocol() {
        return protocol;
    }

    /** The policy that allowed it; null for what the firewall itself may do. */
    public @Nullable Policy policy() {
        return policy;
    }

    /** Generation of the configuration under which it was last found allowed. */
    public long generation() {
        return generation;
    }

    /** It is allowed under this generation of the configuration, by this policy. */
    public void confirm(@Nullable Policy newPolicy, long newGeneration) {
        policy = newPolicy;
        generation = newGeneration;
    }

    /** Monotonic nanoseconds. */
    public long openedAt() {
        return openedAt;
    }

    void open(int newProtocol, long now) {
        protocol = newProtocol;
        openedAt = now;
    }
}
