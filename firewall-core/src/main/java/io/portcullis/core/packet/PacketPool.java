package io.portcullis.core.packet;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A worker's packets, all made at the start. Not thread-safe: one worker takes and gives back. Where workers hand
 * packets to each other, each gives back to its own pool, and what is of another's pool goes home by a ring.
 */
public final class PacketPool implements AutoCloseable {
    // Not a multiple of a page: buffers at equal offsets would fight for the same cache sets.
    private static final int STRIDE = (Packet.CAPACITY + 63) / 64 * 64 + 64 * 3;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CALLOC =
            handle("calloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE = handle("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private final Arena arena = Arena.ofShared();
    private final Packet[] free;
    private final int worker;
    /** By worker: on the way to its pool, and from it to this one; empty for a pool that is alone. */
    private final List<Queue<Packet>> homeward = new ArrayList<>();

    private final List<Queue<Packet>> returning = new ArrayList<>();
    private final int size;
    private int available;

    /** @param packets how many; memory is reserved at once but only touched by packets that are used */
    public PacketPool(int packets) {
        this(packets, 0);
    }

    private PacketPool(int packets, int worker) {
        this.worker = worker;
        MemorySegment memory = reserve(arena, packets);
        free = new Packet[packets];
        for (int i = 0; i < packets; i++) {
            free[i] = new Packet(memory.asSlice((long) i * STRIDE, Packet.CAPACITY), worker);
        }
        size = packets;
        available = packets;
    }

    /** The pools of so many workers that hand packets to each other, in their order. */
    public static List<PacketPool> group(int workers, int packetsEach) {
        List<PacketPool> group = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            group.add(new PacketPool(packetsEach, worker));
        }
        for (PacketPool from : group) {
            for (PacketPool home : group) {
                // As many as there are: it is never full.
                Queue<Packet> ring = new SpscAtomicArrayQueue<>(from == home ? 2 : packetsEach);
                from.homeward.add(ring);
                home.returning.add(ring);
            }
        }
        return group;
    }

    /** An empty packet, or null when all are in use. */
    public @Nullable Packet take() {
        if (available == 0) {
            reclaim();
            if (available == 0) {
                return null;
            }
        }
        Packet packet = free[--available];
        packet.reset();
        return packet;
    }

    /** Takes a packet back; the caller forgets it. */
    public void give(Packet packet) {
        if (packet.worker() == worker) {
            free[available++] = packet;
        } else if (!homeward.get(packet.worker()).offer(packet)) {
            throw new IllegalStateException("a packet was given back twice");
        }
    }

    /** Takes in what other workers gave back. */
    public void reclaim() {
        for (int i = 0; i < returning.size(); i++) {
            Queue<Packet> ring = returning.get(i);
            Packet packet;
            while ((packet = ring.poll()) != null) {
                free[available++] = packet;
            }
        }
    }

    public int available() {
        return available;
    }

    public int size() {
        return size;
    }

    @Override
    public void close() {
        arena.close();
    }

    /** Arena.allocate would write zeros over all of it; calloc leaves untouched pages to the system. */
    private static MemorySegment reserve(Arena arena, int packets) {
        try {
            MemorySegment memory = (MemorySegment) CALLOC.invokeExact((long) packets, (long) STRIDE);
            if (memory.equals(MemorySegment.NULL)) {
                throw new OutOfMemoryError("no memory for " + packets + " packets of " + STRIDE + " octets");
            }
            return memory.reinterpret((long) packets * STRIDE, arena, PacketPool::free);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void free(MemorySegment memory) {
        try {
            FREE.invokeExact(memory);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }
}
