package io.portcullis.core.pipeline;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.Transposition;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.TableChoice;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the packets of a connection go instead of where they are addressed to (SAT in the reference): all to one host,
 * or each address of a range to its counterpart in another.
 *
 * @param address of the same family as the packets; the first of several
 * @param network which addresses become which; null when all become the one
 * @param port of TCP and UDP; 0 leaves the port as it is
 * @param firstPort the port that becomes {@code port}, those behind it the ones behind that; {@link #ALL_PORTS} when
 *     all become the one
 */
public record Redirection(IpAddress address, @Nullable Transposition network, int port, int firstPort) {
    /** All ports become the one. */
    public static final int ALL_PORTS = -1;

    private static final int MOST_PORT = 0xffff;

    /** All to one host, and to one of its ports unless that is 0. */
    public Redirection(IpAddress address, int port) {
        this(address, null, port, ALL_PORTS);
    }

    /** Upper half of where packets to this address go; no allocation. */
    public long high(long high, long low) {
        return network == null ? address.high() : network.high(high, low);
    }

    /** Lower half of it. */
    public long low(long low) {
        return network == null ? address.low() : network.low(low);
    }

    /** The port of TCP or UDP that packets to this one go to. */
    public int port(int addressed) {
        if (port == 0) {
            return addressed;
        }
        return firstPort == ALL_PORTS ? port : (port + addressed - firstPort) & MOST_PORT;
    }

    /** Whether the other one sends what both are about to the same place. */
    public boolean agrees(Redirection other) {
        if (port != other.port || firstPort != other.firstPort) {
            return false;
        }
        if (network == null || other.network == null) {
            return Objects.equals(network, other.network) && address.equals(other.address);
        }
        return network.agrees(other.network);
    }

    /**
     * The route to where packets that the policy allows go: {@code addressed} unless it redirects them; null for none.
     */
    static @Nullable Route way(
            @Nullable Policy policy, long destinationHigh, long destinationLow, Route addressed, TableChoice routes) {
        Redirection redirection = policy == null ? null : policy.redirection();
        return redirection == null
                ? addressed
                : routes.lookup(redirection.high(destinationHigh, destinationLow), redirection.low(destinationLow));
    }

    @Override
    public String toString() {
        return (network == null ? "" : "network at ")
                + address
                + (port == 0 ? "" : " port " + port)
                + (firstPort == ALL_PORTS ? "" : " and up");
    }
}
