package io.portcullis.core.pipeline;

import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.neighbour.Neighbours;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Packet;

/**
 * ARP and neighbour discovery, to the neighbours of the interface that heard it. Each worker with a port of the device
 * has its own, so the one that takes a message lets the others hear it.
 */
final class NeighbourInput {
    private NeighbourInput() {}

    /** Takes an ARP frame or a parsed message of neighbour discovery; with NONE the packet is taken over. */
    static DropReason take(Packet message, PacketWorker worker, long now) {
        if (!(message.ingress() instanceof EthernetInterface iface)) {
            return DropReason.BAD_NEIGHBOUR_MESSAGE;
        }
        if (iface.isShared()) {
            worker.tellOthers(message);
        }
        Neighbours mine = iface.neighbours(worker.index());
        if (mine == null) {
            return DropReason.INTERFACE_DOWN;
        }
        return message.etherType() == EtherType.ARP
                ? mine.arp(message, worker, now)
                : mine.discovery(message, worker, now);
    }

    /** Whether a parsed packet, or an ARP frame, is for neighbours. */
    static boolean claims(Packet packet) {
        return packet.etherType() == EtherType.ARP || HeaderChecks.isDiscovery(packet);
    }

    /** Hears a message that another worker has taken. It stays the caller's. */
    static void overhear(Packet message, PacketWorker worker, long now) {
        if (message.ingress() instanceof EthernetInterface iface) {
            Neighbours mine = iface.neighbours(worker.index());
            if (mine != null) {
                mine.overhear(message, worker, now);
            }
        }
    }
}
