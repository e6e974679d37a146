package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.ipsec.crypto.CryptoReport;
import java.util.TreeSet;
import java.util.function.Supplier;

/** {@code cryptostat}: who encrypts, how fast, and how much. */
public final class CryptostatCommand implements Command {
    private final Supplier<CryptoReport> report;

    /** @param report measures and counts; takes some 50 ms */
    public CryptostatCommand(Supplier<CryptoReport> report) {
        this.report = report;
    }

    @Override
    public String name() {
        return "cryptostat";
    }

    @Override
    public String help() {
        return "Shows which provider computes each ESP algorithm, its time for a packet of 1400 octets, and counts.";
    }

    @Override
    public void run(Invocation call, Session.Output output) {
        CryptoReport taken = report.get();
        TextTable table = new TextTable("Algorithm", "Provider", "ns/packet", "Gbit/s", "Packets", "Octets");
        TreeSet<String> reasons = new TreeSet<>();
        for (CryptoReport.Line line : taken.lines()) {
            table.row(
                    line.algorithm(),
                    line.provider(),
                    line.nanosPerPacket(),
                    String.format(java.util.Locale.ROOT, "%.1f", 1400 * 8.0 / Math.max(1, line.nanosPerPacket())),
                    line.packets(),
                    line.octets());
            reasons.add(line.provider() + ": " + line.reason());
        }
        output.out(table + "\n" + String.join("\n", reasons) + "\n");
    }
}
