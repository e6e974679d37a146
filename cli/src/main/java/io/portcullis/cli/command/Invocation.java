package io.portcullis.cli.command;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.IpProtocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The words of a command line, sorted into what the command declared. */
public final class Invocation {
    /** Rows of a listing without {@code -num}. */
    public static final int DEFAULT_ROWS = 20;

    private final Map<String, String> options;
    private final List<String> arguments;

    private Invocation(Map<String, String> options, List<String> arguments) {
        this.options = options;
        this.arguments = arguments;
    }

    /**
     * Sorts words into what a command declares.
     *
     * @throws CommandFailure naming the word that does not fit and what would
     */
    public static Invocation parse(Command command, List<String> words) throws CommandFailure {
        Map<String, String> options = new LinkedHashMap<>();
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-") || word.length() < 2 || Character.isDigit(word.charAt(1))) {
                arguments.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            Option option = find(command, word.substring(1, equals < 0 ? word.length() : equals));
            String value = equals < 0 ? "" : word.substring(equals + 1);
            boolean nextIsValue = i + 1 < words.size() && !words.get(i + 1).startsWith("-");
            if (equals < 0 && option.kind() != Option.Kind.FLAG && nextIsValue) {
                value = words.get(++i);
            }
            check(command, option, value, equals >= 0);
            options.put(option.name(), value);
        }
        checkArguments(command, arguments);
        return new Invocation(options, arguments);
    }

    private static Option find(Command command, String name) throws CommandFailure {
        for (Option option : command.options()) {
            if (option.name().equals(name.toLowerCase(Locale.ROOT))) {
                return option;
            }
        }
        List<String> known = command.options().stream().map(Option::usage).toList();
        throw new CommandFailure(command.name() + " has no option -" + name + "; it takes "
                + (known.isEmpty() ? "none" : String.join(" ", known)));
    }

    private static void check(Command command, Option option, String value, boolean given) throws CommandFailure {
        if (option.kind() == Option.Kind.FLAG && given) {
            throw new CommandFailure(command.name() + " -" + option.name() + " takes no value, not '" + value + "'");
        }
        if (option.kind() == Option.Kind.REQUIRED && value.isEmpty()) {
            throw new CommandFailure(command.name() + " -" + option.name() + " needs a value: " + option.usage());
        }
    }

    private static void checkArguments(Command command, List<String> arguments) throws CommandFailure {
        List<Command.Argument> declared = command.arguments();
        if (arguments.size() > declared.size()) {
            throw new CommandFailure(command.name() + " does not take '" + arguments.get(declared.size()) + "'; usage: "
                    + CommandTable.usage(command));
        }
        for (int i = arguments.size(); i < declared.size(); i++) {
            if (declared.get(i).required()) {
                throw new CommandFailure(command.name() + " needs "
                        + declared.get(i).name() + ": " + declared.get(i).help());
            }
        }
    }

    /** Whether the option was given. */
    public boolean has(String option) {
        return options.containsKey(option);
    }

    /** The option's value; empty when it was not given or has none. */
    public Optional<String> value(String option) {
        return Optional.ofNullable(options.get(option)).filter(value -> !value.isEmpty());
    }

    public Optional<String> argument(int index) {
        return index < arguments.size() ? Optional.of(arguments.get(index)) : Optional.empty();
    }

    /** Rows to print by {@code -num}. @throws CommandFailure when it is no number */
    public int rows() throws CommandFailure {
        if (value("num").filter(text -> text.equalsIgnoreCase("all")).isPresent()) {
            return Integer.MAX_VALUE;
        }
        return (int) number("num", DEFAULT_ROWS, 1, Integer.MAX_VALUE);
    }

    /** A number given as option. @throws CommandFailure when it is none, or out of range */
    public long number(String option, long byDefault, long min, long max) throws CommandFailure {
        Optional<String> text = value(option);
        if (text.isEmpty()) {
            return byDefault;
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below, like a number out of range
        }
        throw new CommandFailure("-" + option + ": '" + text.get() + "' is not a number from " + min + " to " + max);
    }

    /** An IP protocol given as option, by name or number. @throws CommandFailure when it is none */
    public int protocol(String option) throws CommandFailure {
        String text = value(option).orElse("");
        return IpProtocol.parse(text)
                .orElseThrow(() -> new CommandFailure("-" + option + ": '" + text
                        + "' is not a protocol such as TCP, UDP or ICMP, nor a number from 0 to 255"));
    }

    /** An address given as option. @throws CommandFailure when it is none */
    public Optional<IpAddress> address(String option) throws CommandFailure {
        Optional<String> text = value(option);
        return text.isEmpty() ? Optional.empty() : Optional.of(address("-" + option, text.get()));
    }

    /**
     * An address.
     *
     * @param what names it in the failure
     * @throws CommandFailure when the text is none
     */
    public static IpAddress address(String what, String text) throws CommandFailure {
        return IpAddress.parse(text)
                .orElseThrow(() -> new CommandFailure(what + ": '" + text + "' is not an IP address"));
    }
}
