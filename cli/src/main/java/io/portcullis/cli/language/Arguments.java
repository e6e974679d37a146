package io.portcullis.cli.language;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ObjectKey;
import io.portcullis.core.config.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words behind a verb, sorted.
 *
 * @param names words that are neither property nor option
 * @param properties values as typed, by the property names as typed
 * @param flags options without the dash, lower case
 */
record Arguments(List<String> names, Map<String, String> properties, Set<String> flags) {
    /**
     * An object that was named, or only its type.
     *
     * @param schema its type
     * @param id its name or index; empty when only the type was named
     */
    record Target(Schema<?> schema, Optional<String> id) {}

    /** @throws ConfigError when an option is not the verb's, or a property is given twice */
    static Arguments of(Verb verb, List<Word> words) {
        List<String> names = new ArrayList<>();
        Map<String, String> properties = new LinkedHashMap<>();
        Set<String> flags = new LinkedHashSet<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Word word : words) {
            if (word.isAssignment()) {
                if (!seen.add(word.property().toLowerCase(Locale.ROOT))) {
                    throw new ConfigError(word.property(), "is given twice");
                }
                properties.put(word.property(), word.value());
            } else if (word.isFlag()) {
                String flag = word.text().substring(1).toLowerCase(Locale.ROOT);
                if (!verb.flags().contains(flag)) {
                    throw new ConfigError(verb.name() + " has no option " + word.text() + "; usage: " + verb.usage());
                }
                flags.add(flag);
            } else {
                names.add(word.text());
            }
        }
        return new Arguments(List.copyOf(names), properties, flags);
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    /** Takes a property out that is not the object's own, such as {@code Index}. */
    Optional<String> take(String name) {
        for (String given : properties.keySet()) {
            if (given.equalsIgnoreCase(name)) {
                return Optional.of(properties.remove(given));
            }
        }
        return Optional.empty();
    }

    /** The type and name that were given. @throws ConfigError when they fit nothing here, or words are left over */
    Target target(Work work, String usage) {
        if (names.isEmpty()) {
            throw new ConfigError("the type of the object is missing; usage: " + usage);
        }
        int[] used = new int[1];
        Schema<?> schema = work.place().type(work.candidate(), names, used);
        List<String> rest = names.subList(used[0], names.size());
        if (rest.size() > 1 || (schema.singleton() && !rest.isEmpty())) {
            throw new ConfigError("\"" + rest.getLast() + "\" is one word too many; values are given as Property=Value,"
                    + " with quotes around blanks");
        }
        return new Target(schema, rest.stream().findFirst());
    }

    /** The stored object that was given. @throws ConfigError when it does not exist */
    static ConfigObject<?> existing(Configuration configuration, Place place, Target target) {
        return find(configuration, place.object(), target.schema(), target.id().orElse(""))
                .orElseThrow(() -> missing(configuration, place, target));
    }

    static <T extends Record> Optional<ConfigObject<?>> find(
            Configuration configuration, long parent, Schema<T> schema, String id) {
        return configuration.stored(parent, schema, id).map(object -> object);
    }

    private static ConfigError missing(Configuration configuration, Place place, Target target) {
        Schema<?> schema = target.schema();
        if (target.id().isEmpty()) {
            return new ConfigError("the name of the " + schema.type() + " is missing"
                    + (schema.nameOptional() ? ", or its index" : ""));
        }
        boolean fixed = place.object() == ConfigObject.TOP
                && configuration.objects(schema.recordClass()).stream()
                        .anyMatch(object -> object.name().equals(target.id().get()));
        if (fixed) {
            return new ConfigError(
                    ObjectKey.of(schema.type(), target.id().get()) + " exists by itself and cannot be changed");
        }
        List<String> names = new ArrayList<>();
        configuration.stored(place.object(), schema).forEach(object -> names.add(object.name()));
        return new ConfigError(schema.type() + " " + target.id().get() + " does not exist"
                + io.portcullis.core.config.Nearest.to(target.id().get(), names)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(""));
    }
}
