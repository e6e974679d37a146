package io.portcullis.ipsec.esp;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.iface.WorkerMailbox;
import io.portcullis.core.net.IpAddress;
import io.portcullis.ipsec.crypto.BulkCrypto;
import io.portcullis.ipsec.crypto.EspTransform;
import io.portcullis.ipsec.sa.SaInstaller;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.SaUsage;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All SAs (RFC 4301 section 4.4.2). A tunnel belongs to one worker with all its SAs, and its inbound SPIs tell which:
 * SPI modulo workers. IKE installs and removes on its own thread: keys are expanded there, and the finished SA travels
 * to its worker as a command. Packets find it on that worker only. Listings read counters from any thread and may see
 * them a moment late.
 */
public final class SaDatabase implements SaInstaller {
    private static final int LOWEST_SPI = 256;
    private static final long LEARNED_MTU_LASTS = 600_000_000_000L;
    private static final long TICK = 250_000_000L;
    /** Below these nobody's path is: a smaller number is an attack on the tunnel's throughput. */
    private static final int LEAST_V4_PATH = 576;

    private static final int LEAST_V6_PATH = 1280;

    private final Supplier<BulkCrypto> cryptos;
    private final WorkerMailbox workers;
    private final SaEvents events;
    private final OuterPath outerPath;
    private final SecureRandom random;

    // IKE's thread.
    private final Set<Integer> reserved = new HashSet<>();

    // Any thread.
    private final Map<String, TunnelTraffic> tunnels = new ConcurrentHashMap<>();
    private final Map<Integer, EspSa> installed = new ConcurrentHashMap<>();

    private int tunnelsMade;

    private final Shard[] shards = new Shard[WorkerMailbox.MOST_WORKERS];

    /** What belongs to one worker, touched on its thread. */
    private static final class Shard {
        final SpiTable bySpi = new SpiTable();
        final AgingTunnels aging = new AgingTunnels();
        final Encapsulators encapsulators = new Encapsulators();
        /** Made on IKE's thread when there is an SA for it. */
        @Nullable
        BulkCrypto crypto;

        boolean ticked;
        long lastTick;
    }

    /**
     * A pair as listings show it.
     *
     * @param path where its packets go now
     * @param active whether outbound traffic uses it
     * @param expired whether its hard limit is reached
     */
    public record View(SaPair pair, SaPair.Path path, SaUsage usage, boolean active, boolean expired) {}

    /**
     * @param cryptos bulk encryption for one more worker
     * @param workers mailbox of the workers that own the SAs
     * @param random for SPIs
     */
    public SaDatabase(
            Supplier<BulkCrypto> cryptos,
            WorkerMailbox workers,
            SaEvents events,
            OuterPath outerPath,
            SecureRandom random) {
        this.cryptos = cryptos;
        this.workers = workers;
        this.events = events;
        this.outerPath = outerPath;
        this.random = random;
        Arrays.setAll(shards, _ -> new Shard());
    }

    /** Index of the worker that owns the SA of an inbound SPI. Any thread. */
    public int worker(int inboundSpi) {
        return Integer.remainderUnsigned(inboundSpi, workers.workers());
    }

    /** Makes a tunnel known, before IKE installs SAs for it; workers take turns to own one. On any thread. */
    public synchronized TunnelTraffic addTunnel(NetworkInterface tunnelInterface, TunnelSettings settings) {
        int worker = tunnelsMade++ % workers.workers();
        TunnelTraffic traffic = new TunnelTraffic(
                tunnelInterface, settings, events, worker, shards[worker].encapsulators, shards[worker].aging);
        tunnels.put(tunnelInterface.name(), traffic);
        return traffic;
    }

    /** Forgets a tunnel whose interface is gone. What waits for it is dropped; its SAs are IKE's to remove. */
    public void removeTunnel(TunnelTraffic traffic) {
        tunnels.remove(traffic.tunnelInterface().name(), traffic);
        command(traffic.worker(), (on, _) -> traffic.dropWaiting(on));
    }

    @Override
    public int allocateSpi(String tunnel) {
        TunnelTraffic traffic = tunnels.get(tunnel);
        int owner = traffic == null ? 0 : traffic.worker();
        while (true) {
            int random32 = random.nextInt();
            int spi = random32 - worker(random32) + owner;
            if (Integer.compareUnsigned(spi, LOWEST_SPI) >= 0
                    && worker(spi) == owner
                    && !installed.containsKey(spi)
                    && reserved.add(spi)) {
                return spi;
            }
        }
    }

    @Override
    public void releaseSpi(int inboundSpi) {
        reserved.remove(inboundSpi);
    }

    @Override
    public void install(SaPair pair) {
        TunnelTraffic tunnel = tunnels.get(pair.tunnel());
        if (tunnel == null) {
            return;
        }
        BulkCrypto crypto = crypto(tunnel.worker());
        EspTransform in = crypto.transform(pair.suite(), pair.inboundKeys(), pair.extendedSequence());
        EspTransform out = crypto.transform(pair.suite(), pair.outboundKeys(), pair.extendedSequence());
        EspSa sa = new EspSa(pair, tunnel, new OutboundSa(pair, out), new InboundSa(pair, in));
        try {
            command(tunnel.worker(), (on, now) -> {
                shards[tunnel.worker()].bySpi.put(pair.inboundSpi(), sa);
                sa.pathMtu(outerPath.mtu(pair.path().remote()));
                tunnel.add(sa, on, now);
            });
        } catch (RejectedExecutionException full) {
            sa.destroy();
            throw full;
        }
        installed.put(pair.inboundSpi(), sa);
        reserved.remove(pair.inboundSpi());
    }

