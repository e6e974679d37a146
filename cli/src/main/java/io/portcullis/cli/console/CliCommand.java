package io.portcullis.cli.console;

import io.portcullis.cli.StateFolder;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code portcullis cli}: commands from the command line, from standard input, or from a person at a terminal. */
@Command(
        name = "cli",
        description = {
            "Talks to a running firewall.",
            "Each argument is one command. Without any, commands are typed, or read from standard input."
        },
        footer = {
            "",
            "Exit status: 0 when every command succeeded, 1 when one failed, 2 when no firewall answers.",
            "Examples:",
            "  portcullis cli ipsec",
            "  portcullis cli 'add Address IP4Address server Address=10.0.0.5' activate commit",
            "  portcullis cli 'ike -snoop'"
        },
        mixinStandardHelpOptions = true)
public final class CliCommand implements Callable<Integer> {
    private static final int NO_FIREWALL = 2;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder of the firewall (default: portcullis in the user's state directory).")
    private @Nullable Path data;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "A command, quoted as one argument.")
    private @Nullable List<String> commands;

    @Override
    public Integer call() {
        Path folder = data != null ? data : StateFolder.standard();
        try (ConsoleClient client = connect(folder)) {
            return converse(client);
        } catch (IOException e) {
            System.err.println("portcullis: " + e.getMessage());
            return NO_FIREWALL;
        }
    }

    private static ConsoleClient connect(Path folder) throws IOException {
        try {
            return new ConsoleClient(folder);
        } catch (IOException e) {
            throw new IOException(
                    "no firewall answers at " + folder + " (" + e.getMessage()
                            + "): start one with 'portcullis run --data " + folder
                            + "', or name its folder with --data",
                    e);
        }
    }

    private int converse(ConsoleClient client) throws IOException {
        if (commands != null && !commands.isEmpty()) {
            int status = 0;
            for (String command : commands) {
                status = Math.max(status, execute(client, command));
            }
            return status;
        }
        if (atTerminal()) {
            return new InteractiveConsole(client).run();
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        StringBuilder script = new StringBuilder();
        in.lines().forEach(line -> script.append(line).append('\n'));
        return script.toString().isBlank() ? 0 : execute(client, script.toString());
    }

    // JDK 25 went back to the console of java.base, which is null when input or output is redirected.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean atTerminal() {
        Console terminal = System.console();
        return terminal != null && terminal.isTerminal();
    }

    private static int execute(ConsoleClient client, String command) throws IOException {
        Thread interrupt = new Thread(client::interrupt);
        Runtime.getRuntime().addShutdownHook(interrupt);
        try {
            return client.execute(command, printing(System.out, System.err));
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(interrupt);
            } catch (IllegalStateException _) {
                // The program is ending already and the hook has done its work.
            }
        }
    }

    /** Prints what commands say. */
    public static Session.Output printing(PrintStream out, PrintStream err) {
        return new Session.Output() {
            @Override
            public void out(String text) {
                out.print(text);
                out.flush();
            }

            @Override
            public void err(String text) {
                out.flush();
                err.print(text);
                err.flush();
            }
        };
    }
}
