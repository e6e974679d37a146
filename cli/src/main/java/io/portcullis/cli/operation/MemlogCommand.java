package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.console.Session;
import io.portcullis.core.event.EventLog;
import io.portcullis.core.event.LoggedEvent;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** {@code memlog}: the latest log events. */
public final class MemlogCommand implements Command {
    private final EventLog log;
    private final ZoneId zone;

    public MemlogCommand(EventLog log, ZoneId zone) {
        this.log = log;
        this.zone = zone;
    }

    @Override
    public String name() {
        return "memlog";
    }

    @Override
    public String help() {
        return "Shows the latest log events, the newest last.";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>(EventFilter.OPTIONS);
        options.add(Option.num());
        options.add(Option.flag("clear", "Empties the memory log."));
        return options;
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        if (call.has("clear")) {
            log.clear();
            return;
        }
        List<LoggedEvent> found = log.recent(Integer.MAX_VALUE).stream()
                .filter(EventFilter.of(call))
                .toList();
        int rows = call.rows();
        StringBuilder text = new StringBuilder();
        for (LoggedEvent event : found.subList(Math.max(0, found.size() - rows), found.size())) {
            text.append(event.line(zone)).append('\n');
        }
        if (found.size() > rows) {
            text.append("(").append(found.size() - rows).append(" older events not shown: -num=all shows all)\n");
        }
        output.out(text.isEmpty() ? "No events.\n" : text.toString());
    }
}
