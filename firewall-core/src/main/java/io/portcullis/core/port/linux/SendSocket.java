package io.portcullis.core.port.linux;

import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.PortCapabilities;
import io.portcullis.core.port.PortStatistics;

/** Only sends: the share of a worker that gets no frames of a device because another gets them all. */
final class SendSocket implements DeviceIo {
    private final PacketSocket socket;
    private final PortCapabilities capabilities;

    private SendSocket(PacketSocket socket, String why) {
        this.socket = socket;
        this.capabilities = socket.capabilities("AF_PACKET, sends only: " + why);
    }

    /** @throws DeviceException when the rights are missing */
    static SendSocket open(TakenDevice device, String why) throws DeviceException {
        PacketSocket socket = PacketSocket.open(device.name());
        try {
            socket.withOffloads();
            socket.bindForSending(device.index());
            return new SendSocket(socket, why);
        } catch (DeviceException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public PortCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public int descriptor() {
        return socket.fd();
    }

    @Override
    public int receive(PacketBurst into, PacketPool pool) {
        return 0;
    }

    @Override
    public PortStatistics statistics() {
        return PortStatistics.NONE;
    }

    @Override
    public int send(PacketBurst burst) {
        return socket.send(burst);
    }

    @Override
    public void close() {
        socket.close();
    }
}
