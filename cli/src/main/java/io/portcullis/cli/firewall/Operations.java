package io.portcullis.cli.firewall;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.operation.CpuidCommand;
import io.portcullis.cli.operation.CryptostatCommand;
import io.portcullis.cli.operation.IpsecCommand;
import io.portcullis.cli.operation.LogsnoopCommand;
import io.portcullis.cli.operation.MemlogCommand;
import io.portcullis.core.config.Transactions;
import io.portcullis.core.event.EventLog;
import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.crypto.CryptoReport;
import io.portcullis.ipsec.tunnel.IpsecTunnel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.List;

/** The operational commands, each with what it reads of the running firewall. */
final class Operations {
    private Operations() {}

    static List<Command> all(
            EventLog events,
            DataPlane dataPlane,
            Ipsec ipsec,
            Interfaces interfaces,
            Transactions transactions,
            Clock clock,
            SecureRandom random) {
        ZoneId zone = ZoneId.systemDefault();
        Command.Words tunnels = () -> transactions.active().all(IpsecTunnel.class).stream()
                .map(IpsecTunnel::name)
                .toList();
        return List.of(
                new MemlogCommand(events, zone),
                new LogsnoopCommand(events, zone),
                new CpuidCommand(Path.of("/proc/cpuinfo")),
                new CryptostatCommand(() -> CryptoReport.take(ipsec.crypto(), clock, random)),
                new IpsecCommand(ipsec.database(), clock, tunnels));
    }
}
