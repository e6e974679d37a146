package io.portcullis.cli.language;

import io.portcullis.core.config.ConfigError;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a line into words. Blanks separate; {@code "…"} keeps blanks together, also in the middle of a word; inside
 * quotes {@code \"}, {@code \\}, {@code \n}, {@code \r} and {@code \t} are one character each, outside them
 * {@code \"}, {@code \#} and a backslash before a blank. Any other backslash is itself. A {@code #} at the start of a
 * word begins a comment.
 */
public final class Tokenizer {
    private final String line;
    private final int number;
    private final boolean lenient;
    private final List<Word> words = new ArrayList<>();
    private int at;

    private Tokenizer(String line, int number, boolean lenient) {
        this.line = line;
        this.number = number;
        this.lenient = lenient;
    }

    /**
     * The words of a line.
     *
     * @param number of the line, for {@link Word#line}
     * @throws ConfigError when a quote is not closed
     */
    public static List<Word> words(String line, int number) {
        return new Tokenizer(line, number, false).run();
    }

    /** The words of a line that is still being typed: an open quote ends with the line. */
    public static List<Word> unfinished(String line) {
        return new Tokenizer(line, 1, true).run();
    }

    /** The text as one word of a command: in quotes if it needs them. */
    public static String quoted(String text) {
        boolean plain = !text.isEmpty() && text.charAt(0) != '#';
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain &= !Character.isWhitespace(c) && c != '"' && c != '\\';
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c);
            }
        }
        return plain ? text : out.append('"').toString();
    }

    private List<Word> run() {
        while (at < line.length()) {
            if (Character.isWhitespace(line.charAt(at))) {
                at++;
            } else if (line.charAt(at) == '#') {
                break;
            } else {
                words.add(word());
            }
        }
        return List.copyOf(words);
    }

    private Word word() {
        int start = at;
        int equals = -1;
        boolean key = true;
        StringBuilder text = new StringBuilder();
        while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
            char c = line.charAt(at);
            if (c == '"') {
                key = false;
                quote(text);
                continue;
            }
            if (c == '\\' && at + 1 < line.length() && " \t\"#".indexOf(line.charAt(at + 1)) >= 0) {
                c = line.charAt(++at);
                key = false;
            } else if (c == '=' && key && equals < 0 && !text.isEmpty()) {
                equals = text.length();
                key = false;
            } else if (key) {
                key = isKeyPart(c, text.isEmpty());
            }
            text.append(c);
            at++;
        }
        return new Word(text.toString(), equals, start, at, number);
    }

    private void quote(StringBuilder text) {
        int opened = at++;
        while (at < line.length() && line.charAt(at) != '"') {
            char c = line.charAt(at++);
            if (c == '\\' && at < line.length()) {
                char escaped = line.charAt(at++);
                switch (escaped) {
                    case '"', '\\' -> text.append(escaped);
                    case 'n' -> text.append('\n');
                    case 'r' -> text.append('\r');
                    case 't' -> text.append('\t');
                    default -> text.append('\\').append(escaped);
                }
            } else {
                text.append(c);
            }
        }
        if (at >= line.length() && !lenient) {
            throw new ConfigError("the quote opened at column " + (opened + 1) + " is not closed");
        }
        at++;
        at = Math.min(at, line.length());
    }

    private static boolean isKeyPart(char c, boolean first) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '_'));
    }
}
