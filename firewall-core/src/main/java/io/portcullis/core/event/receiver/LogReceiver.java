package io.portcullis.core.event.receiver;

import io.portcullis.core.event.Severity;
import java.util.List;

/** What the types of configured receivers have in common. */
interface LogReceiver {
    /** Category of receivers in commands. */
    String CATEGORY = "LogReceiver";
    /** All severities but Debug, as the reference's receivers begin with (cos-facts section 9). */
    String USUAL_SEVERITIES = "Emergency,Alert,Critical,Error,Warning,Notice,Info";

    String name();

    /** Severities of the events that it gets. */
    List<Severity> logSeverity();
}
