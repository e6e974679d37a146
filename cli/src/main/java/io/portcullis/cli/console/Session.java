package io.portcullis.cli.console;

import java.util.List;

/**
 * One administrator's conversation with the firewall: a context, a candidate configuration, commands one after the
 * other. Used by one thread at a time.
 */
public interface Session extends AutoCloseable {
    /** What stands before the cursor, such as {@code Device:/main>}. */
    String prompt();

    /**
     * Runs one command line, or a script of several.
     *
     * @return 0 when every command succeeded, 1 when one failed
     * @throws InterruptedException when the administrator interrupted a command that runs until told otherwise
     */
    int execute(String text, Output output) throws InterruptedException;

    /** What could stand at the cursor. */
    List<Candidate> complete(String line, int cursor);

    /** Ends the session; the candidate belongs to the firewall and stays. */
    @Override
    void close();

    /** Where a command writes. */
    interface Output {
        void out(String text);

        void err(String text);
    }

    /**
     * One completion.
     *
     * @param text what replaces the word at the cursor
     * @param help one line about it, may be empty
     * @param complete whether a blank may follow: false after {@code Property=}
     */
    record Candidate(String text, String help, boolean complete) {}

    /** Opens sessions. */
    interface Factory {
        /** @param origin where the administrator sits, for the log: {@code console}, an address */
        Session open(String origin);
    }
}
