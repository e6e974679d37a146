package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.ipsec.crypto.CryptoReport;
import io.portcullis.ipsec.crypto.CryptoReport.Line;
import io.portcullis.ipsec.crypto.CryptoReport.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** {@code cryptostat}: who encrypts, how fast everybody is, and how much went through. */
public final class CryptostatCommand implements Command {
    private static final double BITS = 1400 * 8.0;

    private final Supplier<CryptoReport> report;

    /** @param report waits, some hundred milliseconds at most, while algorithms are still being measured */
    public CryptostatCommand(Supplier<CryptoReport> report) {
        this.report = report;
    }

    @Override
    public String name() {
        return "cryptostat";
    }

    @Override
    public String help() {
        return "Shows which provider computes each ESP algorithm and why, what every provider needs for a packet of 1400"
                + " octets, and counts.";
    }

    @Override
    public void run(Invocation call, Session.Output output) {
        CryptoReport taken = report.get();
        List<String> headings = new ArrayList<>(List.of("Algorithm", "Computed by", "Gbit/s", "Packets", "Octets"));
        headings.addAll(taken.providers());
        TextTable table = new TextTable(headings.toArray(String[]::new));
        for (Line line : taken.lines()) {
            List<Object> cells = new ArrayList<>(
                    List.of(line.algorithm(), line.provider(), rate(line), line.packets(), line.octets()));
            taken.providers().forEach(provider -> cells.add(time(line, provider)));
            table.row(cells.toArray());
        }
        StringBuilder text = new StringBuilder()
                .append(table)
                .append("\nUnder each provider: nanoseconds to seal and to open a packet of 1400 octets inside a burst,"
                        + "\nas measured at start. Gbit/s: one worker that does both. The fastest provider computes an"
                        + "\nalgorithm, if it opened a known packet and agreed with the JDK on random ones. The JDK is"
                        + "\nmeasured only where it is alone.\n\n");
        taken.providers().forEach(provider -> text.append(verdict(taken, provider)));
        taken.refused()
                .forEach((provider, why) ->
                        text.append(provider).append(": not used, ").append(why).append('\n'));
        output.out(text.toString());
    }

    private static String time(Line line, String provider) {
        return line.trials().stream()
                .filter(trial -> trial.provider().equals(provider))
                .findFirst()
                .map(CryptostatCommand::time)
                .orElse("-");
    }

    private static String time(Result trial) {
        if (trial.fault().isPresent()) {
            return "failed";
        }
        return trial.sealNanos() == 0 ? "-" : trial.sealNanos() + " + " + trial.openNanos();
    }

    private static String rate(Line line) {
        return line.trials().stream()
                .filter(trial -> trial.provider().equals(line.provider()))
                .findFirst()
                .filter(trial -> trial.sealNanos() > 0)
                .map(trial -> String.format(Locale.ROOT, "%.1f", BITS / (trial.sealNanos() + trial.openNanos())))
                .orElse("-");
    }

    private static String verdict(CryptoReport taken, String provider) {
        long chosen = taken.lines().stream()
                .filter(line -> line.provider().equals(provider))
                .count();
        StringBuilder text = new StringBuilder(provider)
                .append(": computes ")
                .append(chosen)
                .append(" of ")
                .append(taken.lines().size())
                .append(" algorithms\n");
        for (Line line : taken.lines()) {
            for (Result trial : line.trials()) {
                if (trial.provider().equals(provider)) {
                    trial.fault()
                            .ifPresent(fault -> text.append("  ")
                                    .append(line.algorithm())
                                    .append(": ")
                                    .append(fault)
                                    .append('\n'));
                }
            }
        }
        return text.toString();
    }
}
