package io.portcullis.cli.language;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ConfigurationCheck;
import io.portcullis.core.config.SchemaProperty;
import java.util.List;
import java.util.Optional;

/** Refuses names of objects that do not exist. */
final class References {
    private References() {}

    /** @param value the property's value as the record has it */
    static void check(Configuration active, Configuration candidate, SchemaProperty property, Object value) {
        Object inner = value instanceof Optional<?> optional ? optional.orElse(null) : value;
        if (inner == null) {
            return;
        }
        List<String> sentences = ConfigurationCheck.unresolved(active, candidate, property, inner);
        if (!sentences.isEmpty()) {
            throw new ConfigError(property.name(), String.join("; ", sentences));
        }
    }
}
