package io.portcullis.core.iface;

import io.portcullis.core.dhcp.DhcpInbox;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.neighbour.LinkAddresses;
import io.portcullis.core.neighbour.LinkEntries;
import io.portcullis.core.neighbour.Neighbours;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Segmenter;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortStatistics;
import io.portcullis.core.slaac.RouterInbox;
import io.portcullis.core.trace.Trail;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An Ethernet device, or a VLAN on one: asks neighbours for their stations, frames, and collects a burst for the port.
 * Super-packets leave as they are when the port cuts them itself. Each worker that has a port of the device has its own
 * neighbours and burst; the others hand their packets to one that has.
 */
public final class EthernetInterface implements NetworkInterface {
    private final String name;
    private final int index;
    private final VlanTagging tagging;
    private final int mtu;
    private volatile LinkAddresses addresses;
    private final List<EthernetLink> links;
    private final Port port;
    private final @Nullable EthernetLane[] lanes;
    private final InterfaceCounters counters = new InterfaceCounters();
    private volatile long broadcast;
    private final long station;
    private volatile @Nullable DhcpInbox dhcp;

    /** As below, on the link of the only worker. */
    public EthernetInterface(
            String name,
            int index,
            EthernetLink link,
            VlanTagging tagging,
            int mtu,
            LinkAddresses addresses,
            EventSink events) {
        this(name, index, List.of(link), tagging, mtu, addresses, events);
    }

