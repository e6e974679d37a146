package io.portcullis.core.iface;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.neighbour.LinkAddresses;
import io.portcullis.core.neighbour.Neighbours;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.Segmenter;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortCapabilities;
import org.jspecify.annotations.Nullable;

/**
 * An Ethernet device, or a VLAN on one: asks neighbours for their stations, frames, and collects a burst for the port.
 * Super-packets leave as they are when the port cuts them itself. Owned by the port's worker.
 */
public final class EthernetInterface implements NetworkInterface {
    private final String name;
    private final int index;
    private final Port port;
    private final int vlan;
    private final int mtu;
    private final LinkAddresses addresses;
    private final Neighbours neighbours;
    private final InterfaceCounters counters = new InterfaceCounters();
    private final PacketBurst waiting = new PacketBurst();
    private final long broadcast;
    private boolean isUp = true;

    /**
     * @param link the port's link; {@link EthernetLink#attach} puts the interface on it
     * @param vlan tag of its frames, 0 for untagged ones
     * @param mtu longest IP packet, octets; less while the device itself takes less
     */
    public EthernetInterface(
            String name, int index, EthernetLink link, int vlan, int mtu, LinkAddresses addresses, EventSink events) {
        this.name = name;
        this.index = index;
        this.port = link.port();
        this.vlan = vlan;
        this.mtu = mtu;
        this.addresses = addresses;
        this.neighbours = new Neighbours(name, addresses, this::transmit, events);
        this.broadcast = broadcastOf(addresses);
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
        return Math.min(mtu, port.mtu());
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

    /** Tag of its frames, 0 for untagged ones. */
    public int vlan() {
        return vlan;
    }

    public Port port() {
        return port;
    }

    public LinkAddresses addresses() {
        return addresses;
    }

    public Neighbours neighbours() {
        return neighbours;
    }

    /** Forgets where neighbours are and says where it is itself, as after the device came back. */
    public void relearn(PacketWorker worker) {
        neighbours.flush(worker);
        neighbours.announce(worker);
    }

    /** Whether it may use its port; one that was given up must not, whoever still holds it. */
    void up(boolean newUp) {
        isUp = newUp;
    }

    @Override
    public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        packet.bounds(packet.networkAt(), packet.payloadEnd());
        packet.etherType(packet.ipVersion() == 4 ? EtherType.IPV4 : EtherType.IPV6);
        if (!isUp || !port.status().state().takesFrames()) {
            return DropReason.INTERFACE_DOWN;
        }
        if (exceeds(packet, mtu())) {
            return DropReason.TOO_BIG;
        }
        long high = gateway == null ? packet.destinationHigh() : gateway.high();
        long low = gateway == null ? packet.destinationLow() : gateway.low();
        long station = group(packet, high, low);
        if (station == 0) {
            station = neighbours.resolve(packet, high, low, worker, now);
        } else if (!(packet.ingress() instanceof CoreInterface)) {
            // Only the firewall itself speaks to groups: nobody floods a network through it (RFC 2644).
            return DropReason.ILLEGAL_DESTINATION;
        }
        if (station == Neighbours.FULL) {
            return DropReason.NEIGHBOUR_QUEUE_FULL;
        }
        if (station != Neighbours.WAITING) {
            transmit(packet, station, packet.etherType(), worker);
        }
        return DropReason.NONE;
    }

    @Override
    public void flush(PacketWorker worker, long now) {
        if (waiting.isEmpty()) {
            return;
        }
        port.send(waiting);
        for (int i = 0; i < waiting.size(); i++) {
            Packet packet = waiting.get(i);
            if (!waiting.isRefused(i)) {
                counters.of(worker).sent(packet.length());
                worker.pool().give(packet);
            } else {
                counters.of(worker).dropped(DropReason.PORT_FULL);
                worker.drop(packet, DropReason.PORT_FULL);
            }
        }
        waiting.clear();
    }

    /** Whether an IP packet, or each segment of a super-packet, is longer than the MTU. */
    public static boolean exceeds(Packet packet, int mtu) {
        int length = packet.payloadEnd() - packet.networkAt();
        return length > mtu && (packet.gso() == Packet.Gso.NONE || Segmenter.segmentLength(packet) > mtu);
    }

    private void transmit(Packet packet, long station, int etherType, PacketWorker worker) {
        if (!isUp) {
            worker.drop(packet, DropReason.INTERFACE_DOWN);
            return;
        }
        PortCapabilities can = port.capabilities();
        if (packet.gso() != Packet.Gso.NONE && (!can.cuts(packet.gso()) || exceeds(packet, mtu()))) {
            cut(packet, station, worker);
        } else {
            if (!can.partialChecksum()) {
                Checksums.complete(packet);
            }
            frame(packet, station, etherType, worker);
        }
    }

    private void frame(Packet packet, long station, int etherType, PacketWorker worker) {
        long own = addresses.mac().bits();
        if (vlan == 0) {
            Ethernet.write(packet.buffer(), packet.push(Ethernet.HEADER), station, own, etherType);
        } else {
            int at = packet.push(Ethernet.HEADER + Ethernet.TAG);
            Ethernet.write(packet.buffer(), at, station, own, 0, vlan, etherType);
        }
        if (waiting.isFull()) {
            flush(worker, 0);
        }
        if (waiting.isEmpty()) {
            worker.flushLater(this);
        }
        waiting.add(packet);
    }

    private void cut(Packet packet, long station, PacketWorker worker) {
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
            transmit(segment, station, packet.etherType(), worker);
        }
        worker.pool().give(packet);
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
