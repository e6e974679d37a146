package io.portcullis.core.pipeline;

import io.portcullis.core.iface.CoreInterface;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.EthernetLink;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.neighbour.Neighbours;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketBurst;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortWaiter;
import io.portcullis.core.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Drives ports through the pipeline on a thread of its own, run to completion: receive a burst, send what came of it.
 * Everything that the pipeline touches belongs to this thread; others reach it by {@link #execute}. {@link #step} is
 * the whole of its life, so a test may be the thread.
 */
public final class Worker implements WorkerMailbox, AutoCloseable {
    private static final int MAILBOX = 4096;
    private static final int COMMANDS_PER_STEP = 256;
    /**
     * How long the TUN device is left alone, nanoseconds, when it was empty and others bring packets: every look is a
     * system call.
     */
    private static final long SOCKETS_PAUSE = 20_000L;
    /** Bursts from one port before the others get their turn. */
    private static final int BURSTS_PER_STEP = 4;
    /** How often connections, fragments and tunnels are aged, nanoseconds. */
    private static final long TICK = 5_000_000L;
    /** How often neighbours are. */
    private static final long NEIGHBOUR_TICK = 250_000_000L;
    /**
     * Empty rounds before the thread sleeps, at most. Few: where cores are shared, whoever is waited for needs them. A
     * wait that was in vain halves the next one, one that was not doubles it.
     */
    private static final int MOST_SPINS = 64;

    private static final int LEAST_SPINS = 4;
    /**
     * The longest sleep, nanoseconds. Each one from which nothing woke the thread doubles the next, from {@link #TICK}
     * on: nothing that is aged needs to be aged so often, and every wake-up costs an idle machine some microseconds.
     */
    private static final long LONGEST_SLEEP = 16 * TICK;
    /** The shortest sleep, nanoseconds, while packets wait in pipes: they leave together then. */
    private static final long LEAST_SLEEP = 200_000L;
    /** Bursts from one other worker before the ports get their turn. */
    private static final int HANDED_PER_STEP = 4 * PacketBurst.CAPACITY;

    private final String name;
    private final Pipeline pipeline;
    private final Clock clock;
    private final PortWaiter waiter;
    private final MpscAtomicArrayQueue<WorkerCommand> mailbox = new MpscAtomicArrayQueue<>(MAILBOX);
    private final PacketBurst burst = new PacketBurst();
    private final List<EthernetLink> links = new ArrayList<>();
    private final List<EthernetInterface> interfaces = new ArrayList<>();
    private final List<WorkerCommand> timers = new ArrayList<>();
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final Handoff handoff;
    private final WorkerCounters counters = new WorkerCounters();
    private @Nullable CoreInterface core;
    private @Nullable Thread thread;
    private boolean ticked;
    private long lastTick;
    private long lastNeighbourTick;
    private boolean socketsWereEmpty;
    private long lastFromSockets;

    /**
     * @param name of the thread
     * @param waiter how to sleep; knows of the ports that {@link #attach} is given
     */
    public Worker(String name, Pipeline pipeline, Clock clock, PortWaiter waiter) {
        this.name = name;
        this.pipeline = pipeline;
        this.clock = clock;
        this.waiter = waiter;
        handoff = pipeline.handoff();
        handoff.wakes(waiter);
    }

    /** Its number among the workers, from 0. */
    public int index() {
        return pipeline.index();
    }

    /** What it has done, a moment late; any thread. */
    public WorkerUse use() {
        return new WorkerUse(
                index(),
                counters.bursts,
                counters.packets,
                handoff.handedIn(),
                handoff.handedOut(),
                handoff.refused(),
                counters.busyNanos,
                counters.idleNanos);
    }

    /** How often it has looked for something to do, or -1 while it sleeps; any thread. */
    public long rounds() {
        return counters.asleep ? -1 : counters.rounds;
    }

    public Pipeline pipeline() {
        return pipeline;
    }

    /** Starts the thread. */
    public void start() {
        start(() -> {});
    }

    /** @param first what the thread does before anything else */
    public synchronized void start(Runnable first) {
        Thread started = Thread.ofPlatform().name(name).daemon(true).unstarted(() -> {
            first.run();
            run();
        });
        thread = started;
        started.start();
    }

    @Override
    public boolean execute(WorkerCommand command) {
        boolean taken = mailbox.offer(command);
        waiter.wake();
        return taken;
    }

    // The calls from here to step() are made on the worker's thread, that is in commands, or before it starts.

    /** Takes on a port that was opened for this worker. */
    public void attach(EthernetLink link) {
        links.add(link);
        waiter.watch(link.port());
    }

    /** Gives a port up; the caller closes it. */
    public void detach(EthernetLink link) {
        links.remove(link);
        waiter.forget(link.port());
    }

    /** Takes on an interface of an attached link, and says on the link where its addresses are. */
    public void attach(EthernetLink link, EthernetInterface iface) {
        link.attach(iface);
        interfaces.add(iface);
        // Once is enough, whichever of the device's ports it leaves by.
        if (iface.links().getFirst().equals(link)) {
            iface.neighbours().announce(pipeline);
        }
    }

    /** Gives an interface up: its neighbours are forgotten, its connections closed. */
    public void detach(EthernetLink link, EthernetInterface iface) {
        iface.flush(pipeline, clock.nanos());
        link.detach(iface);
        interfaces.remove(iface);
        Neighbours neighbours = iface.neighbours(index());
        if (neighbours != null) {
            neighbours.flush(pipeline);
        }
        forget(iface);
    }

    /** Closes the connections of an interface that is gone, a tunnel's for instance. */
    public void forget(NetworkInterface iface) {
        pipeline.connections().forget(iface);
    }

    /** Takes on the {@code core} interface, whose TUN device this worker reads. */
    public void attach(CoreInterface newCore) {
        core = newCore;
        Port tun = newCore.tun();
        if (tun != null) {
            waiter.watch(tun);
        }
    }

    /** Has the command run every few milliseconds, from now on. */
    public void every(WorkerCommand timer) {
        timers.add(timer);
    }

    /**
     * One round: commands, a burst or a few of each port, timers.
     *
     * @param now monotonic nanoseconds
     * @return how many packets and commands there were
     */
    public int step(long now) {
        pipeline.begin(now);
        int done = commands(now) + handedOver(now);
        for (int i = 0; i < links.size(); i++) {
            done += receive(links.get(i), now);
        }
        if (done == 0 || !socketsWereEmpty || now - lastFromSockets >= SOCKETS_PAUSE) {
            done += receiveFromSockets(now);
        }
        done += pipeline.release();
        tick(now);
        pipeline.end(now);
        return done;
    }

    private int commands(long now) {
        int done = 0;
        // A long command works in slices and puts itself in again: its next slice is not of this round.
        int waiting = mailbox.isEmpty() ? 0 : Math.min(mailbox.size(), COMMANDS_PER_STEP);
        WorkerCommand command;
        // Relaxed: a sender that was interrupted between its two steps does not hold up packets.
        while (done < waiting && (command = mailbox.relaxedPoll()) != null) {
            run(command, now);
            done++;
        }
        return done;
    }

    private int handedOver(long now) {
        int done = 0;
        for (int from = 0; from < handoff.workers(); from++) {
            Packet packet;
            for (int i = 0; i < HANDED_PER_STEP && (packet = handoff.poll(from)) != null; i++) {
                pipeline.handedOver(packet);
                done++;
                if (done % PacketBurst.CAPACITY == 0) {
                    pipeline.end(now);
                }
            }
        }
        if (done > 0) {
            pipeline.end(now);
        }
        return done;
    }

    private int receive(EthernetLink link, long now) {
        int done = 0;
        for (int round = 0; round < BURSTS_PER_STEP; round++) {
            int received = link.port().receive(burst, pipeline.pool());
            for (int i = 0; i < received; i++) {
                pipeline.frame(burst.get(i), link);
            }
            burst.clear();
            pipeline.end(now);
            counters.received(received);
            done += received;
            if (received < PacketBurst.CAPACITY) {
                break;
            }
        }
        return done;
    }

    private int receiveFromSockets(long now) {
        Port tun = core == null ? null : core.tun();
        if (tun == null) {
            return 0;
        }
        int received = tun.receive(burst, pipeline.pool());
        for (int i = 0; i < received; i++) {
            pipeline.fromSockets(burst.get(i));
        }
        burst.clear();
        pipeline.end(now);
        counters.received(received);
        socketsWereEmpty = received == 0;
        lastFromSockets = now;
        return received;
    }

    private void tick(long now) {
        if (ticked && now - lastTick < TICK) {
            return;
        }
        pipeline.tick();
        for (int i = 0; i < timers.size(); i++) {
            run(timers.get(i), now);
        }
        if (!ticked || now - lastNeighbourTick >= NEIGHBOUR_TICK) {
            lastNeighbourTick = now;
            for (int i = 0; i < interfaces.size(); i++) {
                Neighbours neighbours = interfaces.get(i).neighbours(index());
                if (neighbours != null) {
                    neighbours.tick(pipeline, now);
                }
            }
        }
        lastTick = now;
        ticked = true;
    }

    /** A command that throws is a defect of its sender's; the packets of others go on. */
    private void run(WorkerCommand command, long now) {
        try {
            command.run(pipeline, now);
        } catch (RuntimeException defect) {
            pipeline.defect(defect);
        }
    }

    private void run() {
        int idle = 0;
        int spins = MOST_SPINS;
        long sleep = TICK;
        long before = clock.nanos();
        boolean slept = false;
        while (running.get()) {
            long now = clock.nanos();
            counters.passed(now - before, slept);
            counters.rounds++;
            before = now;
            slept = false;
            if (step(now) > 0) {
                spins = idle > 0 && idle < spins ? Math.min(MOST_SPINS, 2 * spins) : spins;
                idle = 0;
                sleep = TICK;
            } else if (++idle < spins) {
                Thread.onSpinWait();
            } else {
                if (idle == spins) {
                    spins = Math.max(LEAST_SPINS, spins / 2);
                    idle = spins;
                }
                counters.asleep = true;
                waiter.await(Math.min(sleep, Math.max(LEAST_SLEEP, pipeline.idle(now))));
                counters.asleep = false;
                sleep = Math.min(LONGEST_SLEEP, 2 * sleep);
                slept = true;
            }
        }
        // What was asked before the end is done: an interface that is given back, a command that somebody waits for.
        step(clock.nanos());
    }

    /**
     * Gives back what was handed to this worker and not taken yet; after the end of all workers of the group, on any
     * thread.
     */
    public void discardHandedOver() {
        for (int from = 0; from < handoff.workers(); from++) {
            Packet packet;
            while ((packet = handoff.poll(from)) != null) {
                pipeline.pool().give(packet);
            }
        }
    }

    /** Ends the thread and waits for it. Ports are their openers' to close. */
    @Override
    public synchronized void close() {
        running.set(false);
        waiter.wake();
        Thread ours = thread;
        if (ours == null || ours.equals(Thread.currentThread())) {
            return;
        }
        boolean interrupted = false;
        while (ours.isAlive()) {
            try {
                ours.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
