package io.portcullis.core.neighbour;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;

/**
 * One line of the {@code arp} listing.
 *
 * @param address the neighbour
 * @param mac its link address; zero while it is asked for
 * @param state what is known of it
 * @param seconds since the state was last confirmed, or since it is asked for
 */
public record Neighbour(IpAddress address, MacAddress mac, State state, long seconds) {
    /** RFC 4861 section 7.3.2, with DELAY as the first second of PROBE. */
    public enum State {
        /** Asked for; packets wait. */
        INCOMPLETE,
        /** Answered lately. */
        REACHABLE,
        /** Answered long ago, or claimed without being asked: good until the next packet makes us ask. */
        STALE,
        /** Asked again while traffic goes on. */
        PROBE,
        /** Said by the operator. */
        STATIC
    }
}
