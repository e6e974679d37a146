package io.portcullis.cli.language;

import io.portcullis.core.config.ConfigError;
import java.util.List;

/** Writes the configuration as a script. */
final class ScriptVerb implements Verb {
    @Override
    public String name() {
        return "script";
    }

    @Override
    public String usage() {
        return "script -create [-secrets]";
    }

    @Override
    public String help() {
        return "Prints the configuration as commands that make it again; with -secrets, passwords and keys in clear.";
    }

    @Override
    public List<String> flags() {
        return List.of("create", "secrets");
    }

    @Override
    public void run(Arguments arguments, Work work) {
        if (!arguments.has("create")
                || !arguments.names().isEmpty()
                || !arguments.properties().isEmpty()) {
            throw new ConfigError("usage: " + usage());
        }
        work.print(ScriptText.of(work.candidate(), arguments.has("secrets")));
    }
}
