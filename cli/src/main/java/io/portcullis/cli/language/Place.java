package io.portcullis.cli.language;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Nearest;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.config.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where commands apply: the top, or inside an object that {@code cc} went into.
 *
 * @param object id of that object, {@link ConfigObject#TOP} at the top
 */
public record Place(long object) {
    public static final Place TOP = new Place(ConfigObject.TOP);

    /** {@code Device:/main>}. */
    String prompt(Configuration configuration) {
        StringBuilder path = new StringBuilder();
        configuration.byId(object).ifPresent(inside -> {
            path.append(configuration.key(inside).id());
            long parent = inside.parent();
            while (parent != ConfigObject.TOP) {
                ConfigObject<?> outer = configuration.byId(parent).orElseThrow();
                path.insert(0, configuration.key(outer).id() + "/");
                parent = outer.parent();
            }
        });
        return "Device:/" + path + ">";
    }

    /** The types whose objects can be here. */
    public List<Schema<?>> types(Configuration configuration) {
        ObjectTypes types = configuration.types();
        return inside(configuration)
                .map(parent -> types.childrenOf(parent.schema()))
                .orElseGet(types::topLevel);
    }

    /** The object that one is in. */
    public Optional<ConfigObject<?>> inside(Configuration configuration) {
        return configuration.byId(object);
    }

    /** One step out. */
    Place outer(Configuration configuration) {
        return inside(configuration).map(in -> new Place(in.parent())).orElse(TOP);
    }

    /**
     * The type that these words begin with, a category before it passed over.
     *
     * @param used takes the number of words that named it
     * @throws ConfigError when there is none, or it cannot be here
     */
    public Schema<?> type(Configuration configuration, List<String> words, int[] used) {
        List<Schema<?>> here = types(configuration);
        String first = words.getFirst();
        if (words.size() > 1
                && here.stream().anyMatch(schema -> schema.category().equalsIgnoreCase(first))) {
            for (Schema<?> schema : here) {
                if (schema.category().equalsIgnoreCase(first) && schema.type().equalsIgnoreCase(words.get(1))) {
                    used[0] = 2;
                    return schema;
                }
            }
        }
        for (Schema<?> schema : here) {
            if (schema.type().equalsIgnoreCase(first)) {
                used[0] = 1;
                return schema;
            }
        }
        throw unknown(configuration, here, words);
    }

    private ConfigError unknown(Configuration configuration, List<Schema<?>> here, List<String> words) {
        String first = words.getFirst();
        boolean category = here.stream().anyMatch(schema -> schema.category().equalsIgnoreCase(first));
        if (category) {
            List<String> types = here.stream()
                    .filter(schema -> schema.category().equalsIgnoreCase(first))
                    .map(Schema::type)
                    .toList();
            String given = words.size() > 1 ? "has no type \"" + words.get(1) + "\": it has " : "needs a type: ";
            return new ConfigError(first + " " + given + String.join(", ", types));
        }
        for (int i = 0; i < Math.min(2, words.size()); i++) {
            Optional<Schema<?>> elsewhere = configuration.types().find(words.get(i));
            if (elsewhere.isPresent()) {
                List<Class<? extends Record>> parents = elsewhere.get().parents();
                String where = parents.isEmpty()
                        ? "is not inside another object: cc first"
                        : "can only be in "
                                + configuration.types().of(parents.getFirst()).type() + ": use cc "
                                + configuration.types().of(parents.getFirst()).type() + " NAME first";
                return new ConfigError(elsewhere.get().type() + " " + where);
            }
        }
        List<String> known = new ArrayList<>();
        here.forEach(schema -> known.add(schema.type()));
        here.forEach(schema -> known.add(schema.category()));
        return new ConfigError("there is no object type \"" + first + "\""
                + Nearest.to(first, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(""));
    }
}
