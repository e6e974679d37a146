package io.portcullis.core.connection;

import io.portcullis.core.net.IpAddress;

/**
 * The ends of a connection as its packets leave.
 *
 * @param source where they seem to come from
 * @param sourcePort as in {@link io.portcullis.core.packet.Packet#sourcePort}
 * @param destination where they go
 * @param destinationPort as in {@link io.portcullis.core.packet.Packet#destinationPort}
 * @param hides whether the source is another one than that of who opens it
 */
public record NewEnds(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, boolean hides) {}
