package io.portcullis.core.event.receiver;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.event.Severity;
import java.util.List;

/** A file that gets log events as lines of JSON, as configured. */
@ObjectType(
        value = "LogReceiverFile",
        category = LogReceiver.CATEGORY,
        title = "File receiver",
        help = "Writes log events as lines of JSON to log/NAME.jsonl in the data folder.")
public record LogReceiverFile(
        @Property(help = "Name of the receiver, and of the file.", required = true)
        String name,

        @Property(
                help = "Size in megabytes at which a new file is begun; the old one becomes NAME.jsonl.1.",
                byDefault = "16",
                min = 1,
                max = 1024)
        int fileSize,

        @Property(help = "Files that are kept, the current one among them.", byDefault = "8", min = 1, max = 100)
        int files,

        @Property(help = "Severities of the events that are written.", byDefault = LogReceiver.USUAL_SEVERITIES)
        List<Severity> logSeverity,

        @Property(help = "Remark.") String comments)
        implements LogReceiver {}
