package io.portcullis.core.iface;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.trace.Trail;
import org.jspecify.annotations.Nullable;

/**
 * A logical interface: what routes lead to and policies name. An Ethernet device, {@code core}, a tunnel.
 */
public interface NetworkInterface extends BurstCollector {
    String name();

    /** Small number, unique among the interfaces of a running firewall; kept while the interface lives. */
    int index();

    /** Longest IP packet that it carries, octets. */
    int mtu();

    InterfaceCounters counters();

    /** Own address of the family, 4 or 6: what translated connections leave with; null when there is none. */
    default @Nullable IpAddress ownAddress(int ipVersion) {
        return null;
    }

    /** Whether an address stands for all hosts of a network that the interface is in, so that it is nobody's own. */
    default boolean isBroadcast(long high, long low) {
        return false;
    }

    /** Whether what comes in by it was sent by this firewall, so that an own address is no forged one. */
    default boolean isWithin() {
        return false;
    }

    /**
     * Sends an IP packet whose headers are parsed, translation and TTL done. Called by the worker that owns the packet.
     * With NONE the packet is taken over (sent, queued or waiting); with a reason it is still the caller's, who counts
     * the reason, and may answer TTL_EXPIRED or TOO_BIG with an ICMP error.
     *
     * @param gateway next hop, null when the destination itself is on the link
     * @param worker where a tunnel puts its outer packets in again
     * @param now monotonic nanoseconds
     */
    DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now);

    /** Index of the worker that sends packets of this one by the interface. */
    default int sender(int worker) {
        return worker;
    }

    /**
     * What {@link #send} would do, step by step. Nothing is sent and nothing changes but the packet, which is the
     * caller's own; a tunnel makes its outer packet of it and says so on the trail. On the thread of the worker that
     * {@link #sender} names.
     *
     * @param worker its index
     * @return NONE, or why the packet would die
     */
    default DropReason trace(Packet packet, @Nullable IpAddress gateway, Trail trail, int worker, long now) {
        trail.end("forwarded to " + name());
        return DropReason.NONE;
    }

    /** Whether what is in front of the interface would let the packet arrive; the same way as {@link #trace}. */
    default DropReason traceArrival(Packet packet, Trail trail) {
        return DropReason.NONE;
    }

    /** Pushes out what {@link #send} collected. */
    @Override
    void flush(PacketWorker worker, long now);
}
