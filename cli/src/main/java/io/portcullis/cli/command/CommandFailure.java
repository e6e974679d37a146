package io.portcullis.cli.command;

/** A command could not do what was asked; the message is a sentence for the administrator. */
public final class CommandFailure extends Exception {
    public CommandFailure(String sentence) {
        super(sentence);
    }
}
