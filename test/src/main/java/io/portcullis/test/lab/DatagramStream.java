package io.portcullis.test.lab;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Numbered UDP datagrams from one host to another at a steady pace, each echoed: every loss, doubling, corruption or
 * overtaking in either direction is seen. Runs from {@link #start} until {@link #stop}, or for a fixed count.
 */
public final class DatagramStream implements AutoCloseable {
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final int NUMBER_LENGTH = 8;

    private final DatagramSocket client;
    private final DatagramSocket server;
    private final InetSocketAddress target;
    private final int size;
    private final long intervalNanos;
    private final Future<BitSet> arrived;
    private final Future<BitSet> echoed;
    private final Future<Integer> sender;
    private final AtomicInteger overtaken = new AtomicInteger();
    private volatile boolean sending = true;
    private volatile boolean receiving = true;

    /**
     * What came of a stream: how many were sent, how many arrived, how many echoes came back, each counted once;
     * {@code firstLost} is the number of the first that did not come back, or -1; {@code overtaken} is how many came
     * behind a later one, in both directions together.
     */
    public record Report(int sent, int arrived, int echoed, int firstLost, int overtaken) {
        public boolean complete() {
            return sent == arrived && sent == echoed;
        }
    }

    private DatagramStream(Namespace from, Namespace to, String address, int size, int perSecond, int count)
            throws SocketException {
        this.size = size;
        this.intervalNanos = 1_000_000_000L / perSecond;
        this.server = to.call(() -> new DatagramSocket(new InetSocketAddress(address, 0)));
        this.client = from.call(() -> new DatagramSocket());
        this.target = new InetSocketAddress(address, server.getLocalPort());
        server.setSoTimeout(100);
        client.setSoTimeout(100);
        server.setReceiveBufferSize(1 << 20);
        client.setReceiveBufferSize(1 << 20);
        this.arrived = to.submit(() -> receive(server, true));
        this.echoed = from.submit(() -> receive(client, false));
        this.sender = from.submit(() -> send(count));
    }

    /**
     * Starts sending, without end until {@link #stop}.
     *
     * @param address an address of {@code to}
     * @param size octets of UDP payload, 8 at least
     */
    public static DatagramStream start(Namespace from, Namespace to, String address, int size, int perSecond) {
        return start(from, to, address, size, perSecond, Integer.MAX_VALUE);
    }

    /** Sends {@code count} datagrams and waits for them. */
    public static Report exchange(Namespace from, Namespace to, String address, int size, int perSecond, int count) {
        try (DatagramStream stream = start(from, to, address, size, perSecond, count)) {
            stream.result(stream.sender);
            return stream.stop();
        }
    }

    private static DatagramStream start(
            Namespace from, Namespace to, String address, int size, int perSecond, int count) {
        try {
            return new DatagramStream(from, to, address, size, perSecond, count);
        } catch (SocketException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the sending, waits half a second for what is on the way, and counts. */
    public Report stop() {
        sending = false;
        int sent = result(sender);
        Await.within(GRACE, () -> false);
        receiving = false;
        BitSet there = result(arrived);
        BitSet back = result(echoed);
        int firstLost = back.nextClearBit(0);
        return new Report(
                sent, there.cardinality(), back.cardinality(), firstLost < sent ? firstLost : -1, overtaken.get());
    }

    @Override
    public void close() {
        sending = false;
        receiving = false;
        client.close();
        server.close();
    }

    private int send(int count) throws IOException {
        byte[] payload = new byte[size];
        InetAddress address = target.getAddress();
        long due = System.nanoTime();
        int number = 0;
        while (sending && number < count) {
            fill(payload, number);
            try {
                client.send(new DatagramPacket(payload, size, address, target.getPort()));
                number++;
            } catch (IOException e) {
                // Larger than a path MTU just learnt: the kernel refuses this one and fragments it when asked again.
                if (!String.valueOf(e.getMessage()).contains("Message too long")) {
                    throw e;
                }
            }
            due += intervalNanos;
            LockSupport.parkNanos(due - System.nanoTime());
        }
        return number;
    }

    private BitSet receive(DatagramSocket socket, boolean echo) throws IOException {
        BitSet seen = new BitSet();
        byte[] expected = new byte[size];
        DatagramPacket packet = new DatagramPacket(new byte[size + 1], size + 1);
        while (receiving) {
            packet.setLength(size + 1);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                continue;
            }
            int number = (int) ByteBuffer.wrap(packet.getData()).getLong();
            fill(expected, number);
            if (packet.getLength() == size
                    && java.util.Arrays.equals(expected, 0, size, packet.getData(), 0, size)
                    && !seen.get(number)) {
                if (seen.length() > number) {
                    overtaken.incrementAndGet();
                }
                seen.set(number);
                if (echo) {
                    socket.send(packet);
                }
            } else {
                throw new IOException("datagram " + number + " came twice or changed");
            }
        }
        return seen;
    }

    private static void fill(byte[] payload, int number) {
        ByteBuffer.wrap(payload).putLong(number);
        for (int i = NUMBER_LENGTH; i < payload.length; i++) {
            payload[i] = (byte) (i * 31 + number);
        }
    }

    private <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
