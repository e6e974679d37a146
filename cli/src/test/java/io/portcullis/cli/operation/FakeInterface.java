package io.portcullis.cli.operation;

import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import org.jspecify.annotations.Nullable;

/** An interface that is only a name, an index, an IPv4 address and counters. */
record FakeInterface(String name, int index, @Nullable IpAddress address, InterfaceCounters counters)
        implements NetworkInterface {
    static FakeInterface of(String name, int index, String address) {
        return new FakeInterface(name, index, IpAddress.literal(address), new InterfaceCounters());
    }

    static FakeInterface tunnel(String name, int index) {
        return new FakeInterface(name, index, null, new InterfaceCounters());
    }

    @Override
    public int mtu() {
        return 1500;
    }

    @Override
    public @Nullable IpAddress ownAddress(int ipVersion) {
        return ipVersion == 4 ? address : null;
    }

    @Override
    public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush(PacketWorker worker, long now) {}
}
