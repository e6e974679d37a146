package io.portcullis.cli.command;

import io.portcullis.cli.console.Session;
import java.util.List;

/** A command of the console, such as {@code ipsec}. Syntax, help and completion come from its declaration. */
public interface Command {
    /** The word that calls it. */
    String name();

    /** What it does, one sentence. */
    String help();

    /** What it takes with a dash. */
    default List<Option> options() {
        return List.of();
    }

    /** What it takes without a dash, in order; the console refuses more than these. */
    default List<Argument> arguments() {
        return List.of();
    }

    /**
     * Does it. Runs on a thread of its own that may block; a command that runs until told otherwise ends when the
     * thread is interrupted.
     *
     * @throws CommandFailure with a sentence for the administrator; the console prints it and the status is 1
     * @throws InterruptedException when the administrator ended it
     */
    void run(Invocation invocation, Session.Output output) throws CommandFailure, InterruptedException;

    /**
     * Something without a dash.
     *
     * @param name placeholder for the usage line: {@code IP}
     * @param required whether it must be given
     * @param help one line
     * @param values what may stand there, for completion
     */
    record Argument(String name, boolean required, String help, Words values) {}

    /** Words to offer at this moment, such as the names of the tunnels. */
    @FunctionalInterface
    interface Words {
        /** Nothing to offer: a number, an address. */
        Words NONE = List::of;

        List<String> now();
    }
}
