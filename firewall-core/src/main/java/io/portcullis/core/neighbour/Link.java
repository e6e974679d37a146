package io.portcullis.core.neighbour;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.Packet;

/** How the neighbour protocols speak: the interface, as they see it. */
@FunctionalInterface
public interface Link {
    /**
     * Frames what begins at the packet's start and sends it. Takes the packet over.
     *
     * @param station whom to, 48 bits
     * @param source whom it says to be from, 48 bits
     */
    void transmit(Packet packet, long station, long source, int etherType, PacketWorker worker);
}
