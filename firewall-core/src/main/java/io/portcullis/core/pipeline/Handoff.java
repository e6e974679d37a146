package io.portcullis.core.pipeline;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
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

    /**
     * Has another worker go on with a packet, whose flow it owns. Takes the packet over, with the way that was chosen.
     */
    void pass(Packet packet, int to, PacketWorker from) {
        pass(packet, to, Packet.Handoff.FLOW, packet.egress(), packet.gateway(), from);
    }

    /** Has another worker send a packet by an interface of which this one has no port. Takes the packet over. */
    void sendBy(Packet packet, int to, NetworkInterface egress, @Nullable IpAddress gateway, PacketWorker from) {
        pass(packet, to, Packet.Handoff.SEND, egress, gateway, from);
    }

    /** Has the owner of the pipes that a packet goes through take it. Takes the packet over, with its way out. */
    void shape(Packet packet, int to, PacketWorker from) {
        pass(packet, to, Packet.Handoff.SHAPE, packet.egress(), packet.gateway(), from);
    }

    /** Gives every other worker a copy, as far as there are buffers. The packet stays the caller's. */
    void tellOthers(Packet packet, PacketWorker from) {
        for (int other = 0; other < group.size(); other++) {
            Packet copy = other == worker ? null : from.pool().take();
            if (copy != null) {
                copy.copyFrom(packet);
                pass(copy, other, Packet.Handoff.COPY, null, null, from);
            }
        }
    }

    private void pass(
            Packet packet,
            int to,
            Packet.Handoff what,
            @Nullable NetworkInterface egress,
            @Nullable IpAddress gateway,
            PacketWorker from) {
        packet.handoff(what, egress, gateway);
        if (!offer(packet, to)) {
            from.drop(packet, DropReason.HANDOFF_FULL);
        }
    }

    private boolean offer(Packet packet, int to) {
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
