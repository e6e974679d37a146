package io.portcullis.core.dhcp;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;

/** The link as a client sees it. Nothing here blocks. */
interface DhcpLink {
    /** Own link address. */
    MacAddress station();

    /** Whether there is anybody to hear. */
    boolean isUp();

    /** Hears from now on what is said to this transaction. */
    void listen(int transaction);

    /**
     * Sends a message.
     *
     * @param source own address, 0.0.0.0 while there is none
     * @param station link address of who is to hear it, 48 bits
     */
    void send(byte[] message, IpAddress source, IpAddress destination, long station);

    /**
     * Asks once whether anybody has this address (RFC 5227 section 2.1.1); {@code whenTaken} runs on another thread.
     */
    void probe(IpAddress address, Runnable whenTaken);

    /** Hears nothing any more. */
    void close();
}
