package io.portcullis.hostmon;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows at a moment.
 *
 * @param name of what it is about
 * @param failure why that does not work; null when it does, as far as is known
 * @param hosts the gateway if it is asked, then the hosts in the order of the definition
 */
public record SessionView(String name, @Nullable Cause failure, List<Host> hosts) {
    static final long MILLISECOND = 1_000_000L;

    /**
     * One host.
     *
     * @param check what is asked of it
     * @param reachable whether it is known to answer well enough
     * @param lost how many of the latest samples
     * @param latency milliseconds on average of those that were answered
     */
    public record Host(HostCheck check, boolean reachable, int lost, long latency) {}
}
