package io.portcullis.test.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;

/** Traffic between two hosts of a lab, checked octet by octet. */
public final class Traffic {
    private static final int CHUNK = 64 * 1024;
    private static final int PATIENCE_MILLIS = 20_000;

    private Traffic() {}

    /** What came of a transfer. */
    public record Transfer(long octets, Duration took) {
        public double megabitsPerSecond() {
            return octets * 8 / 1e6 / (took.toNanos() / 1e9);
        }
    }

    /** Echo requests; true when each was answered. The first may wait four seconds for a tunnel to come up. */
    public static boolean ping(Namespace from, String address, int count) {
        Command.Result result =
                from.attempt("ping", "-n", "-c", String.valueOf(count), "-i", "0.2", "-W", "4", address);
        return result.output().contains(count + " received");
    }

    /**
     * Sends octets over one TCP connection and checks at the receiver, by length and CRC, that they are the same.
     *
     * @param address an address of {@code to}
     */
    public static Transfer tcp(Namespace from, Namespace to, String address, long octets) {
        ServerSocket server = to.call(() -> new ServerSocket(0, 1, InetAddress.getByName(address)));
        Future<Long> received = to.submit(() -> checksumOfAll(server));
        long begin = System.nanoTime();
        long sent = from.call(() -> send(new InetSocketAddress(address, server.getLocalPort()), octets));
        long got;
        try {
            got = received.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("receiver: " + e.getCause(), e.getCause());
        }
        if (got != sent) {
            throw new IllegalStateException("what arrived is not what was sent: %x, %x".formatted(got, sent));
        }
        return new Transfer(octets, Duration.ofNanos(System.nanoTime() - begin));
    }

    private static long send(InetSocketAddress to, long octets) throws IOException {
        Random random = new Random(octets);
        CRC32C sum = new CRC32C();
        byte[] chunk = new byte[CHUNK];
        try (Socket socket = new Socket()) {
            socket.connect(to, PATIENCE_MILLIS);
            OutputStream out = socket.getOutputStream();
            for (long left = octets; left > 0; left -= chunk.length) {
                random.nextBytes(chunk);
                int length = (int) Math.min(left, chunk.length);
                sum.update(chunk, 0, length);
                out.write(chunk, 0, length);
            }
            socket.shutdownOutput();
            // The receiver closes once it has everything: only then is the transfer over.
            socket.setSoTimeout(PATIENCE_MILLIS);
            if (socket.getInputStream().read() >= 0) {
                throw new IOException("unexpected answer");
            }
        }
        return sum.getValue();
    }

    private static long checksumOfAll(ServerSocket server) throws IOException {
        CRC32C sum = new CRC32C();
        byte[] chunk = new byte[CHUNK];
        server.setSoTimeout(PATIENCE_MILLIS);
        try (server;
                Socket socket = server.accept()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            InputStream in = socket.getInputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                sum.update(chunk, 0, n);
            }
        }
        return sum.getValue();
    }
}
