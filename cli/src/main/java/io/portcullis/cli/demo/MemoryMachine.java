package io.portcullis.cli.demo;

import io.portcullis.cli.firewall.Machine;
import io.portcullis.core.pipeline.WorkerSettings;
import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.ParkingWaiter;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortWaiter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A machine whose devices are ends of wires in memory.
 *
 * @param devices by name
 */
public record MemoryMachine(Map<String, Port> devices) implements Machine {
    @Override
    public List<Port> takeOver(String device, int mtu, IoMethod method, int workers) throws IOException {
        Port port = devices.get(device);
        if (port == null) {
            throw new IOException("there is no device " + device + "; there are " + devices.keySet());
        }
        return List.of(port);
    }

    @Override
    public Optional<SocketDevice> sockets() {
        return Optional.empty();
    }

    @Override
    public void bind(int worker) {}

    @Override
    public void hasten(WorkerSettings settings, LongSupplier rounds) {}

    @Override
    public PortWaiter waiter() {
        return new ParkingWaiter();
    }
}
