package io.portcullis.core.pipeline;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.trace.Trail;

/**
 * Where IKE and ESP for an own address leave the pipeline. The IPsec subsystem implements it; what it decrypts comes
 * back through {@link PacketWorker#decapsulated}. Called on the worker's thread, with headers parsed and whole
 * datagrams only; the IP header's destination is known to be an own address, and the access rules have passed it.
 */
public interface IpsecGate {
    /** No certain worker. */
    int BY_FLOW = -1;
    /** More than one worker. */
    int SEVERAL = -2;

    /** Takes nothing: a firewall without IPsec. */
    IpsecGate CLOSED = new IpsecGate() {
        @Override
        public boolean claims(Packet packet) {
            return false;
        }

        @Override
        public DropReason take(Packet packet, PacketWorker worker, long now) {
            return DropReason.NO_SERVICE;
        }
    };

    /**
     * Whether the packet is the gate's: protocol 50, UDP to port 500 or 4500, or an ICMP error that quotes such a
     * packet of ours (path MTU). Reads headers only and changes nothing; cheap, asked for each packet to an own
     * address.
     */
    boolean claims(Packet packet);

    /**
     * The worker that must take a claimed packet, for ESP is its SA's; {@link #BY_FLOW} when the one that owns the flow
     * does, {@link #SEVERAL} when packets for different workers are merged in it. Asked only where there are several.
     */
    default int worker(Packet packet) {
        return BY_FLOW;
    }

    /** Hears a claimed packet that another worker takes. It stays the caller's. */
    default void overhear(Packet packet, PacketWorker worker, long now) {}

    /**
     * Takes a claimed packet. With NONE the packet is taken over (decrypted, queued for IKE, given back to the pool);
     * with a reason it is still the caller's, who counts the reason.
     *
     * @param now monotonic nanoseconds
     */
    DropReason take(Packet packet, PacketWorker worker, long now);

    /**
     * What {@link #take} would do with a claimed packet; nothing changes. On the worker that takes it.
     *
     * @param worker its index
     * @return NONE, or why the packet would die
     */
    default DropReason trace(Packet packet, Trail trail, int worker) {
        trail.end("taken by IPsec");
        return DropReason.NONE;
    }
}
