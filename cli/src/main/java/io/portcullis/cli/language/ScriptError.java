package io.portcullis.cli.language;

import io.portcullis.core.config.ConfigError;

/** A command of a script failed; nothing of the script is kept. */
public final class ScriptError extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final String sentence;

    /** @param line number of the line at fault, from 1 */
    ScriptError(int line, String sentence) {
        super(sentence);
        this.line = line;
        this.sentence = sentence;
    }

    /** What a command threw, with the line of the property at fault, or else of the command. */
    static ScriptError in(CommandLines.CommandLine command, Exception error) {
        String sentence = String.valueOf(error.getMessage());
        if (error instanceof ConfigError wrong) {
            for (Word word : command.words()) {
                if (word.isAssignment() && word.property().equalsIgnoreCase(wrong.property())) {
                    return new ScriptError(word.line(), sentence);
                }
            }
        }
        return new ScriptError(command.line(), sentence);
    }

    public int line() {
        return line;
    }

    /** What is wrong, without the line. */
    String sentence() {
        return sentence;
    }

    /** {@code line 40: Kilobytes: "x" is not a number …}. */
    @Override
    public String getMessage() {
        return "line " + line + ": " + sentence;
    }
}
