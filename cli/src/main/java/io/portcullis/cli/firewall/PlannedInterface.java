package io.portcullis.cli.firewall;

import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import org.jspecify.annotations.Nullable;

/**
 * Stands for an interface that a configuration would open, while it is compiled to find its mistakes: different from
 * every other one, and nothing else.
 *
 * @param index that no running interface has
 */
record PlannedInterface(String name, int index) implements NetworkInterface {
    /** Above the numbers of those that run. */
    static final int FIRST_INDEX = 1 << 24;

    @Override
    public int mtu() {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public InterfaceCounters counters() {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public DropReason send(Packet packet, @Nullable IpAddress gateway, PacketWorker worker, long now) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public void flush(PacketWorker worker, long now) {
        throw new UnsupportedOperationException(name);
    }
}
