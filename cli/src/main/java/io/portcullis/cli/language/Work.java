package io.portcullis.cli.language;

import io.portcullis.core.config.Configuration;

/** What the configuration verbs work on: the candidate itself, or a script's own copy of it. */
interface Work {
    Configuration candidate();

    /** What runs, for comparisons. */
    Configuration active();

    /** Makes this the candidate. @throws io.portcullis.core.config.ConfigError when that is refused */
    void change(Configuration changed);

    /** Takes all changes back. */
    void rejectAll(boolean takeOver);

    Place place();

    void go(Place place);

    /** Shows text to the administrator. */
    void print(String text);

    /** Shows what a change did; a script is silent about it. */
    void confirm(String text);
}
