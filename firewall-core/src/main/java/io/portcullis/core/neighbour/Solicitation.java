package io.portcullis.core.neighbour;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.Packet;

/** What the table asks of its interface. */
interface Solicitation {
    /** Everybody on the link, or the solicited-node group. */
    long ALL = -1;

    /** Asks who has this address: everybody, or the one station that had it last. */
    void ask(long high, long low, long mac, PacketWorker worker);

    /** Sends what waited, now that the station is known. Takes the packet over. */
    void release(Packet packet, long mac, PacketWorker worker);
}
