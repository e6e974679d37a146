package io.portcullis.core.connection;

import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import org.jspecify.annotations.Nullable;

/** An interface that is only a name, an index and addresses. */
record TestInterface(
        String name,
        int index,
        @Nullable IpAddress v4,
        @Nullable IpAddress v6) implements NetworkInterface {
    @Override
    public int mtu() {
        return 1500;
    }

    @Override
    public InterfaceCounters counters() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable IpAddress ownAddress(int ipVersion) {
        return ipVersion == 4 ? v4 : v6;
    }

    @Override
    public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush(PacketWorker worker, long now) {}
}
