package io.portcullis.core.slaac;

import io.portcullis.core.net.IpAddress;

/** The link as somebody sees it who has no address yet. Nothing here blocks. */
interface SlaacLink {
    /** Own link-local address, of which the lower half makes others. */
    IpAddress linkLocal();

    /** Whether there is anybody to hear. */
    boolean isUp();

    /** Asks all routers to say what they have to say (RFC 4861 section 6.3.7). */
    void solicit();

    /** Asks once whether anybody has this address (RFC 4862 section 5.4); {@code whenTaken} runs on another thread. */
    void probe(IpAddress address, Runnable whenTaken);

    /** Hears nothing any more. */
    void close();
}
