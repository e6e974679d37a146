package io.portcullis.test.bench.row;

import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.Need;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * From the start of the launcher to the first packet at the sink, with the configuration that was committed before.
 * The start before it has made the cache of loaded classes.
 */
public final class Start implements Row {
    private static final int POLICIES = 10;
    private static final int PORT = 4000;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final long PAUSE_NANOS = 1_000_000;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public List<Quantity> quantities() {
        return List.of(new Quantity("start to first forwarded packet", "s", new Target.AtMost(1)));
    }

    @Override
    public List<Need> needs() {
        return List.of(Need.ROOT, Need.NAMESPACES);
    }

    @Override
    public String peerName() {
        return "";
    }

    @Override
    public List<Double> peer(Effort effort) {
        return List.of();
    }

    @Override
    public List<Double> ours(Effort effort) {
        try (Transit transit = Transit.open(false)) {
            Firewall before = transit.portcullis(Policies.ours(POLICIES));
            before.stop(Duration.ofSeconds(10));
            // Else the source's own doubts about an address that answered nobody for a while would be measured.
            transit.source.ip("neigh replace " + Transit.ROUTER_IN + " lladdr " + Transit.mac(transit.router, "in")
                    + " dev eth0 nud permanent");
            try (DatagramSocket sink =
                            transit.sink.call(() -> new DatagramSocket(new InetSocketAddress(Transit.SINK, PORT)));
                    DatagramSocket source = transit.source.call(() -> new DatagramSocket())) {
                sink.setSoTimeout(PATIENCE_MILLIS);
                long begin = System.nanoTime();
                Firewall again = transit.lab().own(Firewall.launch(transit.router, before.data(), List.of()));
                Future<?> sending = transit.source.submit(() -> send(source));
                sink.receive(new DatagramPacket(new byte[1], 1));
                double seconds = (System.nanoTime() - begin) / 1e9;
                sending.cancel(true);
                again.awaitReady();
                return List.of(seconds);
            } catch (IOException e) {
                throw new IllegalStateException("no packet was forwarded: " + e.getMessage(), e);
            }
        }
    }

    /** A datagram each millisecond until interrupted. */
    private static Object send(DatagramSocket source) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1], 1, new InetSocketAddress(Transit.SINK, PORT));
        while (!Thread.currentThread().isInterrupted()) {
            source.send(packet);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return packet;
    }
}
