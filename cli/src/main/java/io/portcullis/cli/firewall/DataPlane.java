package io.portcullis.cli.firewall;

import io.portcullis.core.capture.Capture;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.connection.Announcements;
import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.connection.SourceCounts;
import io.portcullis.core.connection.Steering;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.iface.CoreInterface;
import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.pipeline.AccessControl;
import io.portcullis.core.pipeline.ActiveConfiguration;
import io.portcullis.core.pipeline.Handoff;
import io.portcullis.core.pipeline.IpsecGate;
import io.portcullis.core.pipeline.PacketTrace;
import io.portcullis.core.pipeline.Pipeline;
import io.portcullis.core.pipeline.PipelineSettings;
import io.portcullis.core.pipeline.PublishedConfiguration;
import io.portcullis.core.pipeline.Worker;
import io.portcullis.core.pipeline.WorkerSettings;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortWaiter;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.shaping.Pipe;
import io.portcullis.core.shaping.PipeRules;
import io.portcullis.core.shaping.PipeUser;
import io.portcullis.core.shaping.PipeView;
import io.portcullis.core.tcp.TcpClient;
import io.portcullis.core.time.Clock;
import io.portcullis.core.trace.TraceReport;
import io.portcullis.ipsec.tunnel.IpsecSettings;
import io.portcullis.rules.policy.CompiledRuleSet;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The workers and what they drive. They start when a configuration has something for them to do for the first time, as
 * many as it asks for, and stay.
 */
final class DataPlane implements WorkerMailbox, AutoCloseable {
    /** Buffers of each worker: reserved address space, of which only what is used becomes memory. */
    private static final int PACKETS = 4096;

    private static final long PATIENCE_SECONDS = 10;

    private final Machine machine;
    private final IpsecGate gate;
    private final EventSink events;
    private final Clock clock;
    private final SecureRandom random;
    private final PublishedConfiguration published;
    private final CoreInterface core;
    private final EchoClient echo;
    private final TcpClient tcp;
    private final Optional<Port> tun;
    private final List<WorkerCommand> timers = new ArrayList<>();
    private final List<PortWaiter> waiters = new ArrayList<>();
    private List<PacketPool> pools = List.of();
    private volatile List<Worker> workers = List.of();
    private volatile @Nullable WorkerSettings settings;

    DataPlane(
            Machine machine,
            IpsecGate gate,
            Optional<Machine.SocketDevice> sockets,
            EventSink events,
            Clock clock,
            SecureRandom random) {
        this.machine = machine;
        this.gate = gate;
        this.events = events;
        this.clock = clock;
        this.random = random;
        this.tun = sockets.map(Machine.SocketDevice::port);
        echo = new EchoClient(this, random);
        tcp = new TcpClient(this, random);
        core = new CoreInterface(0, gate, echo, tcp, tun.orElse(null));
        published = new PublishedConfiguration(new ActiveConfiguration(
                0,
                List.of(core),
                core,
                RoutingTables.EMPTY,
                AccessControl.NONE,
                CompiledRuleSet.EMPTY,
                PipeRules.NONE,
                AddressSet.EMPTY,
                PipelineSettings.DEFAULT));
    }

    /** Has every worker do something every few milliseconds; to be called before {@link #start}. */
    void every(WorkerCommand timer) {
        timers.add(timer);
    }

