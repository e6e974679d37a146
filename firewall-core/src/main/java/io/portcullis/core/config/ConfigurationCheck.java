package io.portcullis.core.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What must hold before a configuration can be activated; reports everything it finds. */
public final class ConfigurationCheck {
    private final Configuration active;
    private final Configuration next;
    private final Findings findings;

    private ConfigurationCheck(Configuration active, Configuration next, Findings findings) {
        this.active = active;
        this.next = next;
        this.findings = findings;
    }

    /**
     * Checks references, names and the objects' own constraints.
     *
     * @param active what runs now: tells "was deleted" from "never existed"
     * @param next the candidate
     */
    public static void run(Configuration active, Configuration next, Findings findings) {
        new ConfigurationCheck(active, next, findings).run();
    }

    /**
     * Sentences about the names in a property's value that name nothing in the candidate.
     *
     * @param value the value, not the Optional around it
     */
    public static List<String> unresolved(
            Configuration active, Configuration next, SchemaProperty property, Object value) {
        List<String> sentences = new ArrayList<>();
        new ConfigurationCheck(active, next, new Findings()).missing(property.type(), value, sentences);
        return sentences;
    }

    private void run() {
        next.clashes()
                .forEach(clash -> findings.of(next, clash.second())
                        .error("Name", "\"" + clash.name() + "\" belongs to " + next.key(clash.first()) + " already"));
        Set<Long> broken = new HashSet<>();
        for (ConfigObject<?> object : next.inForce()) {
            if (object.stored() && !references(object)) {
                broken.add(object.id());
            }
        }
        for (ConfigObject<?> object : next.inForce()) {
            if (object.value() instanceof Checked checked && !broken.contains(object.id())) {
                Findings.ForObject own = findings.of(next, object);
                try {
                    checked.check(next, own);
                } catch (ConfigError error) {
                    own.error(error.property(), error.sentence());
                }
            }
        }
    }

    private boolean references(ConfigObject<?> object) {
        Findings.ForObject own = findings.of(next, object);
        List<String> sentences = new ArrayList<>();
        boolean whole = true;
        for (SchemaProperty property : object.schema().references()) {
            Object value = property.valueOrNull(object.value());
            if (value != null) {
                missing(property.type(), value, sentences);
            }
            for (String sentence : sentences) {
                own.error(property.name(), sentence);
                whole = false;
            }
            sentences.clear();
        }
        if (whole && object.value() instanceof HasAddresses addresses) {
            try {
                next.resolve(addresses.addresses());
                addresses.excluded().ifPresent(next::resolve);
            } catch (ConfigError error) {
                own.error(error.property(), error.sentence());
                whole = false;
            }
        }
        return whole;
    }

    /** Adds sentences about the names in a value that name nothing. */
    private void missing(ValueType type, Object value, List<String> sentences) {
        switch (type) {
            case ValueType.ListOf list -> {
                for (Object element : (List<?>) value) {
                    missing(list.element(), element, sentences);
                }
            }
            case ValueType.Reference reference -> {
                String name = ((Ref) value).name();
                if (!reference.words().contains(name)
                        && target(next, reference, name).isEmpty()) {
                    sentences.add(why(reference, name));
                }
            }
            case ValueType.AddressExpression expression -> {
                Addresses addresses = (Addresses) value;
                if (addresses.literal() != null) {
                    return;
                }
                ValueType.Reference reference =
                        new ValueType.Reference(List.of(), AddressResolution.CATEGORY, expression.words());
                for (String part : addresses.parts()) {
                    if (!expression.words().contains(part)
                            && !AddressSyntax.isLiteral(part)
                            && target(next, reference, part).isEmpty()) {
                        sentences.add(why(reference, part));
                    }
                }
            }
            case ValueType.Text _,
                    ValueType.Name _,
                    ValueType.YesNo _,
                    ValueType.WholeNumber _,
                    ValueType.Word _,
                    ValueType.SecretText _,
                    ValueType.IpLiteral _ -> {}
        }
    }

    private static Optional<? extends ConfigObject<?>> target(
            Configuration in, ValueType.Reference reference, String name) {
        if (!reference.category().isEmpty()) {
            Optional<ConfigObject<?>> found = in.find(reference.category(), name);
            if (found.isPresent()) {
                return found;
            }
        }
        return in.types().targets(reference).stream()
                .flatMap(schema -> in.object(schema.recordClass(), name).stream())
                .findFirst();
    }

    private String why(ValueType.Reference reference, String name) {
        String what = reference.category().isEmpty()
                ? String.join(
                        " or ", reference.to().stream().map(Schema::typeName).toList())
                : reference.category();
        List<ConfigObject<?>> candidates = new ArrayList<>();
        for (Schema<?> schema : next.types().targets(reference)) {
            candidates.addAll(next.objects(schema.recordClass()));
            next.stored().stream().filter(o -> o.schema() == schema).forEach(candidates::add);
        }
        if (candidates.stream().anyMatch(object -> object.name().equals(name))) {
            return what + " \"" + name + "\" is disabled";
        }
        if (target(active, reference, name).isPresent()) {
            return what + " \"" + name + "\" was deleted or renamed, but is still referred to here";
        }
        Optional<String> near = Nearest.to(
                name, candidates.stream().map(ConfigObject::name).distinct().toList());
        return "there is no " + what + " \"" + name + "\""
                + near.map(found -> "; did you mean " + found + "?").orElse("");
    }
}
