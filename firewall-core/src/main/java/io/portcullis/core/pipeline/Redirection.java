package io.portcullis.core.pipeline;

import io.portcullis.core.net.IpAddress;

/**
 * Where the packets of a connection go instead of where they are addressed to (SAT in the reference).
 *
 * @param address of the same family as the packets
 * @param port of TCP and UDP; 0 leaves the port as it is
 */
public record Redirection(IpAddress address, int port) {
    @Override
    public String toString() {
        return port == 0 ? address.toString() : address + " port " + port;
    }
}
