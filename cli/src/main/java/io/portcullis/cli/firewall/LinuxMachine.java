package io.portcullis.cli.firewall;

import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortWaiter;
import io.portcullis.core.port.linux.LinuxPacketPort;
import io.portcullis.core.port.linux.PollWaiter;
import java.io.IOException;
import java.util.Optional;

/** The machine that the program runs on: devices of its network namespace. */
public final class LinuxMachine implements Machine {
    @Override
    public Port takeOver(String device, int mtu) throws IOException {
        return LinuxPacketPort.open(device, mtu);
    }

    @Override
    public Optional<Port> core() {
        return Optional.empty();
    }

    @Override
    public PortWaiter waiter() throws IOException {
        return new PollWaiter();
    }
}
