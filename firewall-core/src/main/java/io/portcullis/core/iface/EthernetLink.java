package io.portcullis.core.iface;

import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.port.Port;
import java.lang.foreign.MemorySegment;

/**
 * A port with a link layer, and the interfaces on it: one for untagged frames, one for each VLAN. Owned by the port's
 * worker.
 */
public final class EthernetLink {
    private final Port port;
    private final int worker;
    private final TagTree interfaces = new TagTree();

    /** The link of a port that the only worker uses. */
    public EthernetLink(Port port) {
        this(port, 0);
    }

    /** @param worker index of the worker that uses the port */
    public EthernetLink(Port port, int worker) {
        this.port = port;
        this.worker = worker;
    }

    /** Index of the worker that uses the port. */
    public int worker() {
        return worker;
    }

    public Port port() {
        return port;
    }

    /** Puts an interface on the link; its {@link EthernetInterface#tagging} says where. */
    public void attach(EthernetInterface iface) {
        interfaces.put(iface);
        iface.up(worker, true);
    }

    /** Takes an interface off the link; it sends no more. */
    public void detach(EthernetInterface iface) {
        iface.up(worker, false);
        interfaces.remove(iface);
    }

    /**
     * Takes the Ethernet header off a received frame: checks that it is for this station, finds the interface by the
     * tags, counts. The header stays in the buffer before {@link Packet#start}.
     *
     * @return NONE with ingress and ether type set, or why the frame must die
     */
    public DropReason accept(Packet frame) {
        MemorySegment b = frame.buffer();
        int at = frame.start();
        DropReason why = Ethernet.check(b, at, frame.end());
        if (why != DropReason.NONE) {
            return why;
        }
        EthernetInterface iface = interfaces.find(b, at);
        if (iface == null) {
            return DropReason.UNKNOWN_VLAN;
        }
        frame.ingress(iface);
        iface.counters().lane(worker).received(frame.length());
        long destination = Ethernet.destination(b, at);
        if (!isGroup(destination) && destination != port.mac().bits()) {
            return DropReason.NOT_FOR_US;
        }
        int type = Ethernet.type(b, at);
        if (type != EtherType.IPV4 && type != EtherType.IPV6 && type != EtherType.ARP) {
            return DropReason.UNKNOWN_ETHERTYPE;
        }
        frame.etherType(type);
        frame.link(Ethernet.source(b, at), isGroup(destination));
        frame.pull(Ethernet.headerLength(b, at));
        return type == EtherType.ARP || isVersion(frame, type == EtherType.IPV4 ? 4 : 6)
                ? DropReason.NONE
                : DropReason.BAD_VERSION;
    }

    private static boolean isGroup(long station) {
        return (station >>> 40 & 1) != 0;
    }

    private static boolean isVersion(Packet packet, int version) {
        return packet.length() > 0 && Octets.u8(packet.buffer(), packet.start()) >>> 4 == version;
    }
}
