package io.portcullis.cli.language;

import io.portcullis.cli.command.CommandTable;
import io.portcullis.cli.command.TextTable;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Schema;
import io.portcullis.core.config.SchemaProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains commands, object types and properties, from their declarations. */
final class Help {
    private final Verbs verbs;
    private final CommandTable commands;
    private final Configuration configuration;
    private final Place place;

    Help(Verbs verbs, CommandTable commands, Configuration configuration, Place place) {
        this.verbs = verbs;
        this.commands = commands;
        this.configuration = configuration;
        this.place = place;
    }

    /** @param words {@code help} and what it is asked about */
    String about(List<String> words) {
        if (words.size() == 1) {
            return overview();
        }
        String topic = words.get(1);
        Optional<Verb> verb = verbs.find(topic);
        if (verb.isPresent()) {
            return verb.get().usage() + "\n\n" + verb.get().help() + "\n";
        }
        for (Lifecycle.LifecycleVerb known : Lifecycle.VERBS) {
            if (known.name().equalsIgnoreCase(topic)) {
                return known.usage() + "\n\n" + known.help() + "\n";
            }
        }
        if (commands.find(topic).isPresent()) {
            return CommandTable.help(commands.find(topic).get());
        }
        Schema<?> schema = configuration
                .types()
                .find(words.getLast().contains("=") || words.size() == 2 ? topic : words.get(words.size() - 1))
                .or(() -> configuration.types().find(topic))
                .orElseThrow(() -> new ConfigError("\"" + topic + "\" is neither a command nor an object type"));
        if (words.size() > 2 && schema.property(words.getLast()).isPresent()) {
            return property(schema.require(words.getLast()));
        }
        return type(schema);
    }

    private String overview() {
        List<List<String>> rows = new ArrayList<>();
        verbs.all().forEach(verb -> rows.add(List.of("  " + verb.name(), verb.help())));
        Lifecycle.VERBS.forEach(verb -> rows.add(List.of("  " + verb.name(), verb.help())));
        List<List<String>> operational = new ArrayList<>();
        commands.all().forEach(command -> operational.add(List.of("  " + command.name(), command.help())));
        StringBuilder out = new StringBuilder("Configuration\n").append(TextTable.plain(rows));
        if (!operational.isEmpty()) {
            out.append("\nOperation\n").append(TextTable.plain(operational));
        }
        out.append("\nObject types here\n");
        for (Schema<?> schema : place.types(configuration)) {
            out.append("  ")
                    .append(schema.category().isEmpty() ? "" : schema.category() + " ")
                    .append(schema.type())
                    .append('\n');
        }
        return out.append("\nhelp COMMAND, help TYPE and help TYPE PROPERTY say more. Tab completes.\n")
                .toString();
    }

    private static String type(Schema<?> schema) {
        StringBuilder out = new StringBuilder();
        out.append(schema.category().isEmpty() ? "" : schema.category() + " ")
                .append(schema.type())
                .append("\n\n")
                .append(schema.help())
                .append("\n\n");
        TextTable table = new TextTable("Property", "Default", "Description");
        for (SchemaProperty property : schema.properties()) {
            String byDefault =
                    property.required() ? "(required)" : property.byDefault().isEmpty() ? "" : property.byDefault();
            table.row(property.name(), byDefault, property.help());
        }
        return out.append(table).toString();
    }

    private static String property(SchemaProperty property) {
        return property.name() + "\n\n" + property.help() + "\nAllowed: "
                + property.type().allowed() + "\n"
                + (property.byDefault().isEmpty() ? "" : "Default: " + property.byDefault() + "\n");
    }
}
