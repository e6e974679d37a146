package io.portcullis.cli.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All verbs of the language. */
final class Verbs {
    private final List<Verb> all = new ArrayList<>();

    Verbs() {
        all.addAll(EditVerbs.all());
        all.add(new ContextVerb());
        all.add(new RevertVerbs.RejectVerb());
        all.add(new RevertVerbs.UndeleteVerb());
        all.add(new ScriptVerb());
        all.add(new ShowVerb());
    }

    Optional<Verb> find(String name) {
        return all.stream().filter(verb -> verb.name().equalsIgnoreCase(name)).findFirst();
    }

    List<Verb> all() {
        return List.copyOf(all);
    }
}
