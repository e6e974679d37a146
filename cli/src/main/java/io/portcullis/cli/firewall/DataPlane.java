package io.portcullis.cli.firewall;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.icmp.EchoClient;
import io.portcullis.core.iface.CoreInterface;
import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.pipeline.AccessControl;
import io.portcullis.core.pipeline.ActiveConfiguration;
import io.portcullis.core.pipeline.IpsecGate;
import io.portcullis.core.pipeline.Pipeline;
import io.portcullis.core.pipeline.PipelineSettings;
import io.portcullis.core.pipeline.PublishedConfiguration;
import io.portcullis.core.pipeline.Worker;
import io.portcullis.core.port.Port;
import io.portcullis.core.port.PortWaiter;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.tunnel.IpsecSettings;
import io.portcullis.rules.policy.CompiledRuleSet;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The worker and what it drives. */
final class DataPlane implements AutoCloseable {
    /** Buffers: reserved address space, of which only what is used becomes memory. */
    private static final int PACKETS = 4096;

    private static final long PATIENCE_SECONDS = 10;

    private final PacketPool pool = new PacketPool(PACKETS);
    private final PublishedConfiguration published;
    private final ConnectionTable connections;
    private final Worker worker;
    private final CoreInterface core;
    private final EchoClient echo;
    private final Optional<Port> tun;
    private final PortWaiter waiter;

    DataPlane(
            IpsecGate gate,
            Optional<Machine.SocketDevice> sockets,
            PortWaiter waiter,
            EventSink events,
            Clock clock,
            SecureRandom random) {
        this.tun = sockets.map(Machine.SocketDevice::port);
        this.waiter = waiter;
        echo = new EchoClient(this::execute, random);
        core = new CoreInterface(0, gate, echo, tun.orElse(null));
        published = new PublishedConfiguration(new ActiveConfiguration(
                0,
                List.of(core),
                core,
                RoutingTables.EMPTY,
                AccessControl.NONE,
                CompiledRuleSet.EMPTY,
                AddressSet.EMPTY,
                PipelineSettings.DEFAULT));
        connections = new ConnectionTable(ConnectionLimits.DEFAULT, events, random, clock.nanos());
        worker = new Worker("worker-0", new Pipeline(published, pool, connections, gate, events), clock, waiter);
        worker.attach(core);
    }

    void start() {
        worker.start();
    }

    /** Hands the worker something to do; false when its mailbox is full. */
    boolean execute(WorkerCommand command) {
        return worker.execute(command);
    }

    /** Has the worker do something between two bursts, and waits until it is done. */
    void await(WorkerCommand command) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        boolean taken = worker.execute((on, now) -> {
            try {
                command.run(on, now);
                done.complete(true);
            } catch (RuntimeException defect) {
                done.completeExceptionally(defect);
            }
        });
        if (!taken) {
            throw new IllegalStateException("the worker's mailbox is full");
        }
        try {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the worker did not do what it was asked", e);
        }
    }

    ActiveConfiguration active() {
        return published.active();
    }

    void publish(ActiveConfiguration next) {
        published.publish(next);
    }

    Worker worker() {
        return worker;
    }

    CoreInterface core() {
        return core;
    }

    EchoClient echo() {
        return echo;
    }

    ConnectionTable connections() {
        return connections;
    }

    PacketPool pool() {
        return pool;
    }

    /** What the pipeline is to do as the operator chose. */
    static PipelineSettings settings(Configuration configuration) {
        return PipelineSettings.DEFAULT.withIpsecBeforeRules(
                configuration.settings(IpsecSettings.class).beforeRules());
    }

    /** Ends the worker; from here on ports may be closed by others. */
    void stop() {
        worker.close();
    }

    @Override
    public void close() {
        stop();
        tun.ifPresent(Port::close);
        waiter.close();
        pool.close();
    }
}
