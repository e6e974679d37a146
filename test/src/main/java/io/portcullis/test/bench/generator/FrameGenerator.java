package io.portcullis.test.bench.generator;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.portcullis.test.lab.Namespace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Sends frames out of a device as fast as one processor can: the kernel runs an XDP program on frames of
 * its own making (BPF_PROG_RUN with BPF_F_TEST_XDP_LIVE_FRAMES, Linux 5.18), so that a frame costs far less than a
 * socket's. The other end of the wire, a veth, needs GRO on, else it takes no such frames.
 */
public final class FrameGenerator implements AutoCloseable {
    private static final int MAP_CREATE = 0;
    private static final int MAP_UPDATE = 2;
    private static final int PROG_LOAD = 5;
    private static final int PROG_RUN = 10;
    private static final int MAP_TYPE_ARRAY = 2;
    private static final int PROG_TYPE_XDP = 6;
    private static final int LIVE_FRAMES = 2;
    private static final int ATTRIBUTES = 128;
    private static final int CONTEXT = 24;

    /** Frames between two entries into the receiver; its ring holds 256. */
    private static final int BATCH = 64;

    /** Frames of one call, some seconds': at each the kernel waits for an RCU grace period, tens of milliseconds. */
    private static final int RUN = 1 << 22;

    private final Arena arena = Arena.ofShared();
    private final int state = createState();
    private final Future<?> running;
    private volatile boolean wanted = true;

    private FrameGenerator(Namespace from, String device, Frame frame) {
        running = from.submit(() -> {
            Processor.NEAR.bindThread();
            generate(NetworkInterface.getByName(device).getIndex(), frame);
            return null;
        });
    }

    /** Starts sending on the near processor. */
    public static FrameGenerator start(Namespace from, String device, Frame frame) {
        return new FrameGenerator(from, device, frame);
    }

    /** Ends the sending. @throws UnsupportedOperationException when it ended by itself: the kernel refused something */
    @Override
    public void close() {
        wanted = false;
        try {
            stop();
            running.get();
        } catch (ExecutionException e) {
            throw new UnsupportedOperationException(
                    "the kernel does not run XDP programs on frames of its own: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            SystemCall.CLOSE.call(state);
            arena.close();
        }
    }

    private void generate(int device, Frame frame) {
        int program = load(BpfProgram.filling(frame.header(), frame.sources(), frame.destinations(), state, device));
        try {
            MemorySegment attributes = runAttributes(program, frame.length());
            while (wanted) {
                SystemCall.BPF.call(PROG_RUN, attributes.address(), attributes.byteSize());
            }
        } finally {
            SystemCall.CLOSE.call(program);
        }
    }

    /** Has the program drop what is left of the current call. */
    private void stop() {
        MemorySegment value = arena.allocate(BpfProgram.STATE, 8);
        value.set(JAVA_LONG, BpfProgram.STOP_AT, 1);
        MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
        attributes.set(JAVA_INT, 0, state);
        attributes.set(JAVA_LONG, 8, arena.allocate(4, 4).address());
        attributes.set(JAVA_LONG, 16, value.address());
        SystemCall.BPF.call(MAP_UPDATE, attributes.address(), attributes.byteSize());
    }

    private int createState() {
        MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
        attributes.set(JAVA_INT, 0, MAP_TYPE_ARRAY);
        attributes.set(JAVA_INT, 4, 4);
        attributes.set(JAVA_INT, 8, BpfProgram.STATE);
        attributes.set(JAVA_INT, 12, 1);
        return (int) SystemCall.BPF.call(MAP_CREATE, attributes.address(), attributes.byteSize());
    }

    private int load(List<Long> code) {
        MemorySegment instructions = arena.allocateFrom(
                JAVA_LONG, code.stream().mapToLong(Long::longValue).toArray());
        MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
        attributes.set(JAVA_INT, 0, PROG_TYPE_XDP);
        attributes.set(JAVA_INT, 4, code.size());
        attributes.set(JAVA_LONG, 8, instructions.address());
        attributes.set(
                JAVA_LONG,
                16,
                arena.allocateFrom("GPL", StandardCharsets.US_ASCII).address());
        return (int) SystemCall.BPF.call(PROG_LOAD, attributes.address(), attributes.byteSize());
    }

    /** union bpf_attr, member test; without a device in the context the frames appear on the loopback's. */
    private MemorySegment runAttributes(int program, int length) {
        MemorySegment context = arena.allocate(CONTEXT, 8);
        context.set(JAVA_INT, 4, length);
        MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
        attributes.set(JAVA_INT, 0, program);
        attributes.set(JAVA_INT, 8, length);
        attributes.set(JAVA_LONG, 16, arena.allocate(length).address());
        attributes.set(JAVA_INT, 32, RUN);
        attributes.set(JAVA_INT, 40, CONTEXT);
        attributes.set(JAVA_LONG, 48, context.address());
        attributes.set(JAVA_INT, 64, LIVE_FRAMES);
        attributes.set(JAVA_INT, 72, BATCH);
        return attributes;
    }
}
