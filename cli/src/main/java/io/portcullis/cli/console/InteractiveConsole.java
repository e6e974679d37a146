package io.portcullis.cli.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A person at a terminal: history, completion with Tab, Ctrl-C ends what runs, Ctrl-D leaves. */
final class InteractiveConsole {
    private final ConsoleClient client;

    InteractiveConsole(ConsoleClient client) {
        this.client = client;
    }

    int run() throws IOException {
        int status = 0;
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            DefaultParser words = new DefaultParser();
            words.setEscapeChars(new char[0]);
            words.setEofOnUnclosedQuote(false);
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .parser(words)
                    .completer((_, line, candidates) -> complete(line, candidates))
                    .option(LineReader.Option.AUTO_MENU, true)
                    .option(LineReader.Option.LIST_PACKED, true)
                    .build();
            PrintWriter out = terminal.writer();
            while (true) {
                String line;
                try {
                    line = reader.readLine(client.prompt() + " ");
                } catch (UserInterruptException _) {
                    continue;
                } catch (EndOfFileException _) {
                    return status;
                }
                if (line.isBlank()) {
                    continue;
                }
                if (line.strip().equals("exit")
                        || line.strip().equals("quit")
                        || line.strip().equals("logout")) {
                    return status;
                }
                status = Math.max(status, execute(terminal, out, line));
            }
        }
    }

    private int execute(Terminal terminal, PrintWriter out, String line) throws IOException {
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, _ -> client.interrupt());
        try {
            return client.execute(line, new Session.Output() {
                @Override
                public void out(String text) {
                    out.print(text);
                    out.flush();
                }

                @Override
                public void err(String text) {
                    out(text);
                }
            });
        } finally {
            terminal.handle(Terminal.Signal.INT, before);
        }
    }

    private void complete(ParsedLine line, List<Candidate> into) {
        List<Session.Candidate> found;
        try {
            found = client.complete(line.line(), line.cursor());
        } catch (IOException _) {
            return; // the next command says that the firewall is gone
        }
        for (Session.Candidate candidate : found) {
            String help = candidate.help().isEmpty() ? null : candidate.help();
            into.add(new Candidate(candidate.text(), candidate.text(), null, help, null, null, candidate.complete()));
        }
    }
}
