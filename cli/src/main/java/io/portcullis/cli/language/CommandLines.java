package io.portcullis.cli.language;

import io.portcullis.core.config.ConfigError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Cuts a script into commands. A line continues the command before it when its first word is {@code Property=Value},
 * or when the line before it ends in a backslash. Empty lines and comments may stand anywhere. A prompt in front, as in
 * text copied from a console, is passed over.
 */
final class CommandLines {
    private static final Pattern PROMPT = Pattern.compile("^\\s*[\\p{L}\\p{N}_.-]+:/[^\\s>]*>");

    private CommandLines() {}

    /**
     * One command.
     *
     * @param line number of its first line, from 1
     * @param words its words, at least one
     */
    record CommandLine(int line, List<Word> words) {
        /** The word that says what to do, in lower case. */
        String verb() {
            return words.getFirst().text().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** @throws ScriptError naming the line */
    static List<CommandLine> of(String script) throws ScriptError {
        List<CommandLine> commands = new ArrayList<>();
        List<Word> open = new ArrayList<>();
        boolean joined = false;
        int number = 0;
        for (String raw : script.split("\n", -1)) {
            number++;
            String line =
                    PROMPT.matcher(raw.replace("\uFEFF", "").stripTrailing()).replaceFirst("");
            boolean joins = line.endsWith("\\");
            List<Word> words = words(joins ? line.substring(0, line.length() - 1) : line, number);
            if (!words.isEmpty()) {
                boolean continues = joined || words.getFirst().isAssignment();
                if (continues && open.isEmpty() && !joined) {
                    throw new ScriptError(
                            number,
                            "\"" + words.getFirst().property()
                                    + "=\" continues a command, but there is none before it");
                }
                if (!continues && !open.isEmpty()) {
                    commands.add(new CommandLine(open.getFirst().line(), List.copyOf(open)));
                    open.clear();
                }
                open.addAll(words);
            }
            joined = joins;
        }
        if (!open.isEmpty()) {
            commands.add(new CommandLine(open.getFirst().line(), List.copyOf(open)));
        }
        return commands;
    }

    private static List<Word> words(String line, int number) throws ScriptError {
        try {
            return Tokenizer.words(line, number);
        } catch (ConfigError error) {
            throw new ScriptError(number, error.getMessage());
        }
    }
}
