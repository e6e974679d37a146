package io.portcullis.cli.command;

import io.portcullis.cli.console.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The commands that a console knows, by name. */
public final class CommandTable {
    private final Map<String, Command> commands = new TreeMap<>();

    /** @throws IllegalArgumentException when two have the same name */
    public CommandTable(Collection<? extends Command> commands) {
        for (Command command : commands) {
            if (this.commands.put(command.name(), command) != null) {
                throw new IllegalArgumentException("two commands are called " + command.name());
            }
        }
    }

    public boolean knows(String name) {
        return commands.containsKey(name.toLowerCase(Locale.ROOT));
    }

    /** The command of this name, in any case. */
    public Optional<Command> find(String name) {
        return Optional.ofNullable(commands.get(name.toLowerCase(Locale.ROOT)));
    }

    /** All of them, by name. */
    public Collection<Command> all() {
        return commands.values();
    }

    /**
     * Runs a command.
     *
     * @param words the command's name and what followed it
     * @throws CommandFailure also when its words do not fit its declaration
     */
    public void run(List<String> words, Session.Output output) throws CommandFailure, InterruptedException {
        Command command = commands.get(words.getFirst().toLowerCase(Locale.ROOT));
        if (command == null) {
            throw new CommandFailure("there is no command '" + words.getFirst() + "'; help lists them");
        }
        List<String> rest = words.subList(1, words.size());
        if (rest.contains("-help") || rest.contains("--help")) {
            output.out(help(command));
            return;
        }
        command.run(Invocation.parse(command, rest), output);
    }

    /** What could follow these words, the last of which is being typed. */
    public List<Session.Candidate> complete(List<String> words) {
        Command command = commands.get(words.getFirst().toLowerCase(Locale.ROOT));
        List<Session.Candidate> out = new ArrayList<>();
        if (command == null || words.size() < 2) {
            return out;
        }
        String typed = words.getLast();
        for (Option option : command.options()) {
            String prefix = "-" + option.name() + "=";
            if (typed.startsWith(prefix)) {
                option.values().now().forEach(value -> out.add(new Session.Candidate(prefix + value, "", true)));
            } else if (option.kind() == Option.Kind.REQUIRED) {
                out.add(new Session.Candidate(prefix, option.help(), false));
            } else {
                out.add(new Session.Candidate("-" + option.name(), option.help(), true));
            }
        }
        if (!typed.startsWith("-")) {
            for (Command.Argument argument : command.arguments()) {
                argument.values().now().forEach(value -> out.add(new Session.Candidate(value, argument.help(), true)));
            }
        }
        out.removeIf(candidate -> !candidate.text().startsWith(typed));
        return out;
    }

    /** The usage line. */
    static String usage(Command command) {
        StringBuilder line = new StringBuilder(command.name());
        for (Command.Argument argument : command.arguments()) {
            line.append(argument.required() ? " " + argument.name() : " [" + argument.name() + "]");
        }
        command.options()
                .forEach(option -> line.append(" [").append(option.usage()).append(']'));
        return line.toString();
    }

    /** Usage, purpose, and a line for each option. */
    public static String help(Command command) {
        StringBuilder text = new StringBuilder(usage(command))
                .append("\n\n")
                .append(command.help())
                .append("\n");
        List<List<String>> rows = new ArrayList<>();
        command.arguments().forEach(argument -> rows.add(List.of("  " + argument.name(), argument.help())));
        command.options().forEach(option -> rows.add(List.of("  " + option.usage(), option.help())));
        if (!rows.isEmpty()) {
            text.append('\n').append(TextTable.plain(rows));
        }
        return text.toString();
    }
}
