package io.portcullis.cli.firewall;

import io.portcullis.core.config.Activator;
import io.portcullis.core.config.Change;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectKey;
import io.portcullis.core.config.Plan;
import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.connection.StateSettings;
import io.portcullis.core.dhcp.DhcpDefinition;
import io.portcullis.core.dhcp.LeasedConfiguration;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.event.receiver.LogReceivers;
import io.portcullis.core.iface.EquivalentInterfaces;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.EthernetLink;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.neighbour.LinkEntries;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpRange;
import io.portcullis.core.pipeline.ActiveConfiguration;
import io.portcullis.core.pipeline.Worker;
import io.portcullis.core.pipeline.WorkerSettings;
import io.portcullis.core.routing.Route;
import io.portcullis.core.routing.RouteCompiler;
import io.portcullis.core.routing.RoutingTables;
import io.portcullis.core.shaping.PipeDefinition;
import io.portcullis.core.shaping.PipeLimit;
import io.portcullis.core.shaping.PipeRules;
import io.portcullis.core.time.Clock;
import io.portcullis.hostmon.PipelineProber;
import io.portcullis.hostmon.RouteFailOverSettings;
import io.portcullis.hostmon.RouteSessions;
import io.portcullis.hostmon.SessionDefinition;
import io.portcullis.ipsec.esp.TunnelSettings;
import io.portcullis.ipsec.keylog.KeyLog;
import io.portcullis.ipsec.tunnel.IpsecSettings;
import io.portcullis.ipsec.tunnel.IpsecTunnel;
import io.portcullis.ipsec.tunnel.IpsecTunnelInterface;
import io.portcullis.ipsec.tunnel.TunnelCompiler;
import io.portcullis.ipsec.tunnel.TunnelDefinition;
import io.portcullis.rules.access.CompiledAccess;
import io.portcullis.rules.pipe.CommonPipe;
import io.portcullis.rules.pipe.CompiledPipeRules;
import io.portcullis.rules.policy.CompiledRuleSet;
import io.portcullis.rules.routing.CompiledRoutingRules;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts configurations in force. Compiling touches nothing; applying opens what is missing first, gives it to the
 * workers between two of their bursts, publishes, and takes away what is gone. What is equal before and after is not
 * touched.
 */
final class Activation implements Activator {
    private static final int KILO = 1000;

    private final DataPlane dataPlane;
    private final Ipsec ipsec;
    private final Interfaces interfaces;
    private final Optional<Machine.SocketDevice> sockets;
    private final HostNames hosts;
    private final KeyLog keyLog;
    private final LogReceivers receivers;
    private final EventSink events;
    private final RouteFailover failover;
    private final Leases leases;
    private final Clock clock;
    private final Supplier<LocalDateTime> time;
    private long generation;
    private @Nullable InForce inForce;
    private CompiledRuleSet rules = CompiledRuleSet.EMPTY;
    private List<SessionDefinition> monitored = List.of();
    private boolean announcesReroutes = true;

    /**
     * What was put in force last, for what comes between two activations.
     *
     * @param stored as the operator has it
     * @param hosts the addresses of the host names that it names
     */
    private record InForce(Configuration stored, Map<String, List<IpAddress>> hosts) {}

    Activation(
            DataPlane dataPlane,
            Ipsec ipsec,
            Interfaces interfaces,
            Optional<Machine.SocketDevice> sockets,
            HostNames hosts,
            KeyLog keyLog,
            LogReceivers receivers,
            EventSink events,
            Clock clock,
            SecureRandom random) {
        this.dataPlane = dataPlane;
        this.ipsec = ipsec;
        this.interfaces = interfaces;
        this.sockets = sockets;
        this.hosts = hosts;
        this.keyLog = keyLog;
        this.receivers = receivers;
        this.events = events;
        this.clock = clock;
        this.time = () -> LocalDateTime.ofInstant(clock.wall(), ZoneId.systemDefault());
        failover = new RouteFailover(
                new PipelineProber(dataPlane.echo(), dataPlane.tcp(), dataPlane),
                () -> dataPlane.active().routes(),
                this::reroute,
                events,
                clock,
                random);
        leases = new Leases(dataPlane, this::renumber, events, clock, random);
    }

