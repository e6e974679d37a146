package io.portcullis.core.port;

import io.portcullis.core.packet.Packet;

/**
 * What a port can take from us.
 *
 * @param linkLayer frames carry an Ethernet header, else they begin with the IP header
 * @param partialChecksum fills in transport checksums
 * @param segmentation cuts TCP super-packets
 * @param udpSegmentation cuts UDP super-packets
 * @param reason which I/O method was taken and why, for {@code ifstat -verbose}
 */
public record PortCapabilities(
        boolean linkLayer, boolean partialChecksum, boolean segmentation, boolean udpSegmentation, String reason) {
    /** Whether a super-packet of this kind can be sent as it is. */
    public boolean cuts(Packet.Gso gso) {
        return switch (gso) {
            case NONE -> true;
            case TCP_V4, TCP_V6 -> segmentation;
            case UDP -> udpSegmentation;
        };
    }
}
