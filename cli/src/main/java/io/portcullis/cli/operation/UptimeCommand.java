package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.console.Session;
import io.portcullis.core.time.Clock;

/** {@code uptime}: how long the firewall runs. */
public final class UptimeCommand implements Command {
    private final Clock clock;
    private final long started;

    /** @param started the clock's nanoseconds when the firewall started */
    public UptimeCommand(Clock clock, long started) {
        this.clock = clock;
        this.started = started;
    }

    @Override
    public String name() {
        return "uptime";
    }

    @Override
    public String help() {
        return "Shows how long the firewall runs.";
    }

    @Override
    public void run(Invocation call, Session.Output output) {
        output.out("Up for " + Elapsed.between(started, clock.nanos()) + ".\n");
    }
}
