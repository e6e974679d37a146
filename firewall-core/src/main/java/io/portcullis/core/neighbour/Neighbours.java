package io.portcullis.core.neighbour;

import io.portcullis.core.event.EventLimit;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.slaac.RouterInbox;
import io.portcullis.core.trace.Trail;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The neighbours of one Ethernet interface: the table, and the two protocols that fill it. Owned by the interface's
 * worker.
 */
public final class Neighbours {
    /** {@link #resolve} has taken the packet; it waits for an answer. */
    public static final long WAITING = NeighbourTable.WAITING;
    /** {@link #resolve} has no room for the packet. */
    public static final long FULL = NeighbourTable.FULL;

    private static final int CAPACITY = 4096;
    private static final int EVENTS_PER_SECOND = 5;

    private final String interfaceName;
    private LinkAddresses addresses;
    private final NeighbourTable table;
    private final ArpProtocol arp;
    private final NeighbourDiscovery discovery;
    private final EventLimit invalidSender;
    private final EventLimit conflict;
    private final EventLimit changed;
    private final NeighbourProbes probes = new NeighbourProbes();
    private volatile @Nullable RouterInbox routers;
    private LinkEntries entries = LinkEntries.NONE;
    private boolean overhearing;

    /** Hears that a neighbour is there, on the worker's thread: must be short and must not block. */
    @FunctionalInterface
    public interface ProbeListener {
        /** @param roundTrip nanoseconds since it was asked */
        void answered(long roundTrip);
    }

    /** @param interfaceName for events */
    public Neighbours(String interfaceName, LinkAddresses addresses, Link link, EventSink events) {
        this.interfaceName = interfaceName;
        this.addresses = addresses;
        this.invalidSender = new EventLimit(NeighbourEvents.INVALID_SENDER, EVENTS_PER_SECOND, events);
        this.conflict = new EventLimit(NeighbourEvents.ADDRESS_CONFLICT, EVENTS_PER_SECOND, events);
        this.changed = new EventLimit(NeighbourEvents.MAC_CHANGED, EVENTS_PER_SECOND, events);
        this.arp = new ArpProtocol(this, link);
        this.discovery = new NeighbourDiscovery(this, link);
        this.table = new NeighbourTable(CAPACITY, new Solicitation() {
            @Override
            public void ask(long high, long low, long mac, PacketWorker worker) {
                if (NeighbourDiscovery.isV6(high, low)) {
                    discovery.solicit(high, low, mac, worker);
                } else {
                    arp.request((int) low, mac, worker);
                }
            }

            @Override
            public void release(Packet packet, long mac, PacketWorker worker) {
                link.transmit(packet, mac, addresses().mac().bits(), packet.etherType(), worker);
            }
        });
    }

    /** The own addresses on the link. */
    LinkAddresses addresses() {
        return addresses;
    }

    /** Takes over other own addresses; neighbours that are known stay so. */
    public void addresses(LinkAddresses newAddresses) {
        addresses = newAddresses;
    }

    /**
     * The station of a neighbour, as 48 bits; or {@link #WAITING} or {@link #FULL}. A packet that waits begins at its
     * IP header and knows its ether type.
     */
    public long resolve(Packet packet, long high, long low, PacketWorker worker, long now) {
        return table.resolve(packet, high, low, worker, now);
    }

    /** What {@link #resolve} would find, told on the trail; nobody is asked. */
    public DropReason trace(IpAddress neighbour, Trail trail, long now) {
        Neighbour known = table.entry(neighbour, now);
        if (known == null || known.state() == Neighbour.State.INCOMPLETE) {
            boolean room = table.wouldHold(neighbour.high(), neighbour.low());
            String asked = known == null ? " is not known" : " is asked for";
            trail.step("Neighbour", neighbour + asked + (room ? ": the packet waits for its link address" : ""));
            return room ? DropReason.NONE : DropReason.NEIGHBOUR_QUEUE_FULL;
        }
        trail.step(
                "Neighbour",
                neighbour + " is " + known.mac() + ", " + known.state() + " for " + known.seconds() + " s");
        return DropReason.NONE;
    }

    /** Takes an ARP message at the packet's start; with NONE the packet is taken over. */
    public DropReason arp(Packet packet, PacketWorker worker, long now) {
        DropReason why = arp.received(packet, packet.linkSource(), worker, now);
        if (why == DropReason.NONE) {
            worker.pool().give(packet);
        }
        return why;
    }

    /**
     * Takes a parsed ICMPv6 message of neighbour discovery; with NONE the packet is taken over. Router solicitations
     * and redirects are ignored, and advertisements too where nobody listens to routers.
     */
    public DropReason discovery(Packet packet, PacketWorker worker, long now) {
        DropReason why = discovery.received(packet, packet.linkSource(), worker, now);
        if (why == DropReason.NONE) {
            worker.pool().give(packet);
        }
        return why;
    }

    /** Learns of a message that another worker has answered. It stays the caller's. */
    public void overhear(Packet packet, PacketWorker worker, long now) {
        overhearing = true;
        try {
            DropReason _ = packet.etherType() == EtherType.ARP
                    ? arp.received(packet, packet.linkSource(), worker, now)
                    : discovery.received(packet, packet.linkSource(), worker, now);
        } finally {
            overhearing = false;
        }
    }

    /** Whether somebody else answers what is heard now, and says what is wrong with it. */
    boolean isOverhearing() {
        return overhearing;
    }

