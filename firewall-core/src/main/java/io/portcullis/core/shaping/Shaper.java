package io.portcullis.core.shaping;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.event.EventLimit;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pipes of one worker in which packets wait, and when they are to be looked at. */
public final class Shaper {
    private static final int FIRST = 16;

    private final Room room;
    private final EventLimit full;
    private final Exit exit;
    /** Those that are not empty. */
    private PipeQueue[] queues = new PipeQueue[FIRST];

    private int size;

    /** Where packets go behind their last pipe. */
    @FunctionalInterface
    public interface Exit {
        /** A packet may leave, by the interface that it was handed in with. Takes it over. */
        void leave(Packet packet);
    }

    /**
     * @param workers how many there are
     * @param buffers in the pool of each
     */
    public Shaper(int workers, int buffers, EventSink events, Exit exit) {
        room = new Room(workers, buffers);
        full = new EventLimit(PipeEvents.FULL, 1, events);
        this.exit = exit;
    }

    /**
     * Puts a packet into the pipe that its passage is at; it leaves at once if it may.
     *
     * @return NONE when it was taken over, else why it must die
     */
    public DropReason enter(Packet packet, PacketWorker worker, long now) {
        Pipe pipe = packet.passage().pipe();
        PipeQueue queue = pipe.queue(room, now);
        boolean wasEmpty = queue.isEmpty();
        long dropped = queue.dropped();
        DropReason why = queue.add(packet, worker, now);
        if (queue.dropped() != dropped && full.admits(now)) {
            full.emit("drop", pipe.name(), packet.passage().precedence(), queue.waiting());
        }
        if (why != NONE) {
            return why;
        }
        if (wasEmpty) {
            add(queue);
        }
        drain(queue, worker, now);
        return NONE;
    }

    /**
     * The pipe that has no room for a packet which would come now, as far as it would come without waiting; null when
     * there is none. Nothing changes but the packet's passage, which knows whose it is.
     */
    public static @Nullable Pipe full(Packet packet, PipeChain pipes, long now) {
        Passage passage = packet.passage();
        passage.begin(pipes, pipes.precedence(packet));
        do {
            PipeQueue queue = passage.pipe().queue();
            if (queue != null && !queue.wouldTake(packet, now)) {
                return passage.pipe();
            }
            if (queue != null && queue.wouldHold(passage, now)) {
                return null;
            }
        } while (passage.advance());
        return null;
    }

    private void drain(PipeQueue queue, PacketWorker worker, long now) {
        Packet packet;
        while ((packet = queue.next(worker, now)) != null) {
            if (!packet.passage().advance()) {
                exit.leave(packet);
                continue;
            }
            DropReason why = enter(packet, worker, now);
            if (why != NONE) {
                worker.drop(packet, why);
            }
        }
        if (queue.isEmpty()) {
            remove(queue);
        }
    }

    private void add(PipeQueue queue) {
        if (size == queues.length) {
            queues = Arrays.copyOf(queues, 2 * size);
        }
        queues[size++] = queue;
    }

    private void remove(PipeQueue queue) {
        for (int i = 0; i < size; i++) {
            if (queues[i].equals(queue)) {
                queues[i] = queues[--size];
                return;
            }
        }
    }

    /** Lets go what may go now; to be called in each round. @return how many do not wait any more */
    public int release(PacketWorker worker, long now) {
        int released = 0;
        for (int i = size - 1; i >= 0; i--) {
            if (i >= size || now - queues[i].due() < 0) {
                continue;
            }
            PipeQueue queue = queues[i];
            int before = queue.waiting();
            drain(queue, worker, now);
            released += before - queue.waiting();
        }
        return released;
    }

    /** How long nothing needs to be released, nanoseconds; {@link Long#MAX_VALUE} when nothing waits. */
    public long idle(long now) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            least = Math.min(least, Math.max(0, queues[i].due() - now));
        }
        return least;
    }

    /** Only these interfaces run from now on: what waits for another one dies. */
    public void interfaces(List<NetworkInterface> running, PacketWorker worker) {
        for (int i = size - 1; i >= 0; i--) {
            PipeQueue queue = queues[i];
            queue.drop(packet -> !runs(packet.egress(), running), DropReason.INTERFACE_DOWN, worker);
            if (queue.isEmpty()) {
                remove(queue);
            }
        }
    }

    private static boolean runs(@Nullable NetworkInterface egress, List<NetworkInterface> running) {
        return egress != null && running.contains(egress);
    }

    /** Says what log lines were swallowed. */
    public void tick(long now) {
        full.tick(now);
    }
}
