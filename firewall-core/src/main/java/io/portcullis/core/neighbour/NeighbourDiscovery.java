package io.portcullis.core.neighbour;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.slaac.RouterInbox;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Neighbour solicitation and advertisement on one interface (RFC 4861 sections 7.1 and 7.2). */
final class NeighbourDiscovery {
    private static final long MULTICAST = 0xff02L << 48;
    private static final long SOLICITED_NODE = 0x1_ff00_0000L;
    private static final long ALL_NODES = 1;
    private static final long ALL_ROUTERS = 2;
    private static final int MESSAGE = Icmpv6.NEIGHBOUR + Icmpv6.LINK_OPTION;
    /** A packet that has passed a router has less (RFC 4861 section 11.2). */
    private static final int HOP_LIMIT = 255;

    private final Neighbours neighbours;
    private final Link link;

    NeighbourDiscovery(Neighbours neighbours, Link link) {
        this.neighbours = neighbours;
        this.link = link;
    }

    static boolean isV6(long high, long low) {
        return high != 0 || low >>> 32 != 0xffffL;
    }

    DropReason received(Packet packet, long station, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        if (Ipv6.hopLimit(b, packet.networkAt()) != HOP_LIMIT || Icmpv6.code(b, at) != 0 || packet.isFragment()) {
            return DropReason.BAD_NEIGHBOUR_MESSAGE;
        }
        if (Headers.verifyTransport(packet) != DropReason.NONE) {
            return DropReason.BAD_CHECKSUM;
        }
        return switch (Icmpv6.type(b, at)) {
            case Icmpv6.NEIGHBOUR_SOLICITATION -> solicited(packet, station, worker, now);
            case Icmpv6.NEIGHBOUR_ADVERTISEMENT -> advertised(packet, station, worker, now);
            case Icmpv6.ROUTER_ADVERTISEMENT -> routerSaid(packet);
            default -> DropReason.NONE;
        };
    }

    private DropReason routerSaid(Packet packet) {
        RouterInbox inbox = neighbours.routers();
        return inbox == null || neighbours.isOverhearing() ? DropReason.NONE : inbox.take(packet);
    }

    private DropReason solicited(Packet packet, long station, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        IpAddress target = new IpAddress(Icmpv6.targetHigh(b, at), Icmpv6.targetLow(b, at));
        IpAddress source = new IpAddress(packet.sourceHigh(), packet.sourceLow());
        boolean toGroup = packet.destinationHigh() >>> 56 == 0xff;
        long option = Icmpv6.linkAddress(b, at, packet.payloadEnd(), Icmpv6.OPTION_SOURCE_LINK);
        if (target.isMulticast() || (source.isUnspecified() && (option != -1 || !toGroup))) {
            return DropReason.BAD_NEIGHBOUR_MESSAGE;
        }
        LinkEntries.Publication published = neighbours.publication(target);
        if (published == null && !neighbours.addresses().isOwn(target.high(), target.low())) {
            return DropReason.NONE;
        }
        if (source.isUnspecified()) {
            neighbours.rival(target, now);
            // Duplicate address detection (RFC 4862 section 5.4.3): everybody hears that the address is taken.
            advertise(target, published, MULTICAST, ALL_NODES, Ethernet.multicastV6(ALL_NODES), false, worker);
            return DropReason.NONE;
        }
        long mac = option == -1 ? station : option;
        DropReason why = neighbours.heard(source, mac, target, false, true, worker, now);
        if (why == DropReason.NONE) {
            advertise(target, published, source.high(), source.low(), mac, true, worker);
        }
        return why;
    }

    private DropReason advertised(Packet packet, long station, PacketWorker worker, long now) {
        MemorySegment b = packet.buffer();
        int at = packet.transportAt();
        IpAddress target = new IpAddress(Icmpv6.targetHigh(b, at), Icmpv6.targetLow(b, at));
        int flags = Icmpv6.neighbourFlags(b, at);
        boolean toGroup = packet.destinationHigh() >>> 56 == 0xff;
        boolean solicited = (flags & Icmpv6.SOLICITED) != 0;
        if (target.isMulticast() || (toGroup && solicited)) {
            return DropReason.BAD_NEIGHBOUR_MESSAGE;
        }
        long option = Icmpv6.linkAddress(b, at, packet.payloadEnd(), Icmpv6.OPTION_TARGET_LINK);
        long mac = option == -1 ? station : option;
        long known = neighbours.known(target);
        if (known != -1 && known != mac && (flags & Icmpv6.OVERRIDE) == 0) {
            return DropReason.NONE;
        }
        IpAddress own = neighbours.addresses().own(6);
        boolean answer = solicited && neighbours.isAsked(target);
        return neighbours.heard(target, mac, own == null ? IpAddress.ANY_V6 : own, answer, false, worker, now);
    }

    /** Asks for an address: its solicited-node group, or the station that had it. */
    void solicit(long high, long low, long mac, PacketWorker worker) {
        IpAddress own = neighbours.addresses().own(6);
        if (own == null) {
            return;
        }
        IpAddress source = high >>> 48 == 0xfe80L ? neighbours.addresses().linkLocal() : own;
        boolean toAll = mac == Solicitation.ALL;
        long groupLow = SOLICITED_NODE | (low & 0xff_ffffL);
        long mine = neighbours.addresses().mac().bits();
        send(
                Icmpv6.NEIGHBOUR_SOLICITATION,
                0,
                new IpAddress(high, low),
                mine,
                source,
                toAll ? MULTICAST : high,
                toAll ? groupLow : low,
                toAll ? Ethernet.multicastV6(groupLow) : mac,
                mine,
                worker);
    }

