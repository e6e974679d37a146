package io.portcullis.cli.firewall;

import io.portcullis.cli.Main;
import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.operation.AboutCommand;
import io.portcullis.cli.operation.ArpCommand;
import io.portcullis.cli.operation.ConnectionCriteria;
import io.portcullis.cli.operation.ConnectionsCommand;
import io.portcullis.cli.operation.CpuidCommand;
import io.portcullis.cli.operation.CryptostatCommand;
import io.portcullis.cli.operation.DataPlaneUse;
import io.portcullis.cli.operation.DhcpCommand;
import io.portcullis.cli.operation.HostmonCommand;
import io.portcullis.cli.operation.IfstatCommand;
import io.portcullis.cli.operation.IkeCommand;
import io.portcullis.cli.operation.IkeControl;
import io.portcullis.cli.operation.IpsecCommand;
import io.portcullis.cli.operation.LogmessagesCommand;
import io.portcullis.cli.operation.LogsnoopCommand;
import io.portcullis.cli.operation.MemlogCommand;
import io.portcullis.cli.operation.NatpoolCommand;
import io.portcullis.cli.operation.PcapdumpCommand;
import io.portcullis.cli.operation.PingCommand;
import io.portcullis.cli.operation.PipesCommand;
import io.portcullis.cli.operation.ProcessUse;
import io.portcullis.cli.operation.PskgenCommand;
import io.portcullis.cli.operation.RoutesCommand;
import io.portcullis.cli.operation.RulesCommand;
import io.portcullis.cli.operation.StatsCommand;
import io.portcullis.cli.operation.TraceCommand;
import io.portcullis.cli.operation.UptimeCommand;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Transactions;
import io.portcullis.core.event.EventLog;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.Worker;
import io.portcullis.core.time.Clock;
import io.portcullis.core.trace.TraceReport;
import io.portcullis.ipsec.crypto.CryptoReport;
import io.portcullis.ipsec.ike.Prospect;
import io.portcullis.ipsec.tunnel.IpsecTunnel;
import io.portcullis.rules.policy.CompiledRuleSet;
import io.portcullis.rules.policy.RuleView;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The operational commands, each with what it reads of the running firewall. */
final class Operations {
    private Operations() {}

    static List<Command> all(
            EventLog events,
            DataPlane dataPlane,
            Ipsec ipsec,
            Interfaces interfaces,
            Activation activation,
            Transactions transactions,
            Captures captures,
            Clock clock,
            SecureRandom random) {
        ZoneId zone = ZoneId.systemDefault();
        Command.Words tunnels = () -> transactions.active().all(IpsecTunnel.class).stream()
                .map(IpsecTunnel::name)
                .toList();
        Supplier<List<NetworkInterface>> all = () -> dataPlane.active().interfaces();
        Command.Words names =
                () -> all.get().stream().map(NetworkInterface::name).toList();
        long started = clock.nanos();
        return List.of(
                new AboutCommand(
                        Main.VERSION,
                        System.getProperty("os.name") + " " + System.getProperty("os.version"),
                        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version")),
                new UptimeCommand(clock, started),
                new MemlogCommand(events, zone),
                new LogsnoopCommand(events, zone),
                new LogmessagesCommand(EventCatalogue.all()),
                new PcapdumpCommand(captures, names, clock, zone),
                new TraceCommand(names, tracer(dataPlane, ipsec), captures),
                new CpuidCommand(Path.of("/proc/cpuinfo")),
                new CryptostatCommand(() -> CryptoReport.of(ipsec.crypto())),
                new IpsecCommand(ipsec.database()::list, clock, tunnels),
                new IkeCommand(IkeControl.of(ipsec.engine()), ipsec.snoop(), ipsec.attempts(), tunnels, zone),
                new PskgenCommand(random),
                new RoutesCommand(() -> dataPlane.active().routes()),
                new RulesCommand(
                        () -> ((CompiledRuleSet) dataPlane.active().rules()).names(),
                        ruleSet -> ((CompiledRuleSet) dataPlane.active().rules()).view(ruleSet, clock.nanos())),
                new NatpoolCommand(() -> ((CompiledRuleSet) dataPlane.active().rules()).pools(clock.nanos())),
                new ConnectionsCommand(
                        () -> dataPlane.running().stream()
                                .map(worker ->
                                        ConnectionsCommand.of(worker.pipeline().connections(), worker))
                                .toList(),
                        new ConnectionCriteria.Names(
                                names,
                                () -> policies(
                                        (CompiledRuleSet) dataPlane.active().rules(), clock),
                                () -> transactions.active().byCategory("Address").stream()
                                        .map(ConfigObject::name)
                                        .toList(),
                                addresses -> transactions.active().resolve(addresses))),
                new PipesCommand(dataPlane::pipes, dataPlane::usersOf),
                new ArpCommand(() -> interfaces.running().ethernets().values().stream()
                        .map(ethernet -> ArpCommand.Link.of(ethernet.iface(), dataPlane))
                        .toList()),
                new DhcpCommand(activation.leases()::view, activation.leases()::renew, activation.leases()::release),
                new HostmonCommand(activation.failover()::view, Duration.ofSeconds(1)),
                new IfstatCommand(all, name -> restart(activation, transactions, name)),
                new PingCommand(
                        PingCommand.Opener.of(dataPlane.echo()),
                        () -> dataPlane.active().routes(),
                        () -> dataPlane.active().ownAddresses(),
                        clock,
                        Duration.ofSeconds(1)),
                new StatsCommand(
                        clock,
                        started,
                        all,
                        dataPlane::drops,
                        () -> new DataPlaneUse(
                                dataPlane.connections(),
                                dataPlane.connectionLimit(),
                                dataPlane.buffersFree(),
                                dataPlane.buffers()),
                        () -> dataPlane.running().stream().map(Worker::use).toList(),
                        ProcessUse::now));
    }

    private static TraceCommand.Tracer tracer(DataPlane dataPlane, Ipsec ipsec) {
        return new TraceCommand.Tracer() {
            @Override
            public Optional<CompletableFuture<TraceReport>> trace(Packet packet, String iface) {
                return dataPlane.trace(packet, iface);
            }

            @Override
            public CompletableFuture<Optional<Prospect>> prospect(String tunnel) {
                return ipsec.engine().prospect(tunnel);
            }
        };
    }

    private static List<String> policies(CompiledRuleSet rules, Clock clock) {
        return rules.names().stream()
                .flatMap(set -> rules.view(set, clock.nanos()).orElseThrow().stream())
                .map(RuleView::name)
                .distinct()
                .toList();
    }

    private static void restart(Activation activation, Transactions transactions, String name) throws CommandFailure {
        try {
            activation.restart(transactions.active(), name);
        } catch (ConfigError error) {
            throw new CommandFailure(error.getMessage());
        }
    }
}
