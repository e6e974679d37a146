package io.portcullis.core.pipeline;

import io.portcullis.core.packet.Packet;
import io.portcullis.core.port.PortWaiter;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * How one worker hands packets to the others and is handed theirs: a ring for each ordered pair, written by one and
 * read by one, so that packets of a flow stay in order. Used by its worker only; counts are read by anybody, a moment
 * late.
 */
public final class Handoff {
    /** Packets that wait between two workers; what comes on top is dropped. */
    static final int RING = 2048;

    private final int worker;
    private final List<Queue<Packet>> out = new ArrayList<>();
    private final List<Queue<Packet>> in = new ArrayList<>();
    private final List<Handoff> group;
    private final boolean[] told;
    private boolean anybodyTold;
    private @Nullable PortWaiter waiter;
    private long handedOut;
    private long handedIn;
    private long refused;

    private Handoff(int worker, int workers, List<Handoff> group) {
        this.worker = worker;
        this.group = group;
        told = new boolean[workers];
    }

    /** The rings of each of so many workers, in their order. */
    public static List<Handoff> group(int workers) {
        List<Handoff> group = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            group.add(new Handoff(worker, workers, group));
        }
        for (Handoff from : group) {
            for (Handoff to : group) {
                Queue<Packet> ring = new SpscAtomicArrayQueue<>(from == to ? 2 : RING);
                from.out.add(ring);
                to.in.add(ring);
            }
        }
        return group;
    }

    int workers() {
        return group.size();
    }

    /** How this worker sleeps; before any of the group runs. */
    void wakes(PortWaiter newWaiter) {
        waiter = newWaiter;
    }

    /** Hands a packet over; false when the ring is full. */
    boolean offer(Packet packet, int to) {
        if (!out.get(to).offer(packet)) {
            refused++;
            return false;
        }
        handedOut++;
        told[to] = true;
        anybodyTold = true;
        return true;
    }

    /** The next packet from a worker, null when there is none. */
    @Nullable
    Packet poll(int from) {
        Packet packet = in.get(from).poll();
        if (packet != null) {
            handedIn++;
        }
        return packet;
    }

    /** Wakes those who were handed something; at the end of each burst. */
    void wakeOthers() {
        if (!anybodyTold) {
            return;
        }
        anybodyTold = false;
        // The packets are seen before the question whether anybody sleeps is asked.
        VarHandle.fullFence();
        for (int to = 0; to < told.length; to++) {
            if (told[to]) {
                told[to] = false;
                group.get(to).wake();
            }
        }
    }

    private void wake() {
        PortWaiter sleeper = waiter;
        if (sleeper != null) {
            sleeper.wake();
        }
    }

    int worker() {
        return worker;
    }

    long handedOut() {
        return handedOut;
    }

    long handedIn() {
        return handedIn;
    }

    /** Packets that found the ring full. */
    long refused() {
        return refused;
    }
}