    /** What gets addresses from DHCP servers; the caller starts and closes it. */
    Leases leases() {
        return leases;
    }

    /** What monitors routes; the caller starts and closes it. */
    RouteFailover failover() {
        return failover;
    }

    @Override
    public Prepared prepare(Configuration active, Configuration next, Findings findings) {
        LeasedConfiguration leased = leases.in(next);
        Configuration whole = leased.configuration();
        InForce then = new InForce(next, hosts.resolve(TunnelCompiler.hostNames(next)));
        TunnelCompiler tunnels = new TunnelCompiler(whole, then.hosts(), findings);
        List<TunnelDefinition> _ = tunnels.definitions();
        // What refers to interfaces is compiled here against what would be there, to hear of mistakes before anything
        // is opened; where something else then is, once more in apply.
        Map<String, NetworkInterface> planned = new HashMap<>();
        Function<String, Optional<NetworkInterface>> wouldBe = name -> wouldBe(next, name, planned);
        Trial trial = tryOut(leased, tunnels, wouldBe, findings);
        RouteSessions.compile(whole, wouldBe, trial.compiled().ownAddresses(), findings);
        Plan plan = Plan.of(Change.between(active, next), change -> PlanOfTunnels.judge(change, ipsec.database()));
        sayWhenWorkersChange(next, findings);
        return new Prepared() {
            @Override
            public Plan plan() {
                return plan;
            }

            @Override
            public void apply() {
                Activation.this.apply(then, _ -> true, trial);
            }
        };
    }

    /**
     * A configuration compiled before its interfaces were made.
     *
     * @param whole it, with the leases of that time
     * @param asked the interfaces that were asked for by name, and what the answers were
     * @param workers how many there were
     */
    private record Trial(
            Configuration whole,
            ActiveConfiguration compiled,
            Map<String, Optional<NetworkInterface>> asked,
            int workers) {
        /** Whether to compile it now would come to the same: the generation changes with all that runs. */
        boolean holds(
                Configuration now,
                Function<String, Optional<NetworkInterface>> byName,
                long generation,
                int nowWorkers) {
            return compiled.generation() == generation
                    && whole.equals(now)
                    && workers == nowWorkers
                    && asked.entrySet().stream()
                            .allMatch(one -> byName.apply(one.getKey()).equals(one.getValue()));
        }
    }

    private synchronized Trial tryOut(
            LeasedConfiguration leased,
            TunnelCompiler tunnels,
            Function<String, Optional<NetworkInterface>> wouldBe,
            Findings findings) {
        Map<String, Optional<NetworkInterface>> asked = new HashMap<>();
        ActiveConfiguration compiled = compile(leased, tunnels, name -> asked.computeIfAbsent(name, wouldBe), findings);
        return new Trial(leased.configuration(), compiled, asked, dataPlane.workers());
    }

    /** What was compiled some time ago, with the policies and pipe rules that count now. */
    private ActiveConfiguration upToDate(ActiveConfiguration compiled) {
        CompiledRuleSet then = (CompiledRuleSet) compiled.rules();
        PipeRules pipes = compiled.pipes();
        LocalDateTime now = time.get();
        return changes(then, pipes, now).isEmpty()
                ? compiled
                : compiled.withRules(then.at(now), pipes.at(now), compiled.generation());
    }

    /** Names of the schedules by which other policies or pipe rules count now. */
    private static List<String> changes(CompiledRuleSet rules, PipeRules pipes, LocalDateTime now) {
        return Stream.concat(rules.changesAt(now).stream(), pipes.changesAt(now).stream())
                .distinct()
                .toList();
    }

