package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.console.Session;
import io.portcullis.core.event.EventLog;
import io.portcullis.core.event.LoggedEvent;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** {@code logsnoop}: log events as they happen, until interrupted. */
public final class LogsnoopCommand implements Command {
    private static final int WAITING = 1000;

    private final EventLog log;
    private final ZoneId zone;

    public LogsnoopCommand(EventLog log, ZoneId zone) {
        this.log = log;
        this.zone = zone;
    }

    @Override
    public String name() {
        return "logsnoop";
    }

    @Override
    public String help() {
        return "Shows log events as they happen. Ctrl-C ends it.";
    }

    @Override
    public List<Option> options() {
        return EventFilter.OPTIONS;
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure, InterruptedException {
        Predicate<LoggedEvent> filter = EventFilter.of(call);
        // A slow console must not hold up the log: what it does not read in time is counted.
        BlockingQueue<LoggedEvent> waiting = new ArrayBlockingQueue<>(WAITING);
        AtomicLong missed = new AtomicLong();
        try (EventLog.Subscription _ = log.subscribe(event -> {
            if (filter.test(event) && !waiting.offer(event)) {
                missed.incrementAndGet();
            }
        })) {
            while (true) {
                output.out(waiting.take().line(zone) + "\n");
                long lost = missed.getAndSet(0);
                if (lost > 0) {
                    output.err("(" + lost + " events came faster than this console reads)\n");
                }
            }
        }
    }
}
