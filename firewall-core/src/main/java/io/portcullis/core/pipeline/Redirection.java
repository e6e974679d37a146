package io.portcullis.core.pipeline;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.TableChoice;
import org.jspecify.annotations.Nullable;

/**
 * Where the packets of a connection go instead of where they are addressed to (SAT in the reference).
 *
 * @param address of the same family as the packets
 * @param port of TCP and UDP; 0 leaves the port as it is
 */
public record Redirection(IpAddress address, int port) {
    /** The route to where packets that the policy allows go: {@code addressed} unless it redirects them; null for none. */
    static @Nullable Route way(@Nullable Policy policy, Route addressed, TableChoice routes) {
        Redirection redirection = policy == null ? null : policy.redirection();
        return redirection == null ? addressed : routes.lookup(redirection.address());
    }

    @Override
    public String toString() {
        return port == 0 ? address.toString() : address + " port " + port;
    }
}