    /** Asks who has an address, as somebody who has none yet (RFC 4862 section 5.4.2). */
    void probe(IpAddress address, PacketWorker worker) {
        long group = SOLICITED_NODE | (address.low() & 0xff_ffffL);
        Packet packet = worker.pool().take();
        if (packet != null) {
            int at = packet.append(Ipv6.HEADER + Icmpv6.NEIGHBOUR);
            MemorySegment b = packet.buffer();
            Icmpv6.writeNeighbour(b, at + Ipv6.HEADER, Icmpv6.NEIGHBOUR_SOLICITATION, 0, address.high(), address.low());
            multicast(packet, at, IpAddress.ANY_V6, group, worker);
        }
    }

    /** Asks all routers to advertise; they may answer by the link address that it says. */
    void solicitRouters(PacketWorker worker) {
        Packet packet = worker.pool().take();
        if (packet != null) {
            int at = packet.append(Ipv6.HEADER + Icmpv6.HEADER + Icmpv6.LINK_OPTION);
            MemorySegment b = packet.buffer();
            int message = at + Ipv6.HEADER;
            Icmpv6.write(b, message, Icmpv6.ROUTER_SOLICITATION, 0, 0);
            long mine = neighbours.addresses().mac().bits();
            Icmpv6.writeLinkOption(b, message + Icmpv6.HEADER, Icmpv6.OPTION_SOURCE_LINK, mine);
            multicast(packet, at, neighbours.addresses().linkLocal(), ALL_ROUTERS, worker);
        }
    }

    /** Completes a message and sends it to a group of the link. */
    private void multicast(Packet packet, int at, IpAddress source, long group, PacketWorker worker) {
        MemorySegment b = packet.buffer();
        int length = packet.end() - at - Ipv6.HEADER;
        Ipv6.write(b, at, 0, 0, length, IpProtocol.ICMPV6, HOP_LIMIT, source.high(), source.low(), MULTICAST, group);
        long pseudo = Ipv6.pseudoHeader(b, at, IpProtocol.ICMPV6, length);
        Icmpv6.computeChecksum(b, at + Ipv6.HEADER, packet.end(), pseudo);
        long mine = neighbours.addresses().mac().bits();
        link.transmit(packet, Ethernet.multicastV6(group), mine, EtherType.IPV6, worker);
    }

    /** Says that an own address is here (RFC 4861 section 7.2.6). */
    void announce(IpAddress address, PacketWorker worker) {
        advertise(address, null, MULTICAST, ALL_NODES, Ethernet.multicastV6(ALL_NODES), false, worker);
    }

    private void advertise(
            IpAddress target,
            LinkEntries.@Nullable Publication published,
            long toHigh,
            long toLow,
            long station,
            boolean solicited,
            PacketWorker worker) {
        if (neighbours.isOverhearing()) {
            return;
        }
        long mine = neighbours.addresses().mac().bits();
        int flags = Icmpv6.ROUTER | (solicited ? Icmpv6.SOLICITED : 0);
        if (published == null) {
            flags |= Icmpv6.OVERRIDE;
            send(Icmpv6.NEIGHBOUR_ADVERTISEMENT, flags, target, mine, target, toHigh, toLow, station, mine, worker);
            return;
        }
        // Who answers for a host speaks as himself, and the host goes before him (RFC 4861 section 7.2.8).
        long named = published.station().map(MacAddress::bits).orElse(mine);
        long from = published.inFrames() ? named : mine;
        IpAddress self = neighbours.addresses().linkLocal();
        send(Icmpv6.NEIGHBOUR_ADVERTISEMENT, flags, target, named, self, toHigh, toLow, station, from, worker);
    }

    private void send(
            int type,
            int flags,
            IpAddress target,
            long option,
            IpAddress source,
            long toHigh,
            long toLow,
            long station,
            long from,
            PacketWorker worker) {
        @Nullable Packet packet = worker.pool().take();
        if (packet == null) {
            return;
        }
        int at = packet.append(Ipv6.HEADER + MESSAGE);
        MemorySegment b = packet.buffer();
        Ipv6.write(b, at, 0, 0, MESSAGE, IpProtocol.ICMPV6, HOP_LIMIT, source.high(), source.low(), toHigh, toLow);
        int message = at + Ipv6.HEADER;
        Icmpv6.writeNeighbour(b, message, type, flags, target.high(), target.low());
        boolean asks = type == Icmpv6.NEIGHBOUR_SOLICITATION;
        int kind = asks ? Icmpv6.OPTION_SOURCE_LINK : Icmpv6.OPTION_TARGET_LINK;
        Icmpv6.writeLinkOption(b, message + Icmpv6.NEIGHBOUR, kind, option);
        long pseudo = Ipv6.pseudoHeader(b, at, IpProtocol.ICMPV6, MESSAGE);
        Icmpv6.computeChecksum(b, message, message + MESSAGE, pseudo);
        link.transmit(packet, station, from, EtherType.IPV6, worker);
    }
}
