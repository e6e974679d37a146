package io.portcullis.cli.completion;

import io.portcullis.cli.command.Command;
import io.portcullis.cli.command.CommandTable;
import io.portcullis.cli.console.Session.Candidate;
import io.portcullis.cli.language.Completion;
import io.portcullis.cli.language.Place;
import io.portcullis.cli.language.Signature;
import io.portcullis.cli.language.Tokenizer;
import io.portcullis.cli.language.Word;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Schema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Completes command lines: verbs and commands, categories and types, names of objects, properties (those that must be
 * given first, the others once none of them is missing), and values.
 */
public final class Completer implements Completion {
    private final CommandTable commands;

    public Completer(CommandTable commands) {
        this.commands = commands;
    }

    @Override
    public List<Candidate> complete(String line, int cursor, Configuration candidate, Place place) {
        String typed = line.substring(0, Math.clamp(cursor, 0, line.length()));
        List<Word> words = Tokenizer.unfinished(typed);
        boolean fresh = words.isEmpty() || words.getLast().end() < typed.length();
        List<Word> before = fresh ? words : words.subList(0, words.size() - 1);
        String last = fresh ? "" : typed.substring(words.getLast().start());
        if (before.isEmpty()) {
            return startingWith(last, firstWords());
        }
        String verb = before.getFirst().text().toLowerCase(Locale.ROOT);
        Optional<Signature> signature = Signature.all().stream()
                .filter(known -> known.name().equals(verb))
                .findFirst();
        if (signature.isEmpty()) {
            List<String> texts = new ArrayList<>(before.stream().map(Word::text).toList());
            texts.add(last);
            return commands.complete(texts);
        }
        if (last.startsWith("-")) {
            return startingWith(
                    last,
                    signature.get().flags().stream()
                            .map(flag -> new Candidate("-" + flag, "", true))
                            .toList());
        }
        return new ObjectCompletion(verb, candidate, place).complete(before.subList(1, before.size()), last);
    }

    private List<Candidate> firstWords() {
        List<Candidate> out = new ArrayList<>();
        Signature.all().forEach(verb -> out.add(new Candidate(verb.name(), verb.help(), true)));
        for (Command command : commands.all()) {
            out.add(new Candidate(command.name(), command.help(), true));
        }
        return out;
    }

    static List<Candidate> startingWith(String typed, List<Candidate> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.text().regionMatches(true, 0, typed, 0, typed.length()))
                .toList();
    }

    /** Completion behind a verb that names objects. */
    private record ObjectCompletion(String verb, Configuration candidate, Place place) {
        List<Candidate> complete(List<Word> before, String last) {
            if (verb.equals("help")) {
                return startingWith(last, before.isEmpty() ? topics() : List.of());
            }
            if (!List.of("add", "set", "show", "delete", "undelete", "reject", "cc")
                    .contains(verb)) {
                return List.of();
            }
            List<String> names = before.stream()
                    .filter(word -> !word.isAssignment() && !word.isFlag())
                    .map(Word::text)
                    .toList();
            Optional<ConfigObject<?>> inside = place.inside(candidate);
            if (names.isEmpty()) {
                List<Candidate> out = new ArrayList<>(startingWith(last, types()));
                if (verb.equals("set") && inside.isPresent()) {
                    out.addAll(properties(inside.get().schema(), inside, before, last));
                }
                if (verb.equals("cc") && inside.isPresent()) {
                    out.addAll(startingWith(last, List.of(new Candidate("..", "one step out", true))));
                }
                return out;
            }
            int[] used = new int[1];
            Schema<?> schema;
            try {
                schema = place.type(candidate, names, used);
            } catch (ConfigError unknown) {
                return names.size() == 1 ? startingWith(last, typesOf(names.getFirst())) : List.of();
            }
            return behindType(schema, before, names.subList(used[0], names.size()), last);
        }

        private List<Candidate> behindType(Schema<?> schema, List<Word> before, List<String> names, String last) {
            boolean named = !names.isEmpty() || schema.singleton();
            if (!verb.equals("add") && !named) {
                return startingWith(last, objects(schema));
            }
            if (!verb.equals("add") && !verb.equals("set")) {
                return List.of();
            }
            Optional<ConfigObject<?>> object =
                    verb.equals("set") ? find(schema, names.isEmpty() ? "" : names.getFirst()) : Optional.empty();
            return properties(schema, object, names, before, last);
        }

        private List<Candidate> properties(
                Schema<?> schema, Optional<ConfigObject<?>> object, List<Word> before, String last) {
            return properties(schema, object, List.of(), before, last);
        }

        private List<Candidate> properties(
                Schema<?> schema,
                Optional<ConfigObject<?>> object,
                List<String> names,
                List<Word> before,
                String last) {
            return new PropertyCompletion(schema, object.map(ConfigObject::value), candidate)
                    .complete(before, !names.isEmpty(), verb.equals("add"), last);
        }

        private List<Candidate> types() {
            LinkedHashSet<Candidate> out = new LinkedHashSet<>();
            for (Schema<?> schema : place.types(candidate)) {
                if (offered(schema)) {
                    if (!schema.category().isEmpty()) {
                        out.add(new Candidate(schema.category(), "", true));
                    }
                    out.add(new Candidate(schema.type(), schema.title(), true));
                }
            }
            return List.copyOf(out);
        }

        private List<Candidate> typesOf(String category) {
            return place.types(candidate).stream()
                    .filter(schema -> schema.category().equalsIgnoreCase(category) && offered(schema))
                    .map(schema -> new Candidate(schema.type(), schema.title(), true))
                    .toList();
        }

        private boolean offered(Schema<?> schema) {
            return switch (verb) {
                case "add" -> !schema.singleton();
                case "cc" -> !candidate.types().childrenOf(schema).isEmpty();
                default -> true;
            };
        }

        private List<Candidate> objects(Schema<?> schema) {
            List<Candidate> out = new ArrayList<>();
            for (ConfigObject<?> object : candidate.stored(place.object(), schema)) {
                out.add(new Candidate(Tokenizer.quoted(candidate.key(object).id()), schema.title(), true));
            }
            return out;
        }

        private Optional<ConfigObject<?>> find(Schema<?> schema, String id) {
            return candidate.stored(place.object(), schema).stream()
                    .filter(object ->
                            schema.singleton() || candidate.key(object).id().equals(id))
                    .<ConfigObject<?>>map(object -> object)
                    .findFirst();
        }

        private List<Candidate> topics() {
            List<Candidate> out = new ArrayList<>();
            Signature.all().forEach(known -> out.add(new Candidate(known.name(), known.help(), true)));
            candidate.types().all().forEach(schema -> out.add(new Candidate(schema.type(), schema.title(), true)));
            return out;
        }
    }
}
