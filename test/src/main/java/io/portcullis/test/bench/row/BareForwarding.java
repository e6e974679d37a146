package io.portcullis.test.bench.row;

import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.port.IoMethod;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.linux.LinuxPorts;
import io.portcullis.test.bench.generator.PortRange;
import io.portcullis.test.bench.generator.Processor;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * What an I/O method can do by itself: one thread hands frames from a port to another, without any pipeline. The peer
 * is plain kernel forwarding, moved to the same processor as our thread.
 *
 * @param length octets of a frame without FCS
 */
public record BareForwarding(IoMethod method, int length) implements Row {
    private static final PortRange SOURCES = new PortRange(10_000, 1_024);
    private static final PortRange DESTINATIONS = PortRange.of(9);

    @Override
    public String name() {
        return "ports-" + method.toString().toLowerCase(Locale.ROOT) + "-" + length;
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(
                new Quantity(
                        "frames of %,d from port to port by %s".formatted(length, method), "Mpps", new Target.None()),
                new Quantity("offered meanwhile", "Mpps", new Target.None()));
    }

    @Override
    public List<Need> needs() {
        return List.of(Need.ROOT, Need.NAMESPACES);
    }

    @Override
    public String peerName() {
        return "kernel, no rules";
    }

    @Override
    public List<Double> ours(Effort effort) {
        try (Transit transit = Transit.open(false);
                Forwarder _ = Forwarder.start(transit.router, method)) {
            return transit.rate(transit.frame(length, SOURCES, DESTINATIONS), effort);
        }
    }

    @Override
    public List<Double> peer(Effort effort) {
        try (Transit transit = Transit.open(false)) {
            transit.kernel("");
            transit.steerKernel();
            return transit.rate(transit.frame(length, SOURCES, DESTINATIONS), effort);
        }
    }

    /** The thread between two ports. */
    private static final class Forwarder implements AutoCloseable {
        private final Future<?> thread;
        private volatile boolean over;

        private Forwarder(Namespace router, IoMethod method) {
            Port in = open(router, "in", method);
            Port out = open(router, "out", method);
            thread = router.submit(() -> {
                Processor.FAR.bindThread();
                try (PacketPool pool = new PacketPool(4 * PacketBurst.CAPACITY);
                        in;
                        out) {
                    forward(in, out, pool);
                }
                return null;
            });
        }

        static Forwarder start(Namespace router, IoMethod method) {
            return new Forwarder(router, method);
        }

        private static Port open(Namespace router, String device, IoMethod method) {
            return router.call(() -> LinuxPorts.open(device, 0, method, 1).getFirst());
        }

        private void forward(Port in, Port out, PacketPool pool) {
            PacketBurst burst = new PacketBurst();
            while (!over) {
                if (in.receive(burst, pool) == 0) {
                    Thread.onSpinWait();
                    continue;
                }
                out.send(burst);
                for (int i = 0; i < burst.size(); i++) {
                    pool.give(burst.get(i));
                }
                burst.clear();
            }
        }

        @Override
        public void close() {
            over = true;
            try {
                thread.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