    /**
     * @param links of the workers that have a port of the device, one at least; {@link EthernetLink#attach} puts the
     *     interface on each
     * @param tagging of its frames
     * @param mtu longest IP packet, octets; less while the device itself, or beside the tags, takes less
     */
    public EthernetInterface(
            String name,
            int index,
            List<EthernetLink> links,
            VlanTagging tagging,
            int mtu,
            LinkAddresses addresses,
            EventSink events) {
        this.name = name;
        this.index = index;
        this.tagging = tagging;
        this.mtu = mtu;
        this.addresses = addresses;
        this.links = List.copyOf(links);
        this.port = links.getFirst().port();
        this.broadcast = broadcastOf(addresses);
        this.station = addresses.mac().bits();
        lanes = new @Nullable
                EthernetLane
                [1 + links.stream().mapToInt(EthernetLink::worker).max().orElseThrow()];
        for (EthernetLink link : links) {
            lanes[link.worker()] = new EthernetLane(this, link.port(), addresses, events);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int mtu() {
        return Math.min(mtu, port.mtu() - tagging.mtuCost());
    }

    /** Longest IP packet that it was made for, octets; {@link #mtu} is less while its device takes less. */
    public int wantedMtu() {
        return mtu;
    }

    @Override
    public InterfaceCounters counters() {
        return counters;
    }

    @Override
    public @Nullable IpAddress ownAddress(int ipVersion) {
        return addresses.own(ipVersion);
    }

    @Override
    public boolean isBroadcast(long high, long low) {
        return high == 0 && low == broadcast && broadcast != 0;
    }

    /** The tags of its frames. */
    public VlanTagging tagging() {
        return tagging;
    }

    /** The port of the first worker that has one. */
    public Port port() {
        return port;
    }

    /** Its links, one of each worker that has a port of the device. */
    public List<EthernetLink> links() {
        return links;
    }

    public LinkAddresses addresses() {
        return addresses;
    }

    /** Own link address, 48 bits: it never changes. */
    long station() {
        return station;
    }

    /** Gives it other addresses; connections and neighbours stay. To be called on each worker. */
    public void addresses(LinkAddresses newAddresses, PacketWorker worker) {
        addresses = newAddresses;
        broadcast = broadcastOf(newAddresses);
        Neighbours mine = neighbours(worker.index());
        if (mine != null) {
            mine.addresses(newAddresses);
        }
    }

    /** The neighbours that the first worker with a port knows of, for that worker. */
    public Neighbours neighbours() {
        return Objects.requireNonNull(neighbours(links.getFirst().worker()));
    }

    /** The neighbours that a worker knows of, for that worker; null when it has no port of the device. */
    public @Nullable Neighbours neighbours(int worker) {
        EthernetLane lane = lane(worker);
        return lane == null ? null : lane.neighbours();
    }

    /** Whether several workers have a port, and what one hears of neighbours is news for others. */
    public boolean isShared() {
        return links.size() > 1;
    }

    /**
     * Forgets where this worker's neighbours are, and says once where the interface is itself, as after the device came
     * back. To be called on each worker; one without a port has nothing to do.
     */
    public void relearn(PacketWorker worker) {
        Neighbours mine = neighbours(worker.index());
        if (mine != null) {
            mine.flush(worker);
            announce(worker);
        }
    }

    /** Takes over what the operator says about the link. To be called on each worker. */
    public void entries(LinkEntries entries, PacketWorker worker, long now) {
        Neighbours mine = neighbours(worker.index());
        if (mine != null) {
            mine.entries(entries, worker, now);
        }
    }

    /** Says once on the link where the own addresses are. To be called on each worker; only one says it. */
    public void announce(PacketWorker worker) {
        if (links.getFirst().worker() == worker.index()) {
            neighbours().announce(worker);
        }
    }

    /** Has the interface leave to a client what DHCP servers say to it; null ends that. Any thread. */
    public void dhcp(@Nullable DhcpInbox inbox) {
        dhcp = inbox;
    }

    /** Has the interface leave to somebody what routers advertise on its link; null ends that. Any thread. */
    public void routers(@Nullable RouterInbox inbox) {
        for (EthernetLane lane : lanes) {
            if (lane != null) {
                lane.neighbours().routers(inbox);
            }
        }
    }

    /** Where a parsed packet goes that a DHCP server sends to the client here; null when it is nothing of that kind. */
    public @Nullable DhcpInbox clientFor(Packet packet) {
        DhcpInbox inbox = dhcp;
        if (inbox == null) {
            return null;
        }
        IpAddress own = ownAddress(4);
        return inbox.claims(packet, own == null ? 0 : own.low()) ? inbox : null;
    }

    /**
     * Sends an IPv4 packet of the firewall's own, which begins at its start, to a station whatever the routing tables
     * say: before there is an address to be routed by. On a worker that has a port. Takes the packet over.
     */
    public void transmit(Packet packet, long station, PacketWorker worker) {
        Objects.requireNonNull(lane(worker.index())).transmit(packet, station, EtherType.IPV4, worker);
    }

    /** What came to the device and was lost, by all its ports; any thread. */
    public PortStatistics statistics() {
        PortStatistics sum = PortStatistics.NONE;
        for (EthernetLink link : links) {
            sum = sum.plus(link.port().statistics());
        }
        return sum;
    }

    void up(int worker, boolean isUp) {
        EthernetLane lane = lane(worker);
        if (lane != null) {
            lane.up(isUp);
        }
    }

    private @Nullable EthernetLane lane(int worker) {
        return worker < lanes.length ? lanes[worker] : null;
    }

    @Override
    public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        EthernetLane lane = lane(worker.index());
        if (lane == null) {
            worker.sendBy(sender(worker.index()), packet, this, gateway);
            return DropReason.NONE;
        }
        packet.bounds(packet.networkAt(), packet.payloadEnd());
        packet.etherType(packet.ipVersion() == 4 ? EtherType.IPV4 : EtherType.IPV6);
        long high = gateway == null ? packet.destinationHigh() : gateway.high();
        long low = gateway == null ? packet.destinationLow() : gateway.low();
        long station = group(packet, high, low);
        DropReason why = check(packet, lane, station);
        if (why != DropReason.NONE) {
            return why;
        }
        if (station == 0) {
            station = lane.neighbours().resolve(packet, high, low, worker, now);
        }
        if (station == Neighbours.FULL) {
            return DropReason.NEIGHBOUR_QUEUE_FULL;
        }
        if (station != Neighbours.WAITING) {
            lane.transmit(packet, station, packet.etherType(), worker);
        }
        return DropReason.NONE;
    }

    private DropReason check(Packet packet, EthernetLane lane, long group) {
        if (!lane.isUp()) {
            return DropReason.INTERFACE_DOWN;
        }
        if (exceeds(packet, mtu())) {
            return DropReason.TOO_BIG;
        }
        // Only the firewall itself speaks to groups: nobody floods a network through it (RFC 2644).
        return group == 0 || packet.ingress() instanceof CoreInterface
                ? DropReason.NONE
                : DropReason.ILLEGAL_DESTINATION;
    }

    /** One without a port of the device leaves it to one that has, for each worker always the same. */
    @Override
    public int sender(int worker) {
        return lane(worker) == null ? links.get(worker % links.size()).worker() : worker;
    }

    @Override
    public DropReason trace(Packet packet, @Nullable IpAddress gateway, Trail trail, int worker, long now) {
        EthernetLane lane = Objects.requireNonNull(lane(worker));
        IpAddress hop = gateway == null ? new IpAddress(packet.destinationHigh(), packet.destinationLow()) : gateway;
        long group = group(packet, hop.high(), hop.low());
        DropReason why = check(packet, lane, group);
        if (why == DropReason.NONE && group == 0) {
            why = lane.neighbours().trace(hop, trail, now);
        }
        trail.end("forwarded to " + name + (gateway == null ? "" : " by way of " + gateway));
        return why;
    }

    @Override
    public void flush(PacketWorker worker, long now) {
        EthernetLane lane = lane(worker.index());
        if (lane != null) {
            lane.flush(worker, now);
        }
    }

    /** Whether an IP packet, or each segment of a super-packet, is longer than the MTU. */
    public static boolean exceeds(Packet packet, int mtu) {
        int length = packet.payloadEnd() - packet.networkAt();
        return length > mtu && (packet.gso() == Packet.Gso.NONE || Segmenter.segmentLength(packet) > mtu);
    }

    /** The station of a group of hosts; 0 when the address is one host's. */
    private long group(Packet packet, long high, long low) {
        if (packet.ipVersion() == 6) {
            return high >>> 56 == 0xff ? Ethernet.multicastV6(low) : 0;
        }
        int bits = (int) low;
        if (bits >>> 28 == 0xe) {
            return Ethernet.multicastV4(bits);
        }
        return bits == -1 || low == broadcast ? Ethernet.BROADCAST : 0;
    }

    /** Lower half of the IPv4 network's broadcast address; 0, which is no IPv4 address, when there is none. */
    private static long broadcastOf(LinkAddresses addresses) {
        for (LinkAddresses.OnLink own : addresses.addresses()) {
            IpNetwork network = own.network();
            if (network.isV4() && network.prefixLength() < 31) {
                return network.range().last().low();
            }
        }
        return 0;
    }

    @Override
    public String toString() {
        return name;
    }
}
