package io.portcullis.cli.language;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.console.Session;
import io.portcullis.core.config.Configuration;

/** A command that changes the candidate beside the verbs of the language, such as {@code pskgen}. */
public interface EditingCommand extends Command {
    /**
     * Makes the changed candidate; whether it is kept is not this command's business.
     *
     * @throws CommandFailure or {@link io.portcullis.core.config.ConfigError} with a sentence for the administrator
     */
    Configuration edit(Invocation invocation, Configuration candidate, Session.Output output) throws CommandFailure;

    @Override
    default void run(Invocation invocation, Session.Output output) {
        throw new IllegalStateException(name() + " runs only within a session that has a candidate");
    }
}
