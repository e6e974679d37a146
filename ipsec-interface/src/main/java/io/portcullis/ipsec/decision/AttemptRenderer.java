package io.portcullis.ipsec.decision;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** The text of {@code ike -why=TUNNEL}. A pure function. */
public final class AttemptRenderer {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private AttemptRenderer() {}

    /** All attempts, the latest last: that is where a reader of a console looks. */
    public static String render(String tunnel, List<Attempt> attempts, ZoneId zone) {
        if (attempts.isEmpty()) {
            return "No negotiation of " + name(tunnel) + " has been attempted since the start.\n";
        }
        StringBuilder out = new StringBuilder(1024);
        attempts.forEach(attempt -> out.append(render(attempt, zone)));
        return out.toString();
    }

    /** One attempt, its outcome in the last line. */
    public static String render(Attempt attempt, ZoneId zone) {
        StringBuilder out = new StringBuilder(1024);
        out.append("Attempt ")
                .append(attempt.number())
                .append(", ")
                .append(DAY.format(attempt.began().atZone(zone)));
        out.append(", ").append(name(attempt.tunnel())).append(": ").append(attempt.local());
        out.append(attempt.initiator() ? " initiates to " : " responds to ")
                .append(attempt.remote())
                .append('\n');
        for (Attempt.Step step : attempt.steps()) {
            out.append("  ")
                    .append(time(step.at(), zone))
                    .append(' ')
                    .append(words(step))
                    .append('\n');
        }
        if (attempt.omitted() > 0) {
            out.append("  ").append(attempt.omitted()).append(" more steps were not kept\n");
        }
        return out.append("  ")
                .append(words(attempt.outcome(), zone))
                .append('\n')
                .toString();
    }

    private static String words(Attempt.Step step) {
        return switch (step) {
            case Attempt.Exchanged message -> (message.outbound() ? "-> " : "<- ") + message.summary();
            case Attempt.Decided decided -> "   " + decided.decision().line();
        };
    }

    private static String words(Attempt.Outcome outcome, ZoneId zone) {
        return switch (outcome) {
            case Attempt.Pending _ -> "still under way";
            case Attempt.Established established -> time(established.at(), zone) + " established";
            case Attempt.Failed failed -> time(failed.at(), zone) + " failed: " + failed.reason();
        };
    }

    private static String time(Instant at, ZoneId zone) {
        return TIME.format(at.atZone(zone));
    }

    private static String name(String tunnel) {
        return tunnel.isEmpty() ? "no tunnel" : "tunnel " + tunnel;
    }
}
