package io.portcullis.cli.completion;

import io.portcullis.cli.console.Session.Candidate;
import io.portcullis.cli.language.Tokenizer;
import io.portcullis.cli.language.Word;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Schema;
import io.portcullis.core.config.SchemaProperty;
import io.portcullis.core.config.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Completion of {@code Property=Value}.
 *
 * @param schema type of the object
 * @param present the object as it is, when it exists
 * @param candidate where references point
 */
record PropertyCompletion(Schema<?> schema, Optional<? extends Record> present, Configuration candidate) {
    /** What fills the default or the present value in when it is typed as the value. */
    private static final String FILL = ".";

    /**
     * @param before the words behind the verb
     * @param named whether the name was among them
     * @param adding whether all that is required must be given
     * @param last the word at the cursor, raw
     */
    List<Candidate> complete(List<Word> before, boolean named, boolean adding, String last) {
        int equals = last.indexOf('=');
        if (equals > 0) {
            return schema.property(last.substring(0, equals))
                    .map(property -> values(property, last.substring(equals + 1)))
                    .orElse(List.of());
        }
        List<SchemaProperty> open = schema.properties().stream()
                .filter(property -> !(property.isName() && named))
                .filter(property -> before.stream()
                        .noneMatch(
                                word -> word.isAssignment() && word.property().equalsIgnoreCase(property.name())))
                .toList();
        List<SchemaProperty> missing =
                open.stream().filter(property -> adding && property.required()).toList();
        List<Candidate> offers = (missing.isEmpty() ? open : missing)
                .stream()
                        .map(property -> new Candidate(property.name() + "=", property.help(), false))
                        .toList();
        List<Candidate> matching = Completer.startingWith(last, offers);
        // Somebody who types the name of an optional property wants it, whatever else is missing.
        return matching.isEmpty() && !last.isEmpty()
                ? Completer.startingWith(
                        last,
                        open.stream()
                                .map(property -> new Candidate(property.name() + "=", property.help(), false))
                                .toList())
                : matching;
    }

    private List<Candidate> values(SchemaProperty property, String typed) {
        String prefix = property.name() + "=";
        if (typed.equals(FILL)) {
            String fill = present.map(object -> property.secret() ? "" : property.print(object))
                    .orElse(property.byDefault());
            return fill.isEmpty() ? List.of() : List.of(new Candidate(prefix + Tokenizer.quoted(fill), "", true));
        }
        // In a list, the elements before the last comma stay as they are.
        boolean list =
                property.type() instanceof ValueType.ListOf || property.type() instanceof ValueType.AddressExpression;
        int comma = list ? typed.lastIndexOf(',') : -1;
        String kept = typed.substring(0, comma + 1);
        String part = typed.substring(comma + 1);
        List<Candidate> out = new ArrayList<>();
        for (String word : words(property)) {
            if (word.regionMatches(true, 0, part, 0, part.length())) {
                out.add(new Candidate(prefix + kept + word, "", true));
            }
        }
        return out;
    }

    private Set<String> words(SchemaProperty property) {
        Set<String> words = new LinkedHashSet<>(property.type().words());
        ValueType type = property.type() instanceof ValueType.ListOf list ? list.element() : property.type();
        if (type instanceof ValueType.Reference reference) {
            words.addAll(reference.words());
            for (Schema<?> target : candidate.types().targets(reference)) {
                candidate.objects(target.recordClass()).stream()
                        .map(ConfigObject::name)
                        .filter(name -> !name.isEmpty())
                        .forEach(words::add);
            }
        } else if (type instanceof ValueType.AddressExpression) {
            candidate.byCategory("Address").forEach(object -> words.add(object.name()));
        }
        if (property.optional()) {
            words.add(ValueType.EMPTY);
        }
        return words;
    }
}
