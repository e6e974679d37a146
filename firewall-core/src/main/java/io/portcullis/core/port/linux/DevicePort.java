package io.portcullis.core.port.linux;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortCapabilities;

/** One worker's share of an Ethernet device. */
final class DevicePort implements Port {
    private final TakenDevice device;
    private final DeviceIo io;
    private boolean isClosed;

    DevicePort(TakenDevice device, DeviceIo io) {
        this.device = device;
        this.io = io;
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public MacAddress mac() {
        return device.mac();
    }

    @Override
    public int mtu() {
        return device.mtu();
    }

    @Override
    public PortCapabilities capabilities() {
        return io.capabilities();
    }

    @Override
    public int descriptor() {
        return io.descriptor();
    }

    @Override
    public int receive(PacketBurst into, PacketPool pool) {
        return isClosed ? 0 : io.receive(into, pool);
    }

    @Override
    public int send(PacketBurst burst) {
        return isClosed ? 0 : io.send(burst);
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            io.close();
            device.release();
        }
    }
}
