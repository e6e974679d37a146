package io.portcullis.cli.firewall;

import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortWaiter;
import io.portcullis.core.port.linux.LinuxPorts;
import io.portcullis.core.port.linux.PollWaiter;
import io.portcullis.core.port.linux.TunPort;
import java.io.IOException;
import java.util.Optional;

/** The machine that the program runs on: devices of its network namespace. */
public final class LinuxMachine implements Machine {
    private static final int TUN_MTU = 1500;

    @Override
    public Port takeOver(String device, int mtu, IoMethod method) throws IOException {
        return LinuxPorts.open(device, mtu, method, 1).getFirst();
    }

    @Override
    public Optional<SocketDevice> sockets() throws IOException {
        return Optional.of(new TunSockets(TunPort.open("core%d", TUN_MTU)));
    }

    @Override
    public PortWaiter waiter() throws IOException {
        return new PollWaiter();
    }
}
