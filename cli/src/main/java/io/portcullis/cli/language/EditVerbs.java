package io.portcullis.cli.language;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ObjectKey;
import io.portcullis.core.config.Schema;
import io.portcullis.core.config.SchemaProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The verbs that change single objects. */
final class EditVerbs {
    private EditVerbs() {}

    static List<Verb> all() {
        return List.of(new AddVerb(), new SetVerb(), new DeleteVerb());
    }

    /** Makes an object. */
    private static final class AddVerb implements Verb {
        @Override
        public String name() {
            return "add";
        }

        @Override
        public String usage() {
            return "add [CATEGORY] TYPE [NAME] Property=Value ... [Index=N] [-disable] [-force] [-silent]";
        }

        @Override
        public String help() {
            return "Adds an object. -force replaces one that exists already, and accepts names of objects that do not exist yet.";
        }

        @Override
        public List<String> flags() {
            return List.of("disable", "force", "silent");
        }

        @Override
        public void run(Arguments arguments, Work work) {
            Optional<String> index = arguments.take("Index");
            Arguments.Target target = arguments.target(work, usage());
            Map<String, String> properties = named(target, arguments.properties());
            add(arguments, work, target.schema(), properties, index);
        }

        private static <T extends Record> void add(
                Arguments arguments,
                Work work,
                Schema<T> schema,
                Map<String, String> properties,
                Optional<String> index) {
            Configuration before = work.candidate();
            long parent = work.place().object();
            if (!arguments.has("force")) {
                work.checkReferences(schema, properties);
            }
            T value = schema.parse(properties);
            Optional<ConfigObject<T>> existing =
                    arguments.has("force") ? before.stored(parent, schema, schema.nameOf(value)) : Optional.empty();
            Configuration after;
            if (existing.isPresent()) {
                after = before.set(existing.get(), value).disable(existing.get(), arguments.has("disable"));
            } else {
                if (index.isPresent() && !schema.ordered()) {
                    throw new ConfigError("Index", schema.type() + " objects have no order");
                }
                int at = index.map(EditVerbs::index).orElse(0);
                after = before.add(parent, value, at, arguments.has("disable"));
            }
            work.change(after);
            if (!arguments.has("force")) {
                after.lastAdded().ifPresent(added -> work.given(added, properties));
            }
            if (!arguments.has("silent")) {
                String id = schema.nameOf(value);
                work.confirm((existing.isPresent() ? "Replaced " : "Added ") + ObjectKey.of(schema.type(), id) + "\n");
            }
        }
    }

    /** Changes an object. */
    private static final class SetVerb implements Verb {
        @Override
        public String name() {
            return "set";
        }

        @Override
        public String usage() {
            return "set [CATEGORY] TYPE [NAME] Property=Value ... [Index=N] [-disable|-enable] [-force] [-silent]";
        }

        @Override
        public String help() {
            return "Changes properties of an object; without a type, of the object that cc went into. <empty> unsets.";
        }

        @Override
        public List<String> flags() {
            return List.of("disable", "enable", "force", "silent");
        }

        @Override
        public void run(Arguments arguments, Work work) {
            Optional<String> index = arguments.take("Index");
            Configuration after = work.candidate();
            ConfigObject<?> object;
            Optional<ConfigObject<?>> inside = work.place().inside(after);
            if (arguments.names().isEmpty() && inside.isPresent()) {
                object = inside.get();
            } else {
                Arguments.Target target = arguments.target(work, usage());
                if (target.schema().singleton()) {
                    after = withSettings(after, target.schema());
                }
                object = Arguments.existing(after, work.place(), target);
            }
            if (arguments.properties().isEmpty()
                    && index.isEmpty()
                    && arguments.flags().isEmpty()) {
                throw new ConfigError("no property is given; usage: " + usage());
            }
            if (arguments.has("disable") && arguments.has("enable")) {
                throw new ConfigError("-disable and -enable contradict each other");
            }
            if (!arguments.has("force")) {
                work.checkReferences(object.schema(), arguments.properties());
            }
            after = set(after, object, arguments.properties());
            ConfigObject<?> changed = after.byId(object.id()).orElseThrow();
            if (index.isPresent()) {
                after = after.move(changed, EditVerbs.index(index.get()));
            }
            if (arguments.has("disable") || arguments.has("enable")) {
                after = after.disable(changed, arguments.has("disable"));
            }
            work.change(after);
            if (!arguments.has("force")) {
                work.given(changed, arguments.properties());
            }
            if (!arguments.has("silent")) {
                work.confirm("Changed " + after.key(changed) + "\n");
            }
        }

        private static <T extends Record> Configuration set(
                Configuration in, ConfigObject<T> object, Map<String, String> properties) {
            return in.set(object, object.schema().change(object.value(), properties));
        }

        private static <T extends Record> Configuration withSettings(Configuration in, Schema<T> schema) {
            return in.stored(ConfigObject.TOP, schema).isEmpty()
                    ? in.add(ConfigObject.TOP, schema.parse(Map.of()))
                    : in;
        }
    }

    /** Removes an object. */
    private static final class DeleteVerb implements Verb {
        @Override
        public String name() {
            return "delete";
        }

        @Override
        public String usage() {
            return "delete [CATEGORY] TYPE NAME [-silent]";
        }

        @Override
        public String help() {
            return "Deletes an object and what is in it; settings return to their defaults.";
        }

        @Override
        public List<String> flags() {
            return List.of("force", "silent");
        }

        @Override
        public void run(Arguments arguments, Work work) {
            if (!arguments.properties().isEmpty()) {
                throw new ConfigError("delete takes no properties; usage: " + usage());
            }
            Configuration before = work.candidate();
            ConfigObject<?> object = Arguments.existing(before, work.place(), arguments.target(work, usage()));
            String key = before.key(object).toString();
            work.change(before.delete(object));
            if (!arguments.has("silent")) {
                work.confirm("Deleted " + key + "\n");
            }
        }
    }

    private static int index(String text) {
        try {
            int index = Integer.parseInt(text);
            if (index > 0) {
                return index;
            }
        } catch (NumberFormatException _) {
            // said below, like a number out of range
        }
        throw new ConfigError("Index", "\"" + text + "\" is not a number from 1");
    }

    /** The properties with the name that stood before them. */
    private static Map<String, String> named(Arguments.Target target, Map<String, String> properties) {
        Schema<?> schema = target.schema();
        if (schema.singleton()) {
            throw new ConfigError(schema.type() + " exists always: use set");
        }
        if (target.id().isEmpty()) {
            return properties;
        }
        SchemaProperty name = schema.properties().stream()
                .filter(SchemaProperty::isName)
                .findFirst()
                .orElseThrow(() -> new ConfigError("\"" + target.id().get() + "\" is one word too many: "
                        + schema.type() + " objects have no name"));
        if (properties.keySet().stream().anyMatch(given -> given.equalsIgnoreCase(name.name()))) {
            throw new ConfigError(name.name(), "is given twice");
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put(name.name(), target.id().get());
        all.putAll(properties);
        return all;
    }
}
