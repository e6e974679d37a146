package io.portcullis.core.neighbour;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Arp;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Packet;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** ARP on one interface (RFC 826), with the probes and announcements of RFC 5227. */
final class ArpProtocol {
    private final Neighbours neighbours;
    private final Link link;

    ArpProtocol(Neighbours neighbours, Link link) {
        this.neighbours = neighbours;
        this.link = link;
    }

    DropReason received(Packet packet, long station, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.start();
        DropReason why = Arp.check(b, at, packet.end());
        if (why != DropReason.NONE) {
            return why;
        }
        int operation = Arp.operation(b, at);
        long mac = Arp.senderMac(b, at);
        if (mac != station || (operation != Arp.REQUEST && operation != Arp.REPLY)) {
            return DropReason.BAD_NEIGHBOUR_MESSAGE;
        }
        IpAddress sender = IpAddress.v4(Arp.senderIp(b, at));
        IpAddress target = IpAddress.v4(Arp.targetIp(b, at));
        LinkEntries.Publication published = neighbours.publication(target);
        boolean forUs = published != null || neighbours.addresses().isOwn(target.high(), target.low());
        // A probe (RFC 5227 section 2.1.1) has no sender's address yet: it is answered, and nothing learned.
        if (!(sender.isUnspecified() && operation == Arp.REQUEST)) {
            boolean answer = operation == Arp.REPLY && neighbours.isAsked(sender);
            boolean create = operation == Arp.REQUEST && forUs;
            why = neighbours.heard(sender, mac, target, answer, create, worker, now);
            if (why != DropReason.NONE) {
                defend(sender, worker);
                return why;
            }
        }
        if (sender.isUnspecified() && mac != own()) {
            neighbours.rival(target, now);
        }
        // Who asks for his own address only says where he is (RFC 5227 section 3).
        if (operation == Arp.REQUEST && forUs && !sender.equals(target) && !neighbours.isOverhearing()) {
            long named = published == null
                    ? own()
                    : published.station().map(MacAddress::bits).orElse(own());
            long from = published != null && published.inFrames() ? named : own();
            send(Arp.REPLY, named, target.v4Bits(), mac, sender.v4Bits(), mac, from, worker);
        }
        return DropReason.NONE;
    }

    /** Asks for an address: everybody, or the station that had it. */
    void request(int target, long mac, PacketWorker worker) {
        IpAddress source = neighbours.addresses().own(4);
        if (source != null) {
            ask(source.v4Bits(), target, mac == Solicitation.ALL ? Ethernet.BROADCAST : mac, worker);
        }
    }

    /** Asks who has an address, as somebody who has none yet (RFC 5227 section 2.1.1). */
    void probe(int target, PacketWorker worker) {
        ask(0, target, Ethernet.BROADCAST, worker);
    }

    /** Says that an own address is here (RFC 5227 section 2.3). */
    void announce(int address, PacketWorker worker) {
        ask(address, address, Ethernet.BROADCAST, worker);
    }

    /** Somebody claims an address: when it is ours, everybody hears that it is (RFC 5227 section 2.4). */
    private void defend(IpAddress claimed, PacketWorker worker) {
        if (neighbours.addresses().isOwn(claimed.high(), claimed.low()) && !neighbours.isOverhearing()) {
            announce(claimed.v4Bits(), worker);
        }
    }

    private void ask(int source, int target, long station, PacketWorker worker) {
        send(Arp.REQUEST, own(), source, 0, target, station, own(), worker);
    }

    private void send(
            int operation,
            long sourceMac,
            int source,
            long targetMac,
            int target,
            long station,
            long from,
            PacketWorker worker) {
        @Nullable Packet packet = worker.pool().take();
        if (packet != null) {
            int at = packet.append(Arp.LENGTH);
            Arp.write(packet.buffer(), at, operation, sourceMac, source, targetMac, target);
            link.transmit(packet, station, from, EtherType.ARP, worker);
        }
    }

    private long own() {
        return neighbours.addresses().mac().bits();
    }
}
