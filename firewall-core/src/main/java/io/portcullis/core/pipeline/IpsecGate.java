package io.portcullis.core.pipeline;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;

/**
 * Where IKE and ESP for an own address leave the pipeline. The IPsec subsystem implements it; what it decrypts comes
 * back through {@link PacketWorker#decapsulated}. Called on the worker's thread, with headers parsed and whole
 * datagrams only; the IP header's destination is known to be an own address, and the access rules have passed it.
 */
public interface IpsecGate {
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
     * Whether the packet is the gate's: protocol 50, UDP to port 500 or 4500, or an ICMP error that quotes such a packet
     * of ours (path MTU). Reads headers only and changes nothing; cheap, asked for each packet to an own address.
     */
    boolean claims(Packet packet);

    /**
     * Takes a claimed packet. With NONE the packet is taken over (decrypted, queued for IKE, given back to the pool);
     * with a reason it is still the caller's, who counts the reason.
     *
     * @param now monotonic nanoseconds
     */
    DropReason take(Packet packet, PacketWorker worker, long now);
}
