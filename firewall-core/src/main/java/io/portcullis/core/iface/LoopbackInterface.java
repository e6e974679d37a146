package io.portcullis.core.iface;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.trace.Trail;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of a pair that a wire within the firewall joins: what is sent by it comes in by the other one, and meets access
 * rules, routes and policies again. So routing tables are joined, and rule sets come one after the other. A packet that
 * goes round and round ends at the number of times that it may be encapsulated, or with its TTL.
 */
public final class LoopbackInterface implements NetworkInterface {
    private final String name;
    private final int index;
    private final int mtu;
    private final List<IpAddress> addresses;
    private final InterfaceCounters counters = new InterfaceCounters();
    private volatile @Nullable LoopbackInterface other;

    /** @param addresses own ones, at most one of each family */
    public LoopbackInterface(String name, int index, int mtu, List<IpAddress> addresses) {
        this.name = name;
        this.index = index;
        this.mtu = mtu;
        this.addresses = List.copyOf(addresses);
    }

    /** Makes two of them a pair. */
    public static void join(LoopbackInterface one, LoopbackInterface two) {
        one.other = two;
        two.other = one;
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
        return mtu;
    }

    @Override
    public InterfaceCounters counters() {
        return counters;
    }

    @Override
    public @Nullable IpAddress ownAddress(int ipVersion) {
        for (int i = 0; i < addresses.size(); i++) {
            if (addresses.get(i).isV4() == (ipVersion == 4)) {
                return addresses.get(i);
            }
        }
        return null;
    }

    @Override
    public boolean isWithin() {
        return true;
    }

    @Override
    public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        LoopbackInterface to = other;
        if (to == null) {
            return DropReason.INTERFACE_DOWN;
        }
        if (EthernetInterface.exceeds(packet, mtu)) {
            return DropReason.TOO_BIG;
        }
        packet.bounds(packet.networkAt(), packet.payloadEnd());
        packet.etherType(packet.ipVersion() == 4 ? EtherType.IPV4 : EtherType.IPV6);
        // Whoever made it may have chosen its way up to here.
        packet.handoff(Packet.Handoff.FLOW, null, null);
        packet.link(0, false);
        counters.of(worker).sent(packet.length());
        worker.passes(packet, this, true);
        worker.decapsulated(packet, to, now);
        return DropReason.NONE;
    }

    @Override
    public DropReason trace(Packet packet, @Nullable IpAddress gateway, Trail trail, int worker, long now) {
        LoopbackInterface to = other;
        if (to == null) {
            return DropReason.INTERFACE_DOWN;
        }
        packet.bounds(packet.networkAt(), packet.payloadEnd());
        packet.link(0, false);
        packet.depth(packet.depth() + 1);
        packet.ingress(to);
        trail.step("Loopback", "comes in again by " + to.name());
        trail.enters();
        return DropReason.NONE;
    }

    @Override
    public void flush(PacketWorker worker, long now) {
        // Nothing is collected here.
    }

    @Override
    public String toString() {
        return name;
    }
}
