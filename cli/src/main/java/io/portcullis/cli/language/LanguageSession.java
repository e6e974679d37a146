package io.portcullis.cli.language;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandFailure;
import io.portcullis.cli.command.CommandTable;
import io.portcullis.cli.command.Invocation;
import io.portcullis.cli.console.Session;
import io.portcullis.cli.language.CommandLines.CommandLine;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Schema;
import io.portcullis.core.config.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A session over the command language and the operational commands. A text of one line is run as it is. A text of
 * several is a script: first all of it is tried on a copy of the candidate, and only when every command is right does
 * it take effect, from the top; so of a script with a mistake nothing is kept and nothing activated.
 */
public final class LanguageSession implements Session {
    private final Transactions transactions;
    private final CommandTable commands;
    private final Completion completion;
    private final Verbs verbs = new Verbs();
    private final String user;
    // Read by completion while a command runs.
    private volatile Place place = Place.TOP;

    /** @param user who is at the console, for ownership of the candidate and the log */
    public LanguageSession(Transactions transactions, CommandTable commands, Completion completion, String user) {
        this.transactions = transactions;
        this.commands = commands;
        this.completion = completion;
        this.user = user;
    }

    @Override
    public String prompt() {
        return place.prompt(transactions.candidate());
    }

    @Override
    public List<Candidate> complete(String line, int cursor) {
        Configuration candidate = transactions.candidate();
        return completion.complete(line, cursor, candidate, here(candidate));
    }

    @Override
    public void close() {
        place = Place.TOP;
    }

    @Override
    public int execute(String text, Output output) throws InterruptedException {
        boolean oneLine = text.strip().indexOf('\n') < 0;
        try {
            List<CommandLine> lines = CommandLines.of(text);
            if (lines.size() == 1 && oneLine) {
                run(lines.getFirst().words(), output);
            } else if (!lines.isEmpty()) {
                script(lines, output);
            }
            return 0;
        } catch (ConfigError | CommandFailure error) {
            output.err(error.getMessage() + "\n");
        } catch (ScriptError error) {
            output.err((oneLine ? error.sentence() : error.getMessage()) + "\n");
        }
        return 1;
    }

    /** The place, or the top when what it was in is gone. */
    private Place here(Configuration candidate) {
        return place.inside(candidate).isPresent() ? place : Place.TOP;
    }

    private void run(List<Word> words, Output output) throws CommandFailure, InterruptedException {
        LiveWork work = new LiveWork(output);
        String name = words.getFirst().text();
        Optional<Verb> verb = verbs.find(name);
        if (verb.isPresent()) {
            verb.get().run(Arguments.of(verb.get(), words.subList(1, words.size())), work);
            place = work.place;
        } else if (Lifecycle.knows(name)) {
            new Lifecycle(transactions, user, output).run(words);
            place = here(transactions.candidate());
        } else if (name.equalsIgnoreCase("help") || name.equals("?")) {
            output.out(new Help(verbs, commands, transactions.candidate(), work.place).about(texts(words)));
        } else if (commands.find(name).orElse(null) instanceof EditingCommand command) {
            work.change(command.edit(invocation(command, words), work.candidate(), output));
        } else {
            commands.run(texts(words), output);
        }
    }

