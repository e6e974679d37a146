package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.console.Session;
import io.portcullis.hostmon.Cause;
import io.portcullis.hostmon.HostCheck;
import io.portcullis.hostmon.SessionView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code hostmon}: the hosts that are monitored, and how they answer; in the reference's columns. */
public final class HostmonCommand implements Command {
    /** As wide as the reference has them; a longer cell, an IPv6 address for instance, widens its column. */
    private static final List<Integer> WIDTHS = List.of(9, 5, 14, 4, 8, 6, 11, 11);

    private static final List<String> ABOVE = List.of("", "", "", "", "", "", "Failed", "Latency ms");
    private static final List<String> HEADING =
            List.of("Reachable", "Proto", "Host", "Port", "Interval", "Sample", "(act / max)", "(act / max)");

    private final Supplier<List<SessionView>> sessions;
    private final Duration refresh;

    /** @param refresh how often {@code -live} prints */
    public HostmonCommand(Supplier<List<SessionView>> sessions, Duration refresh) {
        this.sessions = sessions;
        this.refresh = refresh;
    }

    @Override
    public String name() {
        return "hostmon";
    }

    @Override
    public String help() {
        return "Shows the hosts that are monitored and how they answer.";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.flag("verbose", "What each session is about, and the addresses that ask."),
                Option.flag("live", "Prints it again every second. Ctrl-C ends it."),
                Option.num());
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure, InterruptedException {
        do {
            output.out(listing(call));
        } while (call.has("live") && !new CountDownLatch(1).await(refresh.toMillis(), TimeUnit.MILLISECONDS));
    }

    private String listing(Invocation call) throws CommandFailure {
        boolean verbose = call.has("verbose");
        List<SessionView> now = sessions.get().stream()
                .filter(session -> verbose || !session.hosts().isEmpty())
                .toList();
        if (now.isEmpty()) {
            return "No hosts are monitored.\n";
        }
        Rows<SessionView> rows = Rows.of(call, now);
        StringBuilder text = new StringBuilder("Monitor sessions:\n");
        for (int i = 0; i < rows.shown().size(); i++) {
            SessionView session = rows.shown().get(i);
            text.append(i == 0 ? "" : "\n").append("Session #").append(i + 1).append(":\n");
            if (verbose) {
                text.append(session.name()).append(verdict(session.failure())).append('\n');
            }
            text.append(session.hosts().isEmpty() ? "" : table(session, verbose));
        }
        return text.append(rows.more()).toString();
    }

    private static String verdict(@Nullable Cause failure) {
        return switch (failure) {
            case null -> " works";
            case LINK -> " does not work: no link";
            case GATEWAY -> " does not work: the gateway does not answer";
            case HOSTS -> " does not work: too few hosts are reachable";
        };
    }

    private static String table(SessionView session, boolean verbose) {
        List<Integer> widths = new ArrayList<>(WIDTHS);
        List<String> above = new ArrayList<>(ABOVE);
        List<String> heading = new ArrayList<>(HEADING);
        List<List<String>> rows = new ArrayList<>();
        session.hosts().forEach(host -> rows.add(row(host, verbose)));
        if (verbose) {
            above.add("");
            heading.add("Source");
            widths.add(WIDTHS.get(HEADING.indexOf("Host")));
        }
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
        StringBuilder text = new StringBuilder();
        append(text, above, widths);
        append(text, heading, widths);
        append(text, widths.stream().map("-"::repeat).toList(), widths);
        rows.forEach(row -> append(text, row, widths));
        return text.toString();
    }

    private static List<String> row(SessionView.Host host, boolean verbose) {
        HostCheck check = host.check();
        List<String> cells = new ArrayList<>(List.of(
                host.reachable() ? "YES" : "NO",
                check.protocol().name(),
                check.host().toString(),
                check.port() == 0 ? "" : Integer.toString(check.port()),
                Long.toString(check.interval().toMillis()),
                Integer.toString(check.samples()),
                host.lost() + " / " + check.mostLost(),
                host.latency() + " / " + check.mostLatency().toMillis()));
        if (verbose) {
            cells.add(check.source().toString());
        }
        return cells;
    }

    private static void append(StringBuilder text, List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(cells.get(i))
                    .append(" ".repeat(widths.get(i) - cells.get(i).length() + 1));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