    private BulkCrypto crypto(int worker) {
        Shard shard = shards[worker];
        BulkCrypto crypto = shard.crypto;
        if (crypto == null) {
            crypto = cryptos.get();
            shard.crypto = crypto;
        }
        return crypto;
    }

    @Override
    public void activateOutbound(int inboundSpi) {
        withSa(inboundSpi, (sa, now) -> sa.tunnel.activate(sa, now));
    }

    @Override
    public void remove(int inboundSpi) {
        reserved.remove(inboundSpi);
        withSa(inboundSpi, (sa, now) -> {
            shards[sa.tunnel.worker()].bySpi.remove(inboundSpi);
            sa.tunnel.remove(sa, now);
            sa.destroy();
        });
        installed.remove(inboundSpi);
    }

    @Override
    public void movePath(int inboundSpi, SaPair.Path path) {
        withSa(inboundSpi, (sa, now) -> {
            sa.move(path);
            sa.pathMtu(outerPath.mtu(path.remote()));
            sa.tunnel.refresh(now);
        });
    }

    @Override
    public void negotiationFailed(String tunnel) {
        TunnelTraffic traffic = tunnels.get(tunnel);
        if (traffic != null) {
            command(traffic.worker(), (on, _) -> traffic.dropWaiting(on));
        }
    }

    /** Something to do with an SA on the worker. */
    private interface SaCommand {
        void run(EspSa sa, long now);
    }

    private void withSa(int inboundSpi, SaCommand what) {
        EspSa sa = installed.get(inboundSpi);
        if (sa != null) {
            command(sa.tunnel.worker(), (on, now) -> {
                // What was collected goes with the keys and the path that it was collected for.
                sa.tunnel.flush(on, now);
                what.run(sa, now);
            });
        }
    }

    private void command(int worker, WorkerCommand command) {
        if (!workers.execute(worker, command)) {
            throw new RejectedExecutionException("the mailbox of worker " + worker + " is full");
        }
    }

    /**
     * Drops packets that waited too long and forgets learned MTUs. On the worker, every few milliseconds or less often:
     * it has something to do four times a second, where there is such a tunnel.
     */
    public void tick(PacketWorker on, long now) {
        Shard mine = shards[on.index()];
        if (mine.ticked && now - mine.lastTick < TICK) {
            return;
        }
        mine.ticked = true;
        mine.lastTick = now;
        mine.aging.age(on, now);
    }

    /** Looks up the outer paths' MTUs again: routes or tunnel settings have changed. On any thread. */
    public void refreshPaths() {
        for (int worker = 0; worker < workers.workers(); worker++) {
            int owner = worker;
            command(owner, (_, now) -> {
                shards[owner].bySpi.forEach(sa -> sa.pathMtu(outerPath.mtu(sa.path.remote())));
                for (TunnelTraffic tunnel : tunnels.values()) {
                    if (tunnel.worker() == owner) {
                        tunnel.refresh(now);
                    }
                }
            });
        }
    }

    /** All pairs, in no order. On any thread. */
    public List<View> list() {
        return installed.values().stream().map(SaDatabase::view).toList();
    }

    /** The pair with this inbound SPI, if there is one. On any thread. */
    public Optional<View> view(int inboundSpi) {
        return Optional.ofNullable(installed.get(inboundSpi)).map(SaDatabase::view);
    }

    /** Counters of the pair with this inbound SPI, if there is one. On any thread. */
    public Optional<SaUsage> usage(int inboundSpi) {
        return Optional.ofNullable(installed.get(inboundSpi)).map(EspSa::usage);
    }

    private static View view(EspSa sa) {
        return new View(sa.pair, sa.path, sa.usage(), sa.active, sa.expired);
    }

    /** The SA of an inbound SPI among those of a worker, for that worker. */
    @Nullable
    EspSa find(int inboundSpi, PacketWorker on) {
        return shards[on.index()].bySpi.get(inboundSpi);
    }

    /** Name of the tunnel whose SA has this inbound SPI, on the thread of the worker of this index. */
    public Optional<String> tunnelOf(int inboundSpi, int worker) {
        return Optional.ofNullable(shards[worker].bySpi.get(inboundSpi)).map(sa -> sa.pair.tunnel());
    }

    /** A router said that ESP packets of ours with this SPI are longer than {@code mtu}. On each worker for itself. */
    public void espTooLong(PacketWorker on, IpAddress remote, int spi, int mtu, long now) {
        shards[on.index()].bySpi.forEach(sa -> {
            if (sa.outbound.spi == spi && !sa.outbound.udpEncapsulated()) {
                learn(sa, remote, mtu, now);
            }
        });
    }

    /**
     * A router said that datagrams of ours between these ports are longer than {@code mtu}. On each worker for itself.
     */
    public void udpTooLong(PacketWorker on, IpAddress remote, int localPort, int remotePort, int mtu, long now) {
        shards[on.index()].bySpi.forEach(sa -> {
            OutboundSa out = sa.outbound;
            if (out.udpEncapsulated() && out.localPort() == localPort && out.remotePort() == remotePort) {
                learn(sa, remote, mtu, now);
            }
        });
    }

    private static void learn(EspSa sa, IpAddress remote, int mtu, long now) {
        int believed = Math.max(mtu, remote.isV4() ? LEAST_V4_PATH : LEAST_V6_PATH);
        if (sa.outbound.remote().equals(remote) && sa.learnMtu(believed, now + LEARNED_MTU_LASTS, now)) {
            sa.tunnel.learnedMtu(now);
        }
    }

    SaEvents events() {
        return events;
    }
}
