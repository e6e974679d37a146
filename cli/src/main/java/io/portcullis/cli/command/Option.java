package io.portcullis.cli.command;

/**
 * Something that a command takes with a dash: {@code -verbose}, {@code -num=20}.
 *
 * @param name without the dash
 * @param kind whether it takes a value
 * @param placeholder for the usage line: {@code N}; empty without a value
 * @param help one line
 * @param values words to offer as value
 */
public record Option(String name, Kind kind, String placeholder, String help, Command.Words values) {
    /** Whether an option takes a value, given as {@code -name=value} or as the next word. */
    public enum Kind {
        FLAG,
        /** A value may follow, behind {@code =} or as next word without a dash. */
        OPTIONAL,
        REQUIRED
    }

    /** An option without value. */
    public static Option flag(String name, String help) {
        return new Option(name, Kind.FLAG, "", help, Command.Words.NONE);
    }

    /** An option that needs a value. */
    public static Option value(String name, String placeholder, String help) {
        return new Option(name, Kind.REQUIRED, placeholder, help, Command.Words.NONE);
    }

    /** The option that every listing has: how many rows to print. */
    public static Option num() {
        return value("num", "N|all", "Rows to print (default " + Invocation.DEFAULT_ROWS + ").");
    }

    public Option optional() {
        return new Option(name, Kind.OPTIONAL, placeholder, help, values);
    }

    public Option offering(Command.Words words) {
        return new Option(name, kind, placeholder, help, words);
    }

    /** {@code -num=N}, {@code -snoop[=IP]}, {@code -verbose}. */
    String usage() {
        return "-" + name
                + switch (kind) {
                    case FLAG -> "";
                    case OPTIONAL -> "[=" + placeholder + "]";
                    case REQUIRED -> "=" + placeholder;
                };
    }
}
