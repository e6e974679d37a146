package io.portcullis.core.iface;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.neighbour.LinkAddresses;
import io.portcullis.core.neighbour.Neighbours;
import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.Segmenter;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortCapabilities;

/**
 * What one worker has of an Ethernet interface: its port, the neighbours that it knows of, and the burst that it
 * collects.
 */
final class EthernetLane {
    private final EthernetInterface iface;
    private final Port port;
    private final Neighbours neighbours;
    private final PacketBurst waiting = new PacketBurst();
    private boolean isUp = true;

    EthernetLane(EthernetInterface iface, Port port, LinkAddresses addresses, EventSink events) {
        this.iface = iface;
        this.port = port;
        neighbours = new Neighbours(iface.name(), addresses, this::transmit, events);
    }

    Port port() {
        return port;
    }

    Neighbours neighbours() {
        return neighbours;
    }

    boolean isUp() {
        return isUp && port.status().state().takesFrames();
    }

    /** Whether it may use its port; one that was given up must not, whoever still holds it. */
    void up(boolean newUp) {
        isUp = newUp;
    }

    void flush(PacketWorker worker, long now) {
        if (waiting.isEmpty()) {
            return;
        }
        port.send(waiting);
        for (int i = 0; i < waiting.size(); i++) {
            Packet packet = waiting.get(i);
            if (!waiting.isRefused(i)) {
                iface.counters().of(worker).sent(packet.length());
                worker.pool().give(packet);
            } else {
                iface.counters().of(worker).dropped(DropReason.PORT_FULL);
                worker.drop(packet, DropReason.PORT_FULL);
            }
        }
        waiting.clear();
    }

    void transmit(Packet packet, long station, int etherType, PacketWorker worker) {
        transmit(packet, station, iface.station(), etherType, worker);
    }

    private void transmit(Packet packet, long station, long source, int etherType, PacketWorker worker) {
        if (!isUp) {
            worker.drop(packet, DropReason.INTERFACE_DOWN);
            return;
        }
        PortCapabilities can = port.capabilities();
        if (packet.gso() != Packet.Gso.NONE
                && (!can.cuts(packet.gso()) || EthernetInterface.exceeds(packet, iface.mtu()))) {
            cut(packet, station, source, worker);
        } else {
            if (!can.partialChecksum()) {
                Checksums.complete(packet);
            }
            frame(packet, station, source, etherType, worker);
        }
    }

    private void frame(Packet packet, long station, long source, int etherType, PacketWorker worker) {
        VlanTagging tagging = iface.tagging();
        int payload = packet.start();
        int at = packet.push(Ethernet.HEADER + tagging.octets());
        tagging.write(packet.buffer(), at, station, source, etherType, payload);
        worker.passes(packet, iface, true);
        if (waiting.isFull()) {
            flush(worker, 0);
        }
        if (waiting.isEmpty()) {
            worker.flushLater(iface);
        }
        waiting.add(packet);
    }

    private void cut(Packet packet, long station, long source, PacketWorker worker) {
        int count = Segmenter.count(packet);
        if (count == 0) {
            worker.drop(packet, DropReason.BAD_LENGTH);
            return;
        }
        for (int i = 0; i < count; i++) {
            Packet segment = worker.pool().take();
            if (segment == null) {
                worker.drop(packet, DropReason.NO_BUFFER);
                return;
            }
            Segmenter.cut(packet, i, segment);
            transmit(segment, station, source, packet.etherType(), worker);
        }
        worker.pool().give(packet);
    }
}
