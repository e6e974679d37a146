package io.portcullis.cli.operation;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.command.TextTable;
import io.portcullis.cli.console.Session;
import java.util.List;

/** {@code about}: what this is, and what it runs on. */
public final class AboutCommand implements Command {
    private final String version;
    private final String system;
    private final String runtime;

    /**
     * @param version of this program
     * @param system the operating system and its version
     * @param runtime the Java runtime and its version
     */
    public AboutCommand(String version, String system, String runtime) {
        this.version = version;
        this.system = system;
        this.runtime = runtime;
    }

    @Override
    public String name() {
        return "about";
    }

    @Override
    public String help() {
        return "Shows the version of the firewall and of what it runs on.";
    }

    @Override
    public void run(Invocation call, Session.Output output) {
        output.out(TextTable.plain(
                List.of(List.of("Portcullis", version), List.of("System", system), List.of("Java", runtime))));
    }
}
