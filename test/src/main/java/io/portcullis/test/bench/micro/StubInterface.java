package io.portcullis.test.bench.micro;

import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import org.jspecify.annotations.Nullable;

/** An interface that rules and routes can name, and nothing is sent by. */
record StubInterface(String name, int index) implements NetworkInterface {
    @Override
    public int mtu() {
        return 1500;
    }

    @Override
    public InterfaceCounters counters() {
        throw new UnsupportedOperationException();
    }

    @Override
    public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flush(PacketWorker worker, long now) {}
}
