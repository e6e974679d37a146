package io.portcullis.core.event.receiver;

import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.event.EventType;

/** Says of some events whether a receiver gets them, whatever their severity. */
@ObjectType(
        value = "LogReceiverMessageException",
        title = "Message exception",
        help =
                "Says of one event, or of a category of them, whether the receiver gets it, whatever its severity. The first"
                        + " exception that matches decides.",
        in = {LogReceiverSyslog.class, LogReceiverFile.class},
        ordered = true,
        nameOptional = true)
public record MessageException(
        @Property(help = "Name of the exception.") String name,

        @Property(help = "Category of the events, such as CONN; empty: every one.")
        String logCategory,

        @Property(
                help = "Number of the event as log lines show it; 0: all of the category.",
                name = "LogID",
                byDefault = "0",
                max = 99_999_999)
        int logId,

        @Property(help = "Exclude: the receiver does not get them; Include: it does.", byDefault = "Exclude")
        Effect logType,

        @Property(help = "Remark.") String comments)
        implements Checked {

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        if (logCategory.isEmpty() && logId == 0) {
            findings.error("LogCategory", "an exception is about a category, an event's number, or both");
        }
    }

    boolean isAbout(EventType type) {
        return (logCategory.isEmpty() || logCategory.equalsIgnoreCase(type.category()))
                && (logId == 0 || logId == type.id());
    }

    /** What an exception does. */
    public enum Effect {
        EXCLUDE("Exclude"),
        INCLUDE("Include");

        private final String word;

        Effect(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }
}
