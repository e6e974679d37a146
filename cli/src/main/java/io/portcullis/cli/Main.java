package io.portcullis.cli;

import io.portcullis.cli.console.CliCommand;
import io.portcullis.cli.demo.DemoCommand;
import io.portcullis.cli.firewall.RunCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: {@code run}, {@code cli} and {@code demo}. The launcher script starts it. */
@Command(
        name = "portcullis",
        description = "A firewall in which an IPsec tunnel is an interface.",
        mixinStandardHelpOptions = true,
        version = "Portcullis " + Main.VERSION,
        subcommands = {RunCommand.class, CliCommand.class, DemoCommand.class})
public final class Main {
    /** Version of the program. */
    public static final String VERSION = "0.1.0";

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    private static CommandLine commandLine() {
        return new CommandLine(new Main()).setExpandAtFiles(false).setExecutionExceptionHandler((failure, line, _) -> {
            // A defect: say which, in full, once.
            failure.printStackTrace(line.getErr());
            return 70;
        });
    }
}
