package io.portcullis.cli.language;

import io.portcullis.cli.command.TextTable;
import io.portcullis.core.config.Change;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ConfigurationCheck;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.Schema;
import java.util.List;
import java.util.Optional;

/** Shows objects, changes and errors. */
final class ShowVerb implements Verb {
    @Override
    public String name() {
        return "show";
    }

    @Override
    public String usage() {
        return "show [CATEGORY] [TYPE] [NAME] | show -changes | show -errors";
    }

    @Override
    public String help() {
        return "Shows an object, the objects of a type or category, or what has changed. Marks: + added, - deleted,"
                + " * changed, ! in error, o disabled.";
    }

    @Override
    public List<String> flags() {
        return List.of("changes", "errors");
    }

    @Override
    public void run(Arguments arguments, Work work) {
        if (!arguments.properties().isEmpty()) {
            throw new ConfigError("show takes no properties; usage: " + usage());
        }
        Configuration candidate = work.candidate();
        List<Change> changes = Change.between(work.active(), candidate);
        if (arguments.has("changes")) {
            work.print(Listing.changes(changes));
        } else if (arguments.has("errors")) {
            Findings findings = new Findings();
            ConfigurationCheck.run(work.active(), candidate, findings);
            work.print(findings.all().isEmpty() ? "No errors.\n" : Listing.findings(findings.all()));
        } else {
            objects(arguments, work, candidate, new Listing(candidate, changes));
        }
    }

    private void objects(Arguments arguments, Work work, Configuration candidate, Listing listing) {
        Place place = work.place();
        if (arguments.names().isEmpty()) {
            Optional<ConfigObject<?>> inside = place.inside(candidate);
            inside.ifPresent(object -> work.print(listing.properties(object.schema(), object.value())));
            if (inside.isPresent()) {
                tables(work, listing, place.types(candidate));
            } else {
                overview(work, candidate, place);
            }
            return;
        }
        List<Schema<?>> category = place.types(candidate).stream()
                .filter(schema ->
                        schema.category().equalsIgnoreCase(arguments.names().getFirst()))
                .toList();
        if (arguments.names().size() == 1 && !category.isEmpty()) {
            tables(work, listing, category);
            return;
        }
        Arguments.Target target = arguments.target(work, usage());
        Schema<?> schema = target.schema();
        if (schema.singleton()) {
            work.print(listing.properties(schema, candidate.settings(schema.recordClass())));
        } else if (target.id().isEmpty()) {
            String table = listing.table(schema, place.object());
            work.print(table.isEmpty() ? "No " + schema.type() + " objects.\n" : table);
        } else {
            ConfigObject<?> object = object(candidate, place, target);
            work.print(listing.properties(object.schema(), object.value()));
        }
    }

    /** The stored object, or one that exists by itself. */
    private static ConfigObject<?> object(Configuration candidate, Place place, Arguments.Target target) {
        if (place.object() == ConfigObject.TOP) {
            Optional<? extends ConfigObject<?>> fixed = candidate
                    .objects(target.schema().recordClass())
                    .stream()
                    .filter(object ->
                            !object.stored() && object.name().equals(target.id().orElse("")))
                    .findFirst();
            if (fixed.isPresent()) {
                return fixed.get();
            }
        }
        return Arguments.existing(candidate, place, target);
    }

    private static void tables(Work work, Listing listing, List<Schema<?>> schemas) {
        boolean any = false;
        for (Schema<?> schema : schemas) {
            String table =
                    schema.singleton() ? "" : listing.table(schema, work.place().object());
            if (!table.isEmpty()) {
                work.print((any ? "\n" : "") + schema.title() + " (" + schema.type() + ")\n\n" + table);
                any = true;
            }
        }
        if (!any && work.place().equals(Place.TOP)) {
            work.print("No objects.\n");
        }
    }

    private static void overview(Work work, Configuration candidate, Place place) {
        TextTable table = new TextTable("Category", "Type", "Objects", "");
        for (Schema<?> schema : place.types(candidate)) {
            int count = candidate.stored(place.object(), schema).size();
            table.row(schema.category(), schema.type(), schema.singleton() ? "-" : count, schema.title());
        }
        work.print(table.toString());
    }
}
