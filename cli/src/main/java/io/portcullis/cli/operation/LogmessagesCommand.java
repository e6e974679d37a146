package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.Option;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code logmessages}: what the log may hold, each event with its id, severity, parameters and meaning. */
public final class LogmessagesCommand implements Command {
    private static final int MOST_ID = 99_999_999;

    private final List<EventType> catalogue;

    /** @param catalogue all events, by id */
    public LogmessagesCommand(List<EventType> catalogue) {
        this.catalogue = List.copyOf(catalogue);
    }

    @Override
    public String name() {
        return "logmessages";
    }

    @Override
    public String help() {
        return "Lists the events that the log may hold; of one that is named, its parameters and what it means.";
    }

    @Override
    public List<Argument> arguments() {
        return List.of(new Argument(
                "EVENT",
                false,
                "Name of an event.",
                () -> catalogue.stream().map(EventType::name).toList()));
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.value("category", "NAME", "Only events of this category, such as IPSEC.")
                        .offering(() -> catalogue.stream()
                                .map(EventType::category)
                                .distinct()
                                .toList()),
                EventFilter.severity(),
                Option.value("id", "NUMBER", "Only the event with this id."),
                Option.flag("verbose", "Parameters and meaning of each."));
    }

    @Override
    public void run(Invocation call, Session.Output output) throws CommandFailure {
        Optional<String> name = call.argument(0);
        Optional<String> category = call.value("category");
        Severity least = call.value("severity").isPresent()
                ? EventFilter.severity(call.value("severity").get())
                : Severity.DEBUG;
        long id = call.number("id", -1, 0, MOST_ID);
        List<EventType> found = catalogue.stream()
                .filter(type -> name.isEmpty() || type.name().equalsIgnoreCase(name.get()))
                .filter(type -> category.isEmpty() || type.category().equalsIgnoreCase(category.get()))
                .filter(type -> type.severity().compareTo(least) <= 0)
                .filter(type -> id < 0 || type.id() == id)
                .toList();
        if (found.isEmpty()) {
            throw new CommandFailure("no event of the log is so; 'logmessages' lists them all");
        }
        boolean details = call.has("verbose") || name.isPresent() || id >= 0;
        output.out(details ? details(found) : table(found));
    }

    private static String table(List<EventType> types) {
        TextTable table = new TextTable("Id", "Category", "Severity", "Event");
        types.forEach(type -> table.row(number(type), type.category(), type.severity(), type.name()));
        return table.toString();
    }

    private static String details(List<EventType> types) {
        StringBuilder text = new StringBuilder();
        for (EventType type : types) {
            text.append(number(type))
                    .append(' ')
                    .append(type.category())
                    .append(' ')
                    .append(type.name())
                    .append(", ")
                    .append(type.severity())
                    .append("\n    ")
                    .append(String.join(" ", type.parameters()))
                    .append("\n    ")
                    .append(type.help())
                    .append('\n');
        }
        return text.toString();
    }

    private static String number(EventType type) {
        return String.format(Locale.ROOT, "%08d", type.id());
    }
}
