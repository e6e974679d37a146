package io.portcullis.core.iface;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * What interfaces may ask of the worker that runs them. All calls on that worker's thread. A worker that is alone has
 * nobody to hand packets to, and is never asked to.
 */
public interface PacketWorker {
    /** Its number among the workers, from 0; a worker that is alone is number 0. */
    default int index() {
        return 0;
    }

    /** Buffers; take and give back. */
    PacketPool pool();

    /**
     * An IP packet of the firewall's own (an outer ESP packet, an IKE message, an ICMP error): start() is at the IP
     * header, nothing parsed yet. Enters at connection look-up with {@code core} as ingress. Takes the packet over.
     */
    void originate(Packet packet, long now);

    /**
     * As {@link #originate(Packet, long)}, but by this route, whatever the routing tables say: for what finds out
     * whether that very way is good. Dropped when the interface does not run any more.
     */
    default void originate(Packet packet, Route by, long now) {
        throw new IllegalStateException("nothing is routed here");
    }

    /**
     * What a tunnel decrypted, or a loopback interface got from its partner: start() is at the inner IP header. Enters
     * at the header checks with that interface as ingress. Takes the packet over.
     */
    void decapsulated(Packet packet, NetworkInterface tunnel, long now);

    /**
     * Has the worker that owns the flow of a parsed packet go on with it, at connection look-up. Takes the packet over.
     */
    default void handOver(Packet packet, int owner) {
        throw new IllegalStateException("there is no worker " + owner);
    }

    /**
     * Has another worker send a packet by an interface, as {@link NetworkInterface#send} on that worker would. Takes
     * the packet over.
     */
    default void sendBy(int owner, Packet packet, NetworkInterface egress, @Nullable IpAddress gateway) {
        throw new IllegalStateException("there is no worker " + owner);
    }

    /** Lets every other worker hear a packet: they get copies. The packet stays the caller's. */
    default void tellOthers(Packet packet) {}

    /**
     * A packet passes an interface, as it lies from {@link Packet#start} to its end: what a capture wants to see. The
     * packet stays the caller's.
     *
     * @param outbound whether it leaves by the interface
     */
    default void passes(Packet packet, NetworkInterface iface, boolean outbound) {}

    /** Counts the reason and gives the packet back. */
    void drop(Packet packet, DropReason reason);

    /** Counts a packet that died without a buffer of its own: one of those that came merged in {@code ingress}'s. */
    void lost(@Nullable NetworkInterface ingress, DropReason reason);

    /** Asks for {@link BurstCollector#flush} at the end of this burst; asking twice is asking once. */
    void flushLater(BurstCollector collector);
}