    /**
     * Starts the workers, unless they run.
     *
     * @throws ConfigError when the system does not give what they need
     */
    synchronized void start(WorkerSettings settings) {
        if (!workers.isEmpty()) {
            return;
        }
        int count = count(settings);
        this.settings = settings;
        List<Steering> steerings = Steering.group(count, random);
        SourceCounts sources = new SourceCounts(random);
        Announcements announcements = new Announcements(random);
        List<Handoff> handoffs = Handoff.group(count);
        ConnectionLimits limits = ConnectionLimits.DEFAULT.share(count);
        List<Worker> made = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                waiters.add(machine.waiter());
            }
        } catch (IOException e) {
            throw new ConfigError("Settings WorkerSettings: Workers: " + e.getMessage());
        }
        pools = PacketPool.group(count, PACKETS);
        for (int i = 0; i < count; i++) {
            ConnectionTable connections = new ConnectionTable(
                    limits, events, steerings.get(i), sources, announcements, random, clock.nanos());
            Pipeline pipeline =
                    new Pipeline(published, pools.get(i), connections, gate, events, steerings.get(i), handoffs.get(i));
            Worker worker = new Worker("worker-" + i, pipeline, clock, waiters.get(i));
            timers.forEach(worker::every);
            made.add(worker);
        }
        made.getFirst().attach(core);
        workers = List.copyOf(made);
        for (Worker worker : made) {
            worker.start(() -> settle(worker, settings));
        }
    }

    /** On the worker's thread, before anything else. */
    private void settle(Worker worker, WorkerSettings settings) {
        try {
            if (settings.pinning()) {
                machine.bind(worker.index());
            }
        } catch (IOException e) {
            events.emit(FirewallEvents.WORKER_NOT_BOUND, "none", worker.index(), String.valueOf(e.getMessage()));
        }
        try {
            machine.hasten(settings, worker::rounds);
        } catch (IOException e) {
            events.emit(FirewallEvents.WORKER_NOT_HASTENED, "none", worker.index(), String.valueOf(e.getMessage()));
        }
    }

    /** How many workers these settings mean on this machine. */
    static int count(WorkerSettings settings) {
        return settings.count(Runtime.getRuntime().availableProcessors());
    }

    /** What those that run were started with; null before there are any. */
    @Nullable
    WorkerSettings settings() {
        return settings;
    }

    /** The workers, in their order; none before there is something to do. */
    List<Worker> running() {
        return workers;
    }

    @Override
    public int workers() {
        return Math.max(1, workers.size());
    }

    @Override
    public boolean execute(WorkerCommand command) {
        return execute(0, command);
    }

    @Override
    public boolean execute(int worker, WorkerCommand command) {
        List<Worker> now = workers;
        return worker < now.size() && now.get(worker).execute(command);
    }

    /** Has each worker do something when it comes to it; one whose mailbox is full does not. */
    void tell(WorkerCommand command) {
        workers.forEach(worker -> worker.execute(command));
    }

    /** Has each worker do something between two bursts, and waits until all have done it. */
    void onEach(Consumer<Worker> work) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Worker worker : workers) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            all.add(done);
            boolean taken = worker.execute((_, _) -> {
                try {
                    work.accept(worker);
                    done.complete(null);
                } catch (RuntimeException defect) {
                    done.completeExceptionally(defect);
                }
            });
            if (!taken) {
                done.completeExceptionally(new IllegalStateException("its mailbox is full"));
            }
        }
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a worker did not do what it was asked", e);
        }
    }

    ActiveConfiguration active() {
        return published.active();
    }

    void publish(ActiveConfiguration next) {
        published.publish(next);
    }

    /** What would become of a packet of the caller's own; empty when there is no such interface. */
    Optional<CompletableFuture<TraceReport>> trace(Packet packet, String iface) {
        List<Worker> now = workers;
        return now.isEmpty() ? Optional.empty() : active().byName(iface).map(in -> PacketTrace.of(now, packet, in));
    }

    /** Has the workers fill a capture, or with null stop; those that run have stopped when this returns. */
    void capture(@Nullable Capture next) {
        published.capture(next);
        if (next == null) {
            onEach(_ -> {});
        }
    }

    CoreInterface core() {
        return core;
    }

    EchoClient echo() {
        return echo;
    }

    TcpClient tcp() {
        return tcp;
    }

    /** Packets that died for this reason, all workers together. */
    long drops(DropReason reason) {
        return sum(worker -> worker.pipeline().drops(reason));
    }

    /** What the pipes do now, by name. */
    List<PipeView> pipes() {
        List<Pipe> all = active().pipes().pipes();
        Queue<PipeView> views = new ConcurrentLinkedQueue<>();
        onOwners(all, pipe -> views.add(pipe.view(clock.nanos())));
        return views.stream()
                .sorted(Comparator.comparing(view -> view.definition().name()))
                .toList();
    }

    /** Who uses a pipe, the busiest first; empty when there is no such pipe. */
    Optional<List<PipeUser>> usersOf(String name) {
        List<Pipe> named = active().pipes().pipes().stream()
                .filter(pipe -> pipe.name().equals(name))
                .toList();
        Queue<PipeUser> users = new ConcurrentLinkedQueue<>();
        onOwners(named, pipe -> users.addAll(pipe.users(clock.nanos())));
        return named.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(users));
    }

    /** A pipe is asked by the worker that it belongs to; without workers nobody has it. */
    private void onOwners(List<Pipe> pipes, Consumer<Pipe> work) {
        if (workers.isEmpty()) {
            pipes.forEach(work);
        } else {
            onEach(worker -> pipes.stream()
                    .filter(pipe -> pipe.owner() == worker.index())
                    .forEach(work));
        }
    }

    long connections() {
        return sum(worker -> worker.pipeline().connections().size());
    }

    long connectionLimit() {
        return sum(worker -> worker.pipeline().connections().capacity());
    }

    long buffersFree() {
        return sum(worker -> worker.pipeline().pool().available());
    }

    long buffers() {
        return sum(worker -> worker.pipeline().pool().size());
    }

    private long sum(ToLongFunction<Worker> counter) {
        return workers.stream().mapToLong(counter).sum();
    }

    /** What the pipeline is to do as the operator chose. */
    static PipelineSettings settings(Configuration configuration) {
        return PipelineSettings.of(
                configuration, configuration.settings(IpsecSettings.class).beforeRules());
    }

    /** Ends the workers; from here on ports may be closed by others. */
    synchronized void stop() {
        workers.forEach(Worker::close);
        workers.forEach(Worker::discardHandedOver);
    }

    @Override
    public synchronized void close() {
        stop();
        tun.ifPresent(Port::close);
        waiters.forEach(PortWaiter::close);
        pools.forEach(PacketPool::close);
    }
}
