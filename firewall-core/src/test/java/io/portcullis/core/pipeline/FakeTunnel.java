package io.portcullis.core.pipeline;

import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.trace.Trail;
import org.jspecify.annotations.Nullable;

/** A tunnel whose ESP is a header without encryption, and the gate that takes it off again. */
final class FakeTunnel implements NetworkInterface, IpsecGate {
    static final int OVERHEAD = Ipv4.HEADER + 8;

    private final IpAddress local;
    private final IpAddress remote;
    private final int mtu;
    private final InterfaceCounters counters = new InterfaceCounters();
    int claimed;
    int taken;
    boolean isLooping;

    FakeTunnel(String local, String remote, int mtu) {
        this.local = IpAddress.literal(local);
        this.remote = IpAddress.literal(remote);
        this.mtu = mtu;
    }

    @Override
    public String name() {
        return "tunnel";
    }

    @Override
    public int index() {
        return 7;
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
    public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        wrap(packet);
        worker.originate(packet, now);
        return DropReason.NONE;
    }

    private void wrap(Packet packet) {
        packet.bounds(packet.networkAt(), packet.payloadEnd());
        int at = packet.push(OVERHEAD);
        int length = packet.length();
        Ipv4.write(packet.buffer(), at, 0, length, 9, true, 64, IpProtocol.ESP, local.v4Bits(), remote.v4Bits());
        Octets.i32(packet.buffer(), at + Ipv4.HEADER, 0x1234);
        Octets.i32(packet.buffer(), at + Ipv4.HEADER + 4, 1);
        packet.depth(packet.depth() + 1);
        packet.lastTunnel(isLooping ? null : this);
    }

    @Override
    public DropReason trace(Packet packet, @Nullable IpAddress gateway, Trail trail, int worker, long now) {
        wrap(packet);
        trail.wrapped(name());
        return DropReason.NONE;
    }

    @Override
    public void flush(PacketWorker worker, long now) {}

    @Override
    public boolean claims(Packet packet) {
        claimed++;
        return packet.protocol() == IpProtocol.ESP;
    }

    @Override
    public DropReason take(Packet packet, PacketWorker worker, long now) {
        taken++;
        packet.bounds(packet.transportAt() + 8, packet.payloadEnd());
        worker.decapsulated(packet, this, now);
        return DropReason.NONE;
    }
}
