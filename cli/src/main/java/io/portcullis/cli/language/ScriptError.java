package io.portcullis.cli.language;

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
