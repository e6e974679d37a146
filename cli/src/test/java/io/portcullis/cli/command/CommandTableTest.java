package io.portcullis.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.cli.console.Session;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandTableTest {
    private final StringBuilder out = new StringBuilder();
    private final Session.Output output = new Session.Output() {
        @Override
        public void out(String text) {
            out.append(text);
        }

        @Override
        public void err(String text) {
            throw new AssertionError(text);
        }
    };

    /** Prints what it was called with. */
    private static final class Probe implements Command {
        @Override
        public String name() {
            return "probe";
        }

        @Override
        public String help() {
            return "Says what it heard.";
        }

        @Override
        public List<Option> options() {
            return List.of(
                    Option.flag("verbose", "More."),
                    Option.num(),
                    Option.value("tunnel", "NAME", "Which.").offering(() -> List.of("hq", "branch")),
                    Option.value("snoop", "IP", "Watch.").optional());
        }

        @Override
        public List<Argument> arguments() {
            return List.of(new Argument("IP", false, "Who.", () -> List.of("10.0.0.1")));
        }

        @Override
        public void run(Invocation call, Session.Output output) throws CommandFailure {
            output.out(call.has("verbose") + " " + call.rows() + " " + call.value("tunnel") + " " + call.has("snoop")
                    + call.value("snoop") + " " + call.argument(0));
        }
    }

    private final CommandTable table = new CommandTable(List.of(new Probe()));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "probe|false 20 Optional.empty falseOptional.empty Optional.empty",
                "PROBE -verbose -num=all|true 2147483647 Optional.empty falseOptional.empty Optional.empty",
                "probe -num 7 -tunnel=hq|false 7 Optional[hq] falseOptional.empty Optional.empty",
                "probe -snoop 10.1.1.10 -verbose|true 20 Optional.empty trueOptional[10.1.1.10] Optional.empty",
                "probe -snoop -verbose 10.1.1.10|true 20 Optional.empty trueOptional.empty Optional[10.1.1.10]",
            })
    void sortsTheWords(String line, String heard) throws Exception {
        table.run(List.of(line.split(" ")), output);
        assertEquals(heard, out.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "prob~there is no command 'prob'; help lists them",
                "probe -x~probe has no option -x; it takes -verbose -num=N|all -tunnel=NAME -snoop[=IP]",
                "probe -num=0~-num: '0' is not a number from 1 to 2147483647",
                "probe -num=ten~-num: 'ten' is not a number from 1 to 2147483647",
                "probe -verbose=1~probe -verbose takes no value, not '1'",
                "probe -tunnel~probe -tunnel needs a value: -tunnel=NAME",
                "probe 1 2~probe does not take '2'; usage: probe [IP] [-verbose] [-num=N|all] [-tunnel=NAME] [-snoop[=IP]]",
            },
            quoteCharacter = '`')
    void saysWhatDoesNotFit(String line, String sentence) {
        CommandFailure failure = assertThrows(CommandFailure.class, () -> table.run(List.of(line.split(" ")), output));
        assertEquals(sentence, failure.getMessage());
    }

    @Test
    void offersOptionsAndTheirValues() {
        assertEquals(
                List.of("-verbose", "-num=", "-tunnel=", "-snoop", "10.0.0.1"),
                table.complete(List.of("probe", "")).stream()
                        .map(Session.Candidate::text)
                        .toList());
        assertEquals(
                List.of("-tunnel=branch"),
                table.complete(List.of("probe", "-tunnel=b")).stream()
                        .map(Session.Candidate::text)
                        .toList());
    }

    @Test
    void explainsItself() throws Exception {
        table.run(List.of("probe", "-help"), output);
        assertEquals("""
                probe [IP] [-verbose] [-num=N|all] [-tunnel=NAME] [-snoop[=IP]]

                Says what it heard.

                  IP            Who.
                  -verbose      More.
                  -num=N|all    Rows to print (default 20).
                  -tunnel=NAME  Which.
                  -snoop[=IP]   Watch.
                """, out.toString());
    }
}
