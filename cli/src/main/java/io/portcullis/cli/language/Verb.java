package io.portcullis.cli.language;

import java.util.List;

/** A command of the configuration language. */
interface Verb {
    String name();

    /** {@code set [CATEGORY] TYPE [NAME] Property=Value …}. */
    String usage();

    /** What it does, one sentence. */
    String help();

    /** Its options, without the dash. */
    default List<String> flags() {
        return List.of();
    }

    /** Runs it. @throws io.portcullis.core.config.ConfigError with nothing changed */
    void run(Arguments arguments, Work work);
}
