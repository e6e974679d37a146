package io.portcullis.cli.firewall;

import io.portcullis.core.net.MacAddress;
import io.portcullis.core.pipeline.WorkerSettings;
import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.ParkingWaiter;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortWaiter;
import io.portcullis.core.port.SimulatedWire;
import io.portcullis.core.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** Has any device. */
record NowhereMachine(Clock clock) implements Machine {
    @Override
    public List<Port> takeOver(String device, int mtu, IoMethod method, int workers) {
        return List.of(new SimulatedWire(
                        device,
                        SimulatedWire.Properties.ethernet(),
                        new MacAddress(0x0200_0000_0000L + device.hashCode() % 0x1_0000),
                        new MacAddress(0x0200_0001_0000L),
                        clock,
                        new SplittableRandom(1))
                .left());
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
