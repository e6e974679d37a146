package io.portcullis.cli.language;

/**
 * One word of a command line, quotes and escapes taken away.
 *
 * @param text what it says
 * @param equals where its text has the {@code =} of {@code Property=Value}, -1 when it is no such word
 * @param start where it starts in its line, from 0
 * @param end where it ends in its line, behind the last character
 * @param line number of its line, from 1
 */
public record Word(String text, int equals, int start, int end, int line) {
    /** Whether it is {@code Property=Value}. */
    public boolean isAssignment() {
        return equals >= 0;
    }

    /** Whether it is an option, {@code -force} or {@code -num=20}. */
    public boolean isFlag() {
        return text.length() > 1 && text.charAt(0) == '-' && Character.isLetter(text.charAt(1));
    }

    /** The property's name. */
    public String property() {
        return text.substring(0, equals);
    }

    /** The property's value. */
    public String value() {
        return text.substring(equals + 1);
    }
}
