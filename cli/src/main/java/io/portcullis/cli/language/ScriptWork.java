package io.portcullis.cli.language;

import io.portcullis.cli.console.Session;
import io.portcullis.cli.language.CommandLines.CommandLine;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Schema;
import io.portcullis.core.config.SchemaProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A script's own copy of the candidate. */
final class ScriptWork implements Work {
    private final Configuration active;
    private final StringBuilder printed = new StringBuilder();
    private final List<Given> given = new ArrayList<>();
    private CommandLine line = new CommandLine(0, List.of());
    Configuration candidate;
    Place place;

    private record Given(CommandLine line, long object, Set<String> properties) {}

    ScriptWork(Configuration candidate, Configuration active, Place place) {
        this.candidate = candidate;
        this.active = active;
        this.place = place;
    }

    @Override
    public Configuration candidate() {
        return candidate;
    }

    @Override
    public Configuration active() {
        return active;
    }

    @Override
    public void change(Configuration changed) {
        candidate = changed;
        if (place.inside(changed).isEmpty()) {
            place = Place.TOP;
        }
    }

    /** From now on commands are of this line. */
    void begin(CommandLine next) {
        line = next;
    }

    @Override
    public void checkReferences(Schema<?> schema, Map<String, String> properties) {
        // What is missing may come further down: see checkGiven.
    }

    @Override
    public void given(ConfigObject<?> object, Map<String, String> properties) {
        given.add(new Given(line, object.id(), Set.copyOf(properties.keySet())));
    }

    /** Refuses names given so far that name nothing now. @throws ScriptError with the line that gave the name */
    void checkGiven() throws ScriptError {
        Map<Long, ConfigObject<?>> objects = new HashMap<>();
        candidate.stored().forEach(object -> objects.put(object.id(), object));
        for (Given entry : given) {
            ConfigObject<?> object = objects.get(entry.object());
            if (object != null) {
                check(entry, object);
            }
        }
        given.clear();
    }

    private void check(Given entry, ConfigObject<?> object) throws ScriptError {
        for (SchemaProperty property : object.schema().properties()) {
            boolean named = entry.properties().stream().anyMatch(name -> name.equalsIgnoreCase(property.name()));
            Optional<Object> value = named ? property.value(object.value()) : Optional.empty();
            if (value.isPresent()) {
                try {
                    References.check(active, candidate, property, value.get());
                } catch (ConfigError error) {
                    throw ScriptError.in(entry.line(), error);
                }
            }
        }
    }

    @Override
    public void rejectAll(boolean takeOver) {
        change(active);
    }

    @Override
    public Place place() {
        return place;
    }

    @Override
    public void go(Place to) {
        place = to;
    }

    @Override
    public void print(String text) {
        printed.append(text);
    }

    @Override
    public void confirm(String text) {
        // A script of thousands of lines says what it did by show -changes.
    }

    /** What was printed since the last time. */
    String takePrinted() {
        String text = printed.toString();
        printed.setLength(0);
        return text;
    }

    /** Keeps what a command prints until the script takes effect. */
    Session.Output output() {
        return new Session.Output() {
            @Override
            public void out(String text) {
                printed.append(text);
            }

            @Override
            public void err(String text) {
                printed.append(text);
            }
        };
    }
}