    /** The number of workers is that of the start. */
    private void sayWhenWorkersChange(Configuration next, Findings findings) {
        int running = dataPlane.running().size();
        WorkerSettings asked = next.settings(WorkerSettings.class);
        Findings.ForObject found = findings.of(ObjectKey.of("WorkerSettings", ""));
        if (running > 0 && running != DataPlane.count(asked)) {
            found.warning(
                    "Workers",
                    "takes effect at the next start; until then there " + (running == 1 ? "is 1" : "are " + running));
        }
        WorkerSettings inForce = dataPlane.settings();
        if (inForce == null) {
            return;
        }
        if (inForce.pinning() != asked.pinning()) {
            found.warning("Pinning", "takes effect at the next start");
        }
        if (inForce.nice() != asked.nice()) {
            found.warning("Nice", "takes effect at the next start");
        }
        if (inForce.realTime() != asked.realTime()) {
            found.warning("RealTime", "takes effect at the next start");
        }
    }

    /** An interface of the name that the configuration has, whether it runs already or not. */
    private Optional<NetworkInterface> wouldBe(Configuration next, String name, Map<String, NetworkInterface> planned) {
        if (name.equals(interfaces.core().name())) {
            return Optional.of(interfaces.core());
        }
        return interfaces
                .running()
                .find(name)
                .or(() -> next.find("Interface", name)
                        .map(_ -> planned.computeIfAbsent(
                                name, _ -> new PlannedInterface(name, PlannedInterface.FIRST_INDEX + planned.size()))));
    }

    private ActiveConfiguration compile(
            LeasedConfiguration leased,
            TunnelCompiler tunnels,
            Function<String, Optional<NetworkInterface>> byName,
            Findings findings) {
        Configuration next = leased.configuration();
        RouteCompiler routeCompiler = new RouteCompiler(next, byName, findings);
        List<Route> more = new ArrayList<>(tunnels.routes(byName));
        more.addAll(leased.routes(byName));
        RoutingTables routes =
                routeCompiler.compile(more).withRules(CompiledRoutingRules.compile(next, byName, findings));
        CompiledRuleSet compiledRules =
                CompiledRuleSet.compile(next, byName, rules, findings).at(time.get());
        return new ActiveConfiguration(
                generation + 1,
                List.of(),
                interfaces.core(),
                routes,
                CompiledAccess.compile(next, byName, findings),
                compiledRules,
                CompiledPipeRules.compile(
                                next,
                                throughput(next),
                                byName,
                                dataPlane.active().pipes(),
                                dataPlane.workers(),
                                findings)
                        .at(time.get()),
                routeCompiler.ownAddresses(),
                DataPlane.settings(next),
                EquivalentInterfaces.compile(next, byName));
    }

    /** The pipe that all tunnels share, when there is a limit to what they may carry. */
    private static Optional<CommonPipe> throughput(Configuration next) {
        int megabits = next.settings(IpsecSettings.class).maxVpnThroughput();
        return megabits == 0
                ? Optional.empty()
                : Optional.of(new CommonPipe(
                        PipeDefinition.of(IpsecSettings.THROUGHPUT, new PipeLimit(megabits * KILO, 0)),
                        IpsecTunnelInterface.class::isInstance));
    }

    /**
     * Gives an interface's device back and takes it anew, with the configuration as it is.
     *
     * @throws ConfigError when there is no such interface, or its device can not be had
     */
    synchronized void restart(Configuration active, String name) {
        String device = active.find(EthernetConfiguration.class, name)
                .map(EthernetConfiguration::ethernetDevice)
                .orElseThrow(() -> new ConfigError(name + " is not an Ethernet interface"));
        InForce then = new InForce(active, hosts.resolve(TunnelCompiler.hostNames(active)));
        apply(then, one -> !one.device().equals(device), null);
        apply(then, _ -> true, null);
    }

    /** A lease came, changed or ended: what runs is what would run had the operator typed it. */
    private synchronized void renumber() {
        if (inForce == null) {
            return;
        }
        try {
            apply(inForce, _ -> true, null);
        } catch (ConfigError error) {
            events.emit(FirewallEvents.LEASE_NOT_APPLIED, "none", String.valueOf(error.getMessage()));
            return;
        }
        announce();
    }