    /** Tries the whole script, then lets its stages take effect. */
    private void script(List<CommandLine> lines, Output output)
            throws ScriptError, CommandFailure, InterruptedException {
        Configuration before = transactions.candidate();
        ScriptWork work = new ScriptWork(before, transactions.active(), here(before));
        List<Stage> stages = new ArrayList<>();
        for (CommandLine line : lines) {
            try {
                work.begin(line);
                if (!attempt(line, work)) {
                    work.checkGiven();
                    stages.add(new Stage(work.candidate, work.takePrinted(), Optional.of(line)));
                }
            } catch (ConfigError | CommandFailure error) {
                throw ScriptError.in(line, error);
            }
        }
        work.checkGiven();
        stages.add(new Stage(work.candidate, work.takePrinted(), Optional.empty()));
        Configuration base = before;
        int last = lines.getFirst().line();
        boolean activated = false;
        try {
            for (Stage stage : stages) {
                Configuration from = base;
                if (!stage.candidate().equals(from)) {
                    transactions.edit(user, candidate -> replace(candidate, from, stage.candidate()));
                }
                output.out(stage.printed());
                if (stage.live().isPresent()) {
                    last = stage.live().get().line();
                    run(stage.live().get().words(), output);
                    activated |= transactions.active().equals(stage.candidate());
                }
                base = transactions.candidate();
            }
            place = work.place;
        } catch (ConfigError | CommandFailure error) {
            if (!activated && !transactions.candidate().equals(before)) {
                transactions.edit(user, candidate -> before);
            }
            throw new ScriptError(last, String.valueOf(error.getMessage()));
        }
    }

    /**
     * The configuration after a stretch of edits, something that takes effect outside the candidate behind it.
     *
     * @param candidate after the edits
     * @param printed what the edits showed
     * @param live the command behind them
     */
    private record Stage(Configuration candidate, String printed, Optional<CommandLine> live) {}

    /** Runs a command of a script on its copy; false when it has to wait until the script takes effect. */
    private boolean attempt(CommandLine line, ScriptWork work) throws CommandFailure {
        List<Word> words = line.words();
        Optional<Verb> verb = verbs.find(line.verb());
        if (verb.isPresent()) {
            verb.get().run(Arguments.of(verb.get(), words.subList(1, words.size())), work);
            return true;
        }
        if (Lifecycle.knows(line.verb())) {
            Lifecycle.check(words);
            return false;
        }
        if (line.verb().equals("help")) {
            return false;
        }
        Command command = commands.find(line.verb())
                .orElseThrow(() -> new CommandFailure(
                        "there is no command '" + words.getFirst().text() + "'; help lists them"));
        Invocation invocation = invocation(command, words);
        if (command instanceof EditingCommand editing) {
            work.change(editing.edit(invocation, work.candidate(), work.output()));
            return true;
        }
        return false;
    }

    private static Configuration replace(Configuration candidate, Configuration expected, Configuration next) {
        if (!candidate.equals(expected)) {
            throw new ConfigError("another session has changed the candidate meanwhile; run the script again");
        }
        return next;
    }

    private static Invocation invocation(Command command, List<Word> words) throws CommandFailure {
        return Invocation.parse(command, texts(words.subList(1, words.size())));
    }

    private static List<String> texts(List<Word> words) {
        return words.stream().map(Word::text).toList();
    }

    /** Verbs typed one at a time: each change goes into the firewall's candidate at once. */
    private final class LiveWork implements Work {
        private final Output output;
        private final Configuration candidate = transactions.candidate();
        private Place place = here(candidate);

        LiveWork(Output output) {
            this.output = output;
        }

        @Override
        public Configuration candidate() {
            return candidate;
        }

        @Override
        public Configuration active() {
            return transactions.active();
        }

        @Override
        public void change(Configuration changed) {
            transactions.edit(user, present -> replace(present, candidate, changed));
        }

        @Override
        public void checkReferences(Schema<?> schema, Map<String, String> properties) {
            properties.forEach((name, text) -> schema.property(name)
                    .ifPresent(property -> References.check(active(), candidate, property, property.parse(text))));
        }

        @Override
        public void given(ConfigObject<?> object, Map<String, String> properties) {
            // Checked before.
        }

        @Override
        public void rejectAll(boolean takeOver) {
            transactions.reject(user, takeOver);
        }

        @Override
        public Place place() {
            return place;
        }

        @Override
        public void go(Place to) {
            place = to;
        }

        @Override
        public void print(String text) {
            output.out(text);
        }

        @Override
        public void confirm(String text) {
            output.out(text);
        }
    }
}
