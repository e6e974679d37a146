package io.portcullis.core.event.receiver;

import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.List;

/**
 * Which events a receiver gets.
 *
 * @param severities when no exception is about the event
 * @param exceptions the first that is about the event decides
 */
record EventSelection(List<Severity> severities, List<MessageException> exceptions) {
    boolean takes(EventType type) {
        for (MessageException exception : exceptions) {
            if (exception.isAbout(type)) {
                return exception.logType() == MessageException.Effect.INCLUDE;
            }
        }
        return severities.contains(type.severity());
    }
}
