package io.portcullis.core.iface;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import org.jspecify.annotations.Nullable;

/** What interfaces may ask of the worker that runs them. All calls on that worker's thread. */
public interface PacketWorker {
    /** Its number among the workers, from 0; a worker that is alone is number 0. */
    default int index() {
        return 0;
    }

    /** Buffers; take and give back. */
    PacketPool pool();

    /**
     * An IP packet of the firewall's own (an outer ESP packet, an IKE message, an ICMP error): start() is at the IP
     * header, nothing parsed yet. Enters at connection look-up with {@code core} as ingress. Takes the packet over.
     */
    void originate(Packet packet, long now);

    /**
     * What a tunnel decrypted: start() is at the inner IP header. Enters at the header checks with the tunnel as
     * ingress. Takes the packet over.
     */
    void decapsulated(Packet packet, NetworkInterface tunnel, long now);

    /** Counts the reason and gives the packet back. */
    void drop(Packet packet, DropReason reason);

    /** Counts a packet that died without a buffer of its own: one of those that came merged in {@code ingress}'s. */
    void lost(@Nullable NetworkInterface ingress, DropReason reason);

    /** Asks for {@link BurstCollector#flush} at the end of this burst; asking twice is asking once. */
    void flushLater(BurstCollector collector);
}
