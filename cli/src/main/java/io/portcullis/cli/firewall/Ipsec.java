package io.portcullis.cli.firewall;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.routing.Route;
import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.crypto.CpuFeatures;
import io.portcullis.ipsec.crypto.CryptoSelection;
import io.portcullis.ipsec.decision.AttemptRing;
import io.portcullis.ipsec.esp.SaDatabase;
import io.portcullis.ipsec.gate.IpsecGateway;
import io.portcullis.ipsec.gate.WorkerTransport;
import io.portcullis.ipsec.ike.IkeEngine;
import io.portcullis.ipsec.ike.crypto.KeyExchangeSource;
import io.portcullis.ipsec.ike.crypto.KeyPool;
import io.portcullis.ipsec.ike.v2.IkeSettings;
import io.portcullis.ipsec.sa.SaEvent;
import io.portcullis.ipsec.snoop.Snoop;
import io.portcullis.ipsec.watch.NegotiationWatch;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** The IPsec subsystem put together: ESP on the worker, IKE on its thread, and those who look on. */
final class Ipsec implements AutoCloseable {
    private static final int ATTEMPTS_PER_TUNNEL = 10;
    private static final int DEFAULT_MTU = 1500;
    private static final long FAREWELL_MILLIS = 1500;
    /** How much longer the measuring of algorithms rests than it works. */
    private static final int RESTS = 9;

    private final CryptoSelection crypto;
    private final SaDatabase database;
    private final IpsecGateway gate;
    private final IkeEngine engine;
    private final ControlThread thread;
    private final Snoop snoop;
    private final AttemptRing attempts = new AttemptRing(ATTEMPTS_PER_TUNNEL);
    private final NegotiationWatch watch;
    private final ExecutorService slow;

    /**
     * @param workers mailbox of the workers that own the SAs
     * @param route the route to an address, as the firewall's own packets would take it
     */
    Ipsec(
            WorkerMailbox workers,
            Function<IpAddress, Optional<Route>> route,
            EventSink events,
            Clock clock,
            SecureRandom random) {
        crypto = CryptoSelection.of(CpuFeatures.of(Path.of("/proc/cpuinfo")), clock, random, events);
        database = new SaDatabase(
                crypto::worker,
                workers,
                this::saEvent,
                remote -> route.apply(remote).map(it -> it.iface().mtu()).orElse(DEFAULT_MTU),
                random);
        gate = new IpsecGateway(database, this::received);
        snoop = new Snoop(ZoneId.systemDefault());
        watch = new NegotiationWatch(
                clock,
                snoop,
                attempts,
                remote -> route.apply(remote).map(it -> it.iface().name()).orElse("?"));
        slow = Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                Thread.ofPlatform().name("ike-dh-", 0).daemon(true).factory());
        engine = new IkeEngine(new IkeEngine.Parts(
                new WorkerTransport(workers, random),
                database,
                database::usage,
                remote -> route.apply(remote)
                        .flatMap(it -> Optional.ofNullable(it.iface().ownAddress(remote.isV4() ? 4 : 6))),
                events,
                watch,
                slow,
                new KeyPool(KeyExchangeSource.fresh(random), slow),
                random,
                IkeSettings.DEFAULT,
                clock.nanos()));
        thread = new ControlThread(
                "ike",
                new ControlThread.Work() {
                    @Override
                    public void step(long now) {
                        engine.poll(now);
                    }

                    @Override
                    public long nextDeadline() {
                        return engine.nextDeadline();
                    }
                },
                FirewallEvents.IKE_INTERNAL_ERROR,
                clock,
                events);
        engine.wakeWith(thread::wake);
    }

    private boolean saEvent(SaEvent event) {
        return engine.saEvent(event);
    }

    private boolean received(
            IpAddress local, int localPort, IpAddress remote, int remotePort, String ingress, byte[] payload) {
        return engine.received(local, localPort, remote, remotePort, ingress, payload);
    }

    void start() {
        thread.start();
    }

    /**
     * Has the algorithms that no SA has needed so far tested and measured, on a thread of its own. Most of the time it
     * rests: where there is one processor, packets need it more.
     */
    void prepareCrypto() {
        try {
            slow.execute(() -> crypto.prepare(nanos -> LockSupport.parkNanos(RESTS * nanos)));
        } catch (RejectedExecutionException _) {
            // The firewall ends already.
        }
    }

    CryptoSelection crypto() {
        return crypto;
    }

    SaDatabase database() {
        return database;
    }

    IpsecGateway gate() {
        return gate;
    }

    IkeEngine engine() {
        return engine;
    }

    Snoop snoop() {
        return snoop;
    }

    AttemptRing attempts() {
        return attempts;
    }

    NegotiationWatch watch() {
        return watch;
    }

    /** Deletes all SAs at their peers, waiting a moment for them, and ends. */
    @Override
    public void close() {
        try {
            engine.shutdown().get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // Peers that do not answer find out by themselves.
        }
        thread.close();
        slow.shutdownNow();
    }
}
