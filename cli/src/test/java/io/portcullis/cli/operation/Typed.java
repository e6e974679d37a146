package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.CommandTable;
import io.portcullis.cli.console.Session;
import java.util.List;
import java.util.function.Consumer;

/** A command as if it were typed. */
final class Typed implements Session.Output {
    private final StringBuilder text = new StringBuilder();

    private Typed() {}

    /** What the command prints. */
    static String run(Command command, String line) {
        Typed output = new Typed();
        try {
            new CommandTable(List.of(command)).run(List.of(line.split(" ")), output);
        } catch (CommandFailure | InterruptedException e) {
            throw new AssertionError(line, e);
        }
        return output.text.toString();
    }

    /** Runs a command that goes on until it is interrupted; hands over what it prints. */
    static void until(Command command, String line, Consumer<String> shown) {
        Session.Output output = new Session.Output() {
            @Override
            public void out(String more) {
                shown.accept(more);
            }

            @Override
            public void err(String more) {
                throw new AssertionError(more);
            }
        };
        try {
            new CommandTable(List.of(command)).run(List.of(line.split(" ")), output);
        } catch (CommandFailure e) {
            throw new AssertionError(line, e);
        } catch (InterruptedException _) {
            shown.accept("(interrupted)");
        }
    }

    /** The sentence with which the command fails. */
    static String failure(Command command, String line) {
        CommandTable table = new CommandTable(List.of(command));
        return assertThrows(CommandFailure.class, () -> table.run(List.of(line.split(" ")), new Typed()))
                .getMessage();
    }

    /** The line of a listing that holds this text, its runs of blanks as one. */
    static String line(String listing, String holds) {
        return listing.lines()
                .filter(line -> line.contains(holds))
                .findFirst()
                .map(line -> line.strip().replaceAll(" +", " "))
                .orElseThrow(() -> new AssertionError(holds + " is not in:\n" + listing));
    }

    @Override
    public void out(String more) {
        text.append(more);
    }

    @Override
    public void err(String more) {
        throw new AssertionError(more);
    }
}
