package io.portcullis.cli.language;

import io.portcullis.cli.console.Session;
import io.portcullis.core.config.Configuration;
import java.util.List;

/** Says what could stand at the cursor. */
public interface Completion {
    /**
     * The words that could replace the one at the cursor.
     *
     * @param line what has been typed
     * @param cursor from 0 to the line's length
     * @param candidate what is being edited
     * @param place where commands apply
     */
    List<Session.Candidate> complete(String line, int cursor, Configuration candidate, Place place);
}
