package io.portcullis.test.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** TCP connections that are opened at a pace, exchange a few octets each way and are closed by the client. */
public final class ShortConnections implements AutoCloseable {
    /** With fewer, the client's kernel would run out of ports that are not waiting. */
    private static final int SERVERS = 8;

    private static final int CLIENTS = 16;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final byte[] WORDS = new byte[100];

    private final List<ServerSocket> servers = new ArrayList<>();
    private final List<Future<?>> listeners = new ArrayList<>();
    private final List<Future<?>> clients = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final int count;
    private final double nanosBetween;
    private final long begin;

    private ShortConnections(Namespace from, Namespace to, String address, int perSecond, int count) {
        this.count = count;
        this.nanosBetween = 1e9 / perSecond;
        for (int i = 0; i < SERVERS; i++) {
            ServerSocket server = to.call(() -> new ServerSocket(0, 1_000, InetAddress.getByName(address)));
            servers.add(server);
            listeners.add(to.submit(() -> serve(server)));
        }
        begin = System.nanoTime();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(from.submit(() -> connect(address)));
        }
    }

    /**
     * Starts; who falls behind the pace catches up.
     *
     * @param address an address of {@code to}
     */
    public static ShortConnections start(Namespace from, Namespace to, String address, int perSecond, int count) {
        return new ShortConnections(from, to, address, perSecond, count);
    }

    /**
     * Waits until all are done. @return how long that took from the start on @throws IllegalStateException when one
     * failed
     */
    public Duration awaitEnd() {
        for (Future<?> client : clients) {
            try {
                client.get();
            } catch (ExecutionException e) {
                IllegalStateException failure =
                        new IllegalStateException("a short connection failed after " + next.get(), e.getCause());
                // A server that gave up is the reason why its clients wait.
                listeners.stream()
                        .filter(listener -> listener.state() == Future.State.FAILED)
                        .forEach(listener -> failure.addSuppressed(listener.exceptionNow()));
                throw failure;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private Object connect(String address) throws IOException {
        for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
            LockSupport.parkNanos(begin + (long) (number * nanosBetween) - System.nanoTime());
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.connect(
                        new InetSocketAddress(
                                address, servers.get(number % SERVERS).getLocalPort()),
                        PATIENCE_MILLIS);
                socket.getOutputStream().write(WORDS);
                socket.shutdownOutput();
                if (!Arrays.equals(WORDS, socket.getInputStream().readAllBytes())) {
                    throw new IOException("connection " + number + ": another answer");
                }
            }
        }
        return servers;
    }

    private static Object serve(ServerSocket server) throws IOException {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.getOutputStream().write(socket.getInputStream().readAllBytes());
            }
        }
        return server;
    }

    @Override
    public void close() {
        for (ServerSocket server : servers) {
            try {
                server.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
