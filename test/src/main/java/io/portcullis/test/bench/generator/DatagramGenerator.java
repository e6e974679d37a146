package io.portcullis.test.bench.generator;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.portcullis.test.lab.Namespace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends UDP datagrams of one flow at a rate from a socket on the near processor, and leaves that processor to others in
 * between: some tens go down in one call (UDP_SEGMENT) and leave the device one by one.
 */
public final class DatagramGenerator implements AutoCloseable {
    private static final int PORT = 9;
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int MOST_IN_ONE_CALL = 32;

    /** What a delay may be made up for at once; a longer one lowers the rate. */
    private static final long MOST_DEBT_NANOS = 5_000_000;

    private final Future<?> running;
    private volatile boolean wanted = true;

    private DatagramGenerator(Namespace from, String to, int size, int perSecond) {
        running = from.submit(() -> {
            Processor.NEAR.bindThread();
            try (Arena arena = Arena.ofConfined()) {
                send(arena, to, size, perSecond);
            }
            return null;
        });
    }

    /**
     * Starts sending.
     *
     * @param to IPv4 address
     * @param size octets of UDP payload, 1 to 1472
     */
    public static DatagramGenerator start(Namespace from, String to, int size, int perSecond) {
        return new DatagramGenerator(from, to, size, perSecond);
    }

    /** Ends the sending. @throws IllegalStateException when it ended by itself: a call failed */
    @Override
    public void close() {
        wanted = false;
        try {
            running.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("datagram generator: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Arena arena, String to, int size, int perSecond) {
        MemorySegment payload = arena.allocate((long) size * MOST_IN_ONE_CALL);
        long socket = connected(arena, to, size);
        try {
            double perNano = perSecond / 1e9;
            long paidUntil = System.nanoTime();
            while (wanted) {
                long now = System.nanoTime();
                paidUntil = Math.max(paidUntil, now - MOST_DEBT_NANOS);
                int due = (int) Math.min(MOST_IN_ONE_CALL, (now - paidUntil) * perNano);
                if (due >= MOST_IN_ONE_CALL || (due >= 1 && perSecond < 1_000 * MOST_IN_ONE_CALL)) {
                    SystemCall.SEND.call(socket, payload.address(), (long) due * size);
                    paidUntil += (long) (due / perNano);
                } else {
                    LockSupport.parkNanos((long) (Math.min(MOST_IN_ONE_CALL, 0.001 * perSecond) / perNano));
                }
            }
        } finally {
            SystemCall.CLOSE.call(socket);
        }
    }

    private static long connected(Arena arena, String to, int size) {
        long socket = SystemCall.SOCKET.call(AF_INET, SOCK_DGRAM);
        MemorySegment address = arena.allocate(16, 4);
        address.set(JAVA_SHORT, 0, (short) AF_INET);
        address.set(JAVA_SHORT.withOrder(java.nio.ByteOrder.BIG_ENDIAN), 2, (short) PORT);
        MemorySegment.copy(MemorySegment.ofArray(Frame.address(to)), 0, address, 4, 4);
        SystemCall.CONNECT.call(socket, address.address(), address.byteSize());
        MemorySegment segment = arena.allocateFrom(JAVA_INT, size);
        SystemCall.SET_OPTION.call(socket, SOL_UDP, UDP_SEGMENT, segment.address(), segment.byteSize());
        return socket;
    }
}
