package io.portcullis.core.port;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;

/** One end of a {@link SimulatedWire}. */
final class SimulatedPort implements Port {
    private final String name;
    private final MacAddress mac;
    private final SimulatedWire.Properties properties;
    private final FrameRing in;
    private final FrameRing out;
    private final int longest;
    private volatile boolean isCut;
    private volatile boolean isClosed;

    SimulatedPort(String name, MacAddress mac, SimulatedWire.Properties properties, FrameRing in, FrameRing out) {
        this.name = name;
        this.mac = mac;
        this.properties = properties;
        this.in = in;
        this.out = out;
        this.longest = properties.mtu() + (properties.capabilities().linkLayer() ? Ethernet.HEADER + Ethernet.TAG : 0);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public MacAddress mac() {
        return mac;
    }

    @Override
    public int mtu() {
        return properties.mtu();
    }

    @Override
    public PortCapabilities capabilities() {
        return properties.capabilities();
    }

    @Override
    public int receive(PacketBurst into, PacketPool pool) {
        return isClosed ? 0 : in.receive(into, pool);
    }

    @Override
    public int send(PacketBurst burst) {
        int taken = 0;
        if (isClosed) {
            burst.refuseFrom(0);
            return 0;
        }
        for (int i = 0; i < burst.size(); i++) {
            Packet packet = burst.get(i);
            if (!isSendable(packet)) {
                burst.refuse(i);
            } else if (isCut || out.send(packet)) {
                taken++;
            } else {
                burst.refuseFrom(i);
                break;
            }
        }
        if (taken > 0) {
            out.announce();
        }
        return taken;
    }

    /** As a device does, it refuses what it was not made for: too long, or an offload that it does not have. */
    private boolean isSendable(Packet packet) {
        PortCapabilities can = properties.capabilities();
        boolean fits = packet.gso() != Packet.Gso.NONE || packet.length() <= longest;
        return fits && can.cuts(packet.gso()) && (can.partialChecksum() || !packet.partialChecksum());
    }

    void cut(boolean newCut) {
        isCut = newCut;
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public void wakes(PortWaiter waiter) {
        in.wakes(waiter);
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
