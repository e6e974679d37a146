package io.portcullis.test.port;

import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Namespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/** UDP flows from one host to another, a datagram of each every few milliseconds, and every one echoed. */
final class EchoedFlows implements AutoCloseable {
    private static final long PAUSE = 5_000_000L;

    private final DatagramSocket server;
    private final AtomicLongArray answers;
    private final Future<String> echoing;
    private final Future<String> sending;
    private volatile boolean over;

    /** @param address one of {@code to} */
    EchoedFlows(Namespace from, Namespace to, String address, int flows) {
        answers = new AtomicLongArray(flows);
        server = to.call(() -> new DatagramSocket(0));
        echoing = to.submit(this::echo);
        sending = from.submit(() -> {
            List<DatagramChannel> channels = new ArrayList<>();
            try {
                while (channels.size() < flows) {
                    DatagramChannel channel = DatagramChannel.open();
                    channels.add(channel);
                    channel.configureBlocking(false);
                }
                return send(channels, new InetSocketAddress(address, server.getLocalPort()));
            } finally {
                for (DatagramChannel channel : channels) {
                    channel.close();
                }
            }
        });
    }

    private String echo() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        server.setSoTimeout(100);
        while (!over) {
            try {
                server.receive(packet);
            } catch (SocketTimeoutException _) {
                continue; // Nothing came: is it over?
            }
            try {
                server.send(packet);
            } catch (IOException _) {
                // It came just before the device vanished, and with that its way back.
            }
        }
        return "echoed";
    }

    private String send(List<DatagramChannel> channels, InetSocketAddress target) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(64);
        while (!over) {
            for (int flow = 0; flow < channels.size(); flow++) {
                channels.get(flow).send(octets.clear(), target);
                while (channels.get(flow).receive(octets.clear()) != null) {
                    answers.incrementAndGet(flow);
                }
            }
            LockSupport.parkNanos(PAUSE);
        }
        return "sent";
    }

    /** Whether from now on each flow is answered within ten seconds. */
    boolean areAllAnswered() {
        long[] before = new long[answers.length()];
        for (int flow = 0; flow < before.length; flow++) {
            before[flow] = answers.get(flow);
        }
        return Await.within(Duration.ofSeconds(10), () -> {
            for (int flow = 0; flow < before.length; flow++) {
                if (answers.get(flow) == before[flow]) {
                    return false;
                }
            }
            return true;
        });
    }

    /** How many answers each flow had. */
    @Override
    public String toString() {
        return "answers " + answers;
    }

    @Override
    public void close() {
        over = true;
        try {
            sending.get();
            echoing.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            server.close();
        }
    }
}
