package io.portcullis.cli.language;

import java.util.ArrayList;
import java.util.List;

/**
 * What completion needs to know about a verb.
 *
 * @param name the verb
 * @param help what it does
 * @param flags its options without the dash
 */
public record Signature(String name, String help, List<String> flags) {
    /** All verbs of the language. */
    public static List<Signature> all() {
        List<Signature> out = new ArrayList<>();
        new Verbs().all().forEach(verb -> out.add(new Signature(verb.name(), verb.help(), verb.flags())));
        Lifecycle.VERBS.forEach(verb -> out.add(new Signature(verb.name(), verb.help(), verb.flags())));
        out.add(new Signature("help", "Explains commands, object types and properties.", List.of()));
        return out;
    }
}
