package io.portcullis.core.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Something that happened. Never holds a key or a password.
 *
 * @param type row of the catalogue
 * @param action what was done about it: {@code drop}, {@code none}, {@code sas_deleted}
 * @param values one value for each of the type's parameters, in order
 */
public record Event(EventType type, String action, List<String> values) {
    /** @throws IllegalArgumentException unless there is one value for each parameter */
    public Event {
        if (values.size() != type.parameters().size()) {
            throw new IllegalArgumentException(type.name() + " takes " + type.parameters() + ", not " + values);
        }
        values = List.copyOf(values);
    }

    /** Builds an event; values are printed with {@code toString}. */
    public static Event of(EventType type, String action, Object... values) {
        List<String> texts = new ArrayList<>(values.length);
        for (Object value : values) {
            texts.add(String.valueOf(value));
        }
        return new Event(type, action, texts);
    }

    /** {@code IPSEC: prio=3 id=01800100 rev=1 event=name action=none key=value …}; values with blanks are quoted. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(160);
        line.append(type.category())
                .append(String.format(
                        Locale.ROOT,
                        ": prio=%d id=%08d rev=1 event=",
                        type.severity().ordinal(),
                        type.id()))
                .append(type.name())
                .append(" action=")
                .append(action);
        for (int i = 0; i < values.size(); i++) {
            line.append(' ').append(type.parameters().get(i)).append('=').append(quoted(values.get(i)));
        }
        return line.toString();
    }

    private static String quoted(String value) {
        StringBuilder out = new StringBuilder(value.length() + 2);
        boolean plain = !value.isEmpty();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            plain &= c > ' ' && c != '"' && c != '=' && c < 127;
            // A value from the network must not be able to start a second log line.
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else {
                out.append(c < ' ' || c == 127 ? '.' : c);
            }
        }
        return plain ? value : "\"" + out + "\"";
    }
}
