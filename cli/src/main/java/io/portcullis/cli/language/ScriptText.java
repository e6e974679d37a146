package io.portcullis.cli.language;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Schema;
import io.portcullis.core.config.SchemaProperty;

/** Writes a configuration as the commands that make it. */
final class ScriptText {
    private final Configuration configuration;
    private final boolean secrets;
    private final StringBuilder out = new StringBuilder();

    private ScriptText(Configuration configuration, boolean secrets) {
        this.configuration = configuration;
        this.secrets = secrets;
    }

    /**
     * A script that makes these objects on a new firewall.
     *
     * @param secrets whether to write them; else the script cannot be run before somebody fills them in
     */
    static String of(Configuration configuration, boolean secrets) {
        ScriptText text = new ScriptText(configuration, secrets);
        text.write(ConfigObject.TOP, 0);
        return text.out.toString();
    }

    private void write(long parent, int depth) {
        for (ConfigObject<?> object : configuration.stored(parent)) {
            write(object);
            if (!configuration.stored(object.id()).isEmpty()) {
                line("cc", object, true);
                out.append('\n');
                write(object.id(), depth + 1);
                out.append(depth == 0 ? "cc\n" : "cc ..\n");
            }
        }
    }

    private void write(ConfigObject<?> object) {
        Schema<?> schema = object.schema();
        // -force: a new firewall has some of these objects already.
        line(schema.singleton() ? "set" : "add", object, !object.name().isEmpty());
        for (SchemaProperty property : schema.properties()) {
            if (!property.isName() && !isDefault(property, object.value())) {
                String value = secrets ? property.reveal(object.value()) : property.print(object.value());
                out.append(' ').append(property.name()).append('=').append(Tokenizer.quoted(value));
            }
        }
        if (object.disabled()) {
            out.append(" -disable");
        }
        out.append(" -force -silent\n");
    }

    private void line(String verb, ConfigObject<?> object, boolean withName) {
        Schema<?> schema = object.schema();
        out.append(verb);
        if (!schema.category().isEmpty()) {
            out.append(' ').append(schema.category());
        }
        out.append(' ').append(schema.type());
        if (withName && !schema.singleton()) {
            out.append(' ').append(Tokenizer.quoted(configuration.key(object).id()));
        }
    }

    private static boolean isDefault(SchemaProperty property, Record object) {
        if (property.required()) {
            return false;
        }
        try {
            return property.unsetValue().equals(property.value(object));
        } catch (ConfigError error) {
            return false;
        }
    }
}
