package io.portcullis.cli.operation;

import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.core.event.LoggedEvent;
import io.portcullis.core.event.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The options by which {@code memlog} and {@code logsnoop} choose events. */
final class EventFilter {
    static final List<Option> OPTIONS = List.of(
            Option.value("category", "NAME", "Only events of this category, such as IPSEC."),
            severity(),
            Option.value("id", "NUMBER", "Only events with this id."),
            Option.value(
                    "source", "TEXT", "Only events with this value in any parameter: an address, a tunnel, a rule."),
            Option.value("freetext", "TEXT", "Only events whose line contains this, in any case."));

    private EventFilter() {}

    /** The option that every choice of events has. */
    static Option severity() {
        return Option.value("severity", "NAME", "Only events at least this severe.")
                .offering(() -> Arrays.stream(Severity.values())
                        .map(severity -> severity.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    static Predicate<LoggedEvent> of(Invocation call) throws CommandFailure {
        Predicate<LoggedEvent> filter = event -> true;
        if (call.value("category").isPresent()) {
            String category = call.value("category").get();
            filter = filter.and(logged -> logged.event().type().category().equalsIgnoreCase(category));
        }
        if (call.value("severity").isPresent()) {
            Severity least = severity(call.value("severity").get());
            filter = filter.and(logged -> logged.event().type().severity().compareTo(least) <= 0);
        }
        if (call.has("id")) {
            long id = call.number("id", 0, 0, 99_999_999);
            filter = filter.and(logged -> logged.event().type().id() == id);
        }
        if (call.value("source").isPresent()) {
            String source = call.value("source").get();
            filter = filter.and(logged -> logged.event().values().contains(source));
        }
        if (call.value("freetext").isPresent()) {
            String text = call.value("freetext").get().toLowerCase(Locale.ROOT);
            filter = filter.and(
                    logged -> logged.event().toString().toLowerCase(Locale.ROOT).contains(text));
        }
        return filter;
    }

    static Severity severity(String name) throws CommandFailure {
        for (Severity severity : Severity.values()) {
            if (severity.name().equalsIgnoreCase(name)) {
                return severity;
            }
        }
        throw new CommandFailure("-severity: '" + name + "' is none of "
                + Arrays.toString(Severity.values()).toLowerCase(Locale.ROOT));
    }
}