    /** Neighbours hear where the firewall's addresses are. */
    private void announce() {
        interfaces
                .running()
                .ethernets()
                .values()
                .forEach(ethernet ->
                        dataPlane.tell((worker, _) -> ethernet.iface().announce(worker)));
    }

    /**
     * @param runs whether an interface is to run now
     * @param trial of the same configuration, null when there was none
     */
    private synchronized void apply(InForce then, Predicate<Interfaces.Wanted> runs, @Nullable Trial trial) {
        LeasedConfiguration leased = leases.in(then.stored());
        Configuration next = leased.configuration();
        List<Interfaces.Wanted> wanted =
                Interfaces.wanted(next).stream().filter(runs).toList();
        TunnelCompiler tunnels = new TunnelCompiler(next, then.hosts(), new Findings());
        List<TunnelDefinition> definitions = tunnels.definitions();
        Map<String, TunnelSettings> settings = new LinkedHashMap<>();
        next.all(IpsecTunnel.class).forEach(tunnel -> settings.put(tunnel.name(), tunnels.settings(tunnel)));
        if (!wanted.isEmpty() || !settings.isEmpty()) {
            dataPlane.start(next.settings(WorkerSettings.class));
        }
        Interfaces.Step step = interfaces.prepare(wanted, Interfaces.wantedLoopbacks(next), settings);
        Function<String, Optional<NetworkInterface>> byName =
                name -> name.equals(interfaces.core().name())
                        ? Optional.of(interfaces.core())
                        : step.after().find(name);
        Findings findings = new Findings();
        ActiveConfiguration compiled = trial != null && trial.holds(next, byName, generation + 1, dataPlane.workers())
                ? upToDate(trial.compiled())
                : compile(leased, tunnels, byName, findings);
        if (findings.hasErrors()) {
            Interfaces.close(step.opened());
            throw new ConfigError(findings.all().toString());
        }
        List<NetworkInterface> all = new ArrayList<>();
        all.add(interfaces.core());
        step.after().ethernets().values().forEach(ethernet -> all.add(ethernet.iface()));
        step.after().loopbacks().values().forEach(loopback -> all.add(loopback.iface()));
        all.addAll(step.after().tunnels().values());
        List<DhcpDefinition> clients = leased.definitions(compiled.routes()).stream()
                .filter(client -> step.after().ethernets().containsKey(client.name()))
                .toList();
        leases.retain(clients);
        ConnectionLimits limits = StateSettings.limits(next).share(dataPlane.workers());
        // First, since the system may have no memory for so many connections.
        dataPlane.onEach(worker -> worker.pipeline().connections().limits(limits));
        dataPlane.onEach(worker -> attach(step, worker));
        // Behind that, since it asks interfaces who their neighbours are.
        List<SessionDefinition> sessions = RouteSessions.compile(next, byName, compiled.ownAddresses(), findings);
        ActiveConfiguration complete = compiled.withInterfaces(all)
                .withRoutes(compiled.routes().withOutOfOrder(failover.outOfOrder(sessions)), compiled.generation());
        Map<String, LinkEntries> entries = LinkEntries.compile(next);
        dataPlane.onEach(worker -> step.after()
                .ethernets()
                .forEach((name, ethernet) -> ethernet.iface()
                        .entries(entries.getOrDefault(name, LinkEntries.NONE), worker.pipeline(), clock.nanos())));
        dataPlane.publish(complete);
        dataPlane.onEach(worker -> detach(step, worker));
        generation = complete.generation();
        rules = (CompiledRuleSet) complete.rules();
        interfaces.taken(step);
        inForce = then;
        Function<String, Optional<EthernetInterface>> running =
                name -> Optional.ofNullable(step.after().ethernets().get(name)).map(Interfaces.Ethernet::iface);
        leases.apply(clients, running);
        leases.listen(leased.listeners(then.stored()), running);
        monitored = sessions;
        announcesReroutes = next.settings(RouteFailOverSettings.class).gratuitousArpOnFail();
        failover.apply(sessions);
        ipsec.watch().keyLog(next.settings(IpsecSettings.class).keyLogging() ? keyLog : null);
        settings.forEach((name, now) ->
                Optional.ofNullable(step.before().tunnels().get(name)).ifPresent(tunnel -> tunnel.settings(now)));
        ipsec.attempts().retain(settings.keySet());
        ipsec.engine().limit(next.settings(IpsecSettings.class).maxVpnTunnels());
        ipsec.engine().tunnels(definitions);
        step.before().tunnels().forEach((name, tunnel) -> {
            if (!step.after().tunnels().containsKey(name)) {
                tunnel.close();
            }
        });
        if (!dataPlane.running().isEmpty()) {
            ipsec.database().refreshPaths();
        }
        lendAddresses(complete);
        receivers.apply(next);
    }

