package io.portcullis.cli.language;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Schema;
import java.util.Map;

/** What the configuration verbs work on: the candidate itself, or a script's own copy of it. */
interface Work {
    Configuration candidate();

    /** What runs, for comparisons. */
    Configuration active();

    /** Makes this the candidate. @throws io.portcullis.core.config.ConfigError when that is refused */
    void change(Configuration changed);

    /**
     * Refuses names that name nothing: at once where a command stands alone, at its end in a script, so that a script
     * may use a name before it adds the object.
     *
     * @param properties as typed
     * @throws io.portcullis.core.config.ConfigError naming the property and the name
     */
    void checkReferences(Schema<?> schema, Map<String, String> properties);

    /** Notes which properties of an object a command has given. */
    void given(ConfigObject<?> object, Map<String, String> properties);

    /** Takes all changes back. */
    void rejectAll(boolean takeOver);

    Place place();

    void go(Place place);

    /** Shows text to the administrator. */
    void print(String text);

    /** Shows what a change did; a script is silent about it. */
    void confirm(String text);
}