    /** Tells everybody on the link where the own addresses are, after taking them over. */
    public void announce(PacketWorker worker) {
        for (LinkAddresses.OnLink own : addresses.addresses()) {
            IpAddress address = own.address();
            if (address.isV4()) {
                arp.announce(address.v4Bits(), worker);
            } else {
                discovery.announce(address, worker);
            }
        }
    }

    /** Takes over what the operator says about the link. */
    public void entries(LinkEntries newEntries, PacketWorker worker, long now) {
        entries = newEntries;
        table.fix(entries.fixed(), worker, now);
    }

    /** What the operator says about the link. */
    public LinkEntries entries() {
        return entries;
    }

    /** How an address that is none of the interface's is answered for here, or null. */
    LinkEntries.@Nullable Publication publication(IpAddress address) {
        return addresses.isOwn(address.high(), address.low()) ? null : entries.publication(address);
    }

    /**
     * Asks everybody on the link once for a neighbour, whether it is known or not. The latest question of each listener
     * counts.
     */
    public void probe(IpAddress neighbour, ProbeListener listener, PacketWorker worker, long now) {
        if (!probes.add(neighbour, listener, now)) {
            return;
        }
        if (neighbour.isV4()) {
            arp.request(neighbour.v4Bits(), Solicitation.ALL, worker);
        } else {
            discovery.solicit(neighbour.high(), neighbour.low(), Solicitation.ALL, worker);
        }
    }

    /**
     * Asks once whether anybody on the link has an address that is to become an own one (RFC 5227 section 2.1.1, RFC
     * 4862 section 5.4.2). Who asks the same counts as somebody who has it. The latest question of each listener
     * counts.
     */
    public void probeFree(IpAddress address, ProbeListener listener, PacketWorker worker, long now) {
        if (!probes.add(address, listener, now)) {
            return;
        }
        if (address.isV4()) {
            arp.probe(address.v4Bits(), worker);
        } else {
            discovery.probe(address, worker);
        }
    }

    /** Has what routers advertise left there; with null they are not listened to. Any thread. */
    public void routers(@Nullable RouterInbox inbox) {
        routers = inbox;
    }

    /** Who listens to routers here; null for nobody. */
    @Nullable
    RouterInbox routers() {
        return routers;
    }

    /** Asks all routers on the link to advertise (RFC 4861 section 6.3.7). */
    public void solicitRouters(PacketWorker worker) {
        discovery.solicitRouters(worker);
    }

    /** Another station looks whether it may have an address that is looked for here. */
    void rival(IpAddress address, long now) {
        probes.heard(address, now);
    }

    /** Waits for no answer to this listener's question any more. */
    public void endProbe(ProbeListener listener) {
        probes.remove(listener);
    }

    /** Repeats and ages; to be called a few times a second. */
    public void tick(PacketWorker worker, long now) {
        table.tick(worker, now);
        invalidSender.tick(now);
        conflict.tick(now);
        changed.tick(now);
    }

    /** Forgets everybody. */
    public void flush(PacketWorker worker) {
        table.flush(worker);
    }

    /** The neighbours known now, ordered by address. */
    public List<Neighbour> list(long now) {
        return table.list(now).stream()
                .sorted((a, b) -> a.address().compareTo(b.address()))
                .toList();
    }

    /**
     * Judges what a station says about itself, and learns it.
     *
     * @param asked whether it answers a question of ours
     * @param create whether to make an entry when there is none
     * @return NONE, or why the message is forged
     */
    DropReason heard(
            IpAddress sender, long mac, IpAddress target, boolean asked, boolean create, PacketWorker w, long now) {
        if (mac == 0 || (mac >>> 40 & 1) != 0 || mac == addresses.mac().bits()) {
            return DropReason.BAD_NEIGHBOUR_MESSAGE;
        }
        if (addresses.isOwn(sender.high(), sender.low())) {
            if (!overhearing && conflict.admits(now)) {
                conflict.emit("drop", interfaceName, new MacAddress(mac), sender);
            }
            return DropReason.BAD_NEIGHBOUR_MESSAGE;
        }
        // Routes may lead to hosts on this link that are on no network of ours.
        boolean belongs = addresses.isNeighbour(sender) || entries.routed().contains(sender) || isRouters(sender);
        if (!asked && !belongs && !probes.isAsked(sender)) {
            if (!overhearing && invalidSender.admits(now)) {
                invalidSender.emit("drop", "Default_Access_Rule", interfaceName, new MacAddress(mac), sender, target);
            }
            return DropReason.BAD_NEIGHBOUR_MESSAGE;
        }
        long before = table.learn(sender.high(), sender.low(), mac, asked, create, w, now);
        if (before != -1 && before != mac && !overhearing && changed.admits(now)) {
            changed.emit("accept", interfaceName, sender, new MacAddress(before), new MacAddress(mac));
        }
        probes.heard(sender, now);
        return DropReason.NONE;
    }

    /** Whether it can be a router that is listened to, though there is no own IPv6 address yet. */
    private boolean isRouters(IpAddress sender) {
        return routers != null && !sender.isV4() && sender.isLinkLocal();
    }

    boolean isAsked(IpAddress address) {
        return table.isAsked(address.high(), address.low());
    }

    /** The station of a known neighbour, -1 when it is not known. */
    long known(IpAddress address) {
        return table.known(address.high(), address.low());
    }
}
