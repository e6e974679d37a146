package io.portcullis.test.port;

import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.packet.Segmenter;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.linux.DeviceException;
import io.portcullis.core.port.linux.PollWaiter;
import java.util.concurrent.atomic.LongAdder;

/** Hands everything that comes in by one port out by the other, on a thread of its own. */
final class TwoPortBridge implements AutoCloseable {
    private final PacketPool pool = new PacketPool(512);
    private final Port left;
    private final Port right;
    private final boolean cut;
    private final PollWaiter waiter;
    private final Thread thread;
    private volatile boolean over;

    final LongAdder rounds = new LongAdder();
    final LongAdder frames = new LongAdder();
    final LongAdder superPackets = new LongAdder();
    final LongAdder udpSuperPackets = new LongAdder();
    final LongAdder partialChecksums = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder malformed = new LongAdder();
    volatile int longest;

    /** @param cut cuts super-packets and finishes checksums itself, as a tunnel must */
    TwoPortBridge(Port left, Port right, boolean cut) throws DeviceException {
        this.left = left;
        this.right = right;
        this.cut = cut;
        this.waiter = new PollWaiter();
        waiter.watch(left);
        waiter.watch(right);
        this.thread = new Thread(this::run, "bridge");
        thread.start();
    }

    private void run() {
        PacketBurst burst = new PacketBurst();
        PacketBurst out = new PacketBurst();
        while (!over) {
            rounds.increment();
            int moved = move(left, right, burst, out) + move(right, left, burst, out);
            if (moved == 0) {
                waiter.await(1_000_000_000L);
            }
        }
    }

    private int move(Port from, Port to, PacketBurst burst, PacketBurst out) {
        int count = from.receive(burst, pool);
        for (int i = 0; i < count; i++) {
            see(burst.get(i));
        }
        if (cut) {
            for (int i = 0; i < count; i++) {
                finish(burst.get(i), to, out);
            }
            send(out, to);
        } else if (count > 0) {
            refused.add(burst.size() - to.send(burst));
        }
        giveBack(burst);
        return count;
    }

    private void see(Packet packet) {
        frames.increment();
        superPackets.add(packet.gso() == Packet.Gso.NONE ? 0 : 1);
        udpSuperPackets.add(packet.gso() == Packet.Gso.UDP ? 1 : 0);
        partialChecksums.add(packet.partialChecksum() ? 1 : 0);
        longest = Math.max(longest, packet.length());
    }

    private void finish(Packet packet, Port to, PacketBurst out) {
        int frame = packet.start();
        if (to.capabilities().linkLayer()) {
            packet.pull(Ethernet.headerLength(packet.buffer(), frame));
        }
        boolean parsed = Headers.parse(packet) == DropReason.NONE;
        packet.bounds(frame, packet.end());
        int count = packet.gso() == Packet.Gso.NONE ? 1 : parsed ? Segmenter.count(packet) : 0;
        malformed.add(count == 0 ? 1 : 0);
        for (int i = 0; i < count; i++) {
            if (out.isFull()) {
                send(out, to);
            }
            Packet segment = pool.take();
            if (segment == null) {
                throw new IllegalStateException("no packet left");
            }
            if (packet.gso() == Packet.Gso.NONE) {
                segment.copyFrom(packet);
                Checksums.complete(segment);
            } else {
                Segmenter.cut(packet, i, segment);
            }
            out.add(segment);
        }
    }

    private void send(PacketBurst out, Port to) {
        refused.add(out.size() - to.send(out));
        giveBack(out);
    }

    private void giveBack(PacketBurst burst) {
        for (int i = 0; i < burst.size(); i++) {
            pool.give(burst.get(i));
        }
        burst.clear();
    }

    /** Ends the thread; the ports stay open. */
    @Override
    public void close() {
        over = true;
        waiter.wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waiter.close();
    }

    @Override
    public String toString() {
        return frames + " frames, " + superPackets + " super-packets (" + udpSuperPackets + " UDP), " + partialChecksums
                + " partial checksums, " + refused + " refused, longest " + longest;
    }
}
