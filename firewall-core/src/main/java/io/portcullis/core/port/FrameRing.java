package io.portcullis.core.port;

import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.time.Clock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One direction of a simulated wire: copies of frames, from one sending thread to one receiving thread. */
final class FrameRing {
    /** How far the receiver looks past frames that are not due yet. */
    private static final int LOOK_AHEAD = 64;

    /** A frame under way. Written by the sender before tail passes it, by the receiver before head does. */
    private static final class Slot {
        private byte[] octets = new byte[2048];
        private int length;
        private long due;
        private boolean delivered;
        private boolean partialChecksum;
        private int checksumStart;
        private int checksumOffset;
        private Packet.Gso gso = Packet.Gso.NONE;
        private int gsoSize;

        void fill(Packet packet, long newDue) {
            length = packet.length();
            if (octets.length < length) {
                octets = new byte[length];
            }
            MemorySegment.copy(packet.buffer(), ValueLayout.JAVA_BYTE, packet.start(), octets, 0, length);
            due = newDue;
            delivered = false;
            partialChecksum = packet.partialChecksum();
            checksumStart = packet.checksumStart() - packet.start();
            checksumOffset = packet.checksumOffset();
            gso = packet.gso();
            gsoSize = packet.gsoSize();
        }

        void deliver(Packet into) {
            int at = into.append(length);
            MemorySegment.copy(octets, 0, into.buffer(), ValueLayout.JAVA_BYTE, at, length);
            if (partialChecksum) {
                into.partialChecksum(at + checksumStart, checksumOffset);
            }
            into.gso(gso, gsoSize);
            delivered = true;
        }
    }

    private final Slot[] slots;
    private final WireQuality quality;
    private final Clock clock;
    private final RandomGenerator random;
    private final AtomicLong head = new AtomicLong();
    private final AtomicLong tail = new AtomicLong();
    private volatile @Nullable PortWaiter receiver;

    FrameRing(SimulatedWire.Properties properties, Clock clock, RandomGenerator random) {
        this.slots = new Slot[properties.frames()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot();
        }
        this.quality = properties.quality();
        this.clock = clock;
        this.random = random;
    }

    void wakes(PortWaiter waiter) {
        receiver = waiter;
    }

    /** Copies a frame in. @return false when the ring is full; a frame that the wire loses was taken */
    boolean send(Packet packet) {
        if (tail.getPlain() - head.getAcquire() == slots.length) {
            return false;
        }
        if (!happens(quality.loss())) {
            put(packet);
            if (happens(quality.duplicate()) && tail.getPlain() - head.getAcquire() < slots.length) {
                put(packet);
            }
        }
        return true;
    }

    /** Tells the receiver that frames are there. */
    void announce() {
        PortWaiter waiter = receiver;
        if (waiter != null) {
            waiter.wake();
        }
    }

    int receive(PacketBurst into, PacketPool pool) {
        long first = head.getPlain();
        long end = Math.min(tail.getAcquire(), first + LOOK_AHEAD);
        if (first == end) {
            return 0;
        }
        long now = clock.nanos();
        int count = 0;
        for (long at = first; at < end && !into.isFull(); at++) {
            Slot slot = slots[(int) (at % slots.length)];
            if (!slot.delivered && slot.due - now <= 0) {
                Packet packet = pool.take();
                if (packet == null) {
                    break;
                }
                slot.deliver(packet);
                into.add(packet);
                count++;
            }
        }
        while (first < end && slots[(int) (first % slots.length)].delivered) {
            first++;
        }
        head.setRelease(first);
        return count;
    }

    private void put(Packet packet) {
        long due = clock.nanos() + quality.delay().toNanos();
        if (happens(quality.reorder())) {
            due += quality.reorderDelay().toNanos();
        }
        long at = tail.getPlain();
        slots[(int) (at % slots.length)].fill(packet, due);
        tail.setRelease(at + 1);
    }

    private boolean happens(double share) {
        return share > 0 && random.nextDouble() < share;
    }
}
