package io.portcullis.core.port;

/**
 * What a port can take from us.
 *
 * @param linkLayer frames carry an Ethernet header, else they begin with the IP header
 * @param partialChecksum fills in transport checksums
 * @param segmentation cuts TCP super-packets
 * @param reason which I/O method was taken and why, for {@code ifstat -verbose}
 */
public record PortCapabilities(boolean linkLayer, boolean partialChecksum, boolean segmentation, String reason) {}
