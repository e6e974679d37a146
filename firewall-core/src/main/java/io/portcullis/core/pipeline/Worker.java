package io.portcullis.core.pipeline;

import io.portcullis.core.iface.CoreInterface;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.EthernetLink;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.iface.WorkerMailbox;
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
 * Everything that the pipeline touches belongs to this thread; others reach it by {@link #execute}. {@link #step} is the
 * whole of its life, so a test may be the thread.
 */
public final class Worker implements WorkerMailbox, AutoCloseable {
    private static final int MAILBOX = 4096;
    private static final int COMMANDS_PER_STEP = 256;
    /** Bursts from one port before the others get their turn. */
    private static final int BURSTS_PER_STEP = 4;
    /** How often connections, fragments and tunnels are aged, nanoseconds. */
    private static final long TICK = 5_000_000L;
    /** How often neighbours are. */
    private static final long NEIGHBOUR_TICK = 250_000_000L;
    /** Empty rounds before the thread sleeps. Few: where cores are shared, whoever is waited for needs them. */
    private static final int SPINS = 64;

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
    private @Nullable CoreInterface core;
    private @Nullable Thread thread;
    private boolean ticked;
    private long lastTick;
    private long lastNeighbourTick;

    /**
     * @param name of the thread
     * @param waiter how to sleep; knows of the ports that {@link #attach} is given
     */
    public Worker(String name, Pipeline pipeline, Clock clock, PortWaiter waiter) {
        this.name = name;
        this.pipeline = pipeline;
        this.clock = clock;
        this.waiter = waiter;
    }

    public Pipeline pipeline() {
        return pipeline;
    }

    /** Starts the thread. */
    public synchronized void start() {
        Thread started = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
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
        iface.neighbours().announce(pipeline);
    }

    /** Gives an interface up: its neighbours are forgotten, its connections closed. */
    public void detach(EthernetLink link, EthernetInterface iface) {
        iface.flush(pipeline, clock.nanos());
        link.detach(iface);
        interfaces.remove(iface);
        iface.neighbours().flush(pipeline);
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
        int done = commands(now);
        for (int i = 0; i < links.size(); i++) {
            done += receive(links.get(i), now);
        }
        done += receiveFromSockets(now);
        tick(now);
        pipeline.end(now);
        return done;
    }

    private int commands(long now) {
        int done = 0;
        // A long command works in slices and puts itself in again: its next slice is not of this round.
        int waiting = mailbox.isEmpty() ? 0 : Math.min(mailbox.size(), COMMANDS_PER_STEP);
        WorkerCommand command;
        while (done < waiting && (command = mailbox.poll()) != null) {
            run(command, now);
            done++;
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
                interfaces.get(i).neighbours().tick(pipeline, now);
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
        while (running.get()) {
            if (step(clock.nanos()) > 0) {
                idle = 0;
            } else if (++idle < SPINS) {
                Thread.onSpinWait();
            } else {
                waiter.await(TICK);
            }
        }
        // What was asked before the end is done: an interface that is given back, a command that somebody waits for.
        step(clock.nanos());
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