    /** What a schedule begins or ends is put in force; to be called every second or so. */
    synchronized void reschedule() {
        LocalDateTime now = time.get();
        PipeRules pipes = dataPlane.active().pipes();
        List<String> changed = changes(rules, pipes, now);
        if (changed.isEmpty()) {
            return;
        }
        generation++;
        rules = rules.at(now);
        dataPlane.publish(dataPlane.active().withRules(rules, pipes.at(now), generation));
        events.emit(FirewallEvents.SCHEDULED, "none", String.join(",", changed));
    }

    /** A route fails or works again: what ran goes on with the others, and neighbours hear where the firewall is. */
    private synchronized void reroute() {
        ActiveConfiguration running = dataPlane.active();
        generation++;
        dataPlane.publish(
                running.withRoutes(running.routes().withOutOfOrder(failover.outOfOrder(monitored)), generation));
        ipsec.database().refreshPaths();
        if (announcesReroutes) {
            announce();
        }
    }

    /**
     * The program's sockets may have the firewall's addresses. Without them packets still flow: it is said, no more.
     */
    private void lendAddresses(ActiveConfiguration running) {
        List<IpAddress> own =
                running.ownAddresses().ranges().stream().map(IpRange::first).toList();
        try {
            if (sockets.isPresent()) {
                sockets.get().addresses(own);
            }
        } catch (IOException e) {
            events.emit(FirewallEvents.SOCKETS_FAILED, "none", String.valueOf(e.getMessage()));
        }
    }

    /** On a worker: new interfaces are there before anything leads to them. */
    private static void attach(Interfaces.Step step, Worker worker) {
        step.opened().stream().filter(link -> link.worker() == worker.index()).forEach(worker::attach);
        for (Interfaces.Ethernet added : step.added()) {
            for (EthernetLink link : added.links()) {
                if (link.worker() == worker.index()) {
                    worker.attach(link, added.iface());
                }
            }
        }
        step.after()
                .ethernets()
                .values()
                .forEach(ethernet -> ethernet.iface().addresses(ethernet.addresses(), worker.pipeline()));
    }

    /** On a worker: what is gone goes when nothing leads to it any more. */
    private static void detach(Interfaces.Step step, Worker worker) {
        for (Interfaces.Ethernet removed : step.removed()) {
            for (EthernetLink link : removed.links()) {
                if (link.worker() == worker.index()) {
                    worker.detach(link, removed.iface());
                }
            }
            worker.forget(removed.iface());
        }
        for (Interfaces.Loopback before : step.before().loopbacks().values()) {
            if (!step.after().loopbacks().containsValue(before)) {
                worker.forget(before.iface());
            }
        }
        for (IpsecTunnelInterface tunnel : step.before().tunnels().values()) {
            if (!step.after().tunnels().containsValue(tunnel)) {
                worker.forget(tunnel);
            }
        }
        for (EthernetLink link : step.unused()) {
            if (link.worker() == worker.index()) {
                worker.detach(link);
                // A port keeps packets of its worker's pool: it is closed where the pool is at home.
                link.port().close();
            }
        }
    }
}
