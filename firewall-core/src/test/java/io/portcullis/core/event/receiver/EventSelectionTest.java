package io.portcullis.core.event.receiver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.event.Severity;
import io.portcullis.core.event.receiver.MessageException.Effect;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventSelectionTest {
    private static MessageException exception(String category, int id, Effect effect) {
        return new MessageException("", category, id, effect, "");
    }

    @Test
    void severitiesDecideWhereNoExceptionDoes() {
        EventSelection selection = new EventSelection(List.of(Severity.WARNING, Severity.DEBUG), List.of());
        assertTrue(selection.takes(Events.FULL));
        assertTrue(selection.takes(Events.LISTED));
        assertFalse(selection.takes(Events.OPENED));
    }

    @Test
    void theFirstExceptionThatIsAboutTheEventDecides() {
        EventSelection selection = new EventSelection(
                List.of(Severity.WARNING, Severity.DEBUG),
                List.of(
                        exception("", 600_001, Effect.INCLUDE),
                        exception("conn", 0, Effect.EXCLUDE),
                        exception("RULE", 600_001, Effect.EXCLUDE)));
        assertTrue(selection.takes(Events.OPENED), "by its number, though its severity is not wanted");
        assertFalse(selection.takes(Events.FULL), "by its category, though its severity is wanted");
        assertTrue(selection.takes(Events.LISTED), "category and number must both fit");
    }

    @Test
    void theReferencesSeveritiesAreAllButDebug() {
        List<String> usual = List.of(LogReceiver.USUAL_SEVERITIES.split(","));
        assertEquals(
                List.of(Severity.values()).stream()
                        .filter(severity -> severity != Severity.DEBUG)
                        .map(Severity::toString)
                        .toList(),
                usual);
    }
}
