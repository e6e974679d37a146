package io.portcullis.cli.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogmessagesCommandTest {
    private final LogmessagesCommand command = new LogmessagesCommand(List.of(
            new EventType("ARP", 300_049, Severity.NOTICE, "bad_sender", List.of("recvif", "srcip"), "Forged."),
            new EventType("RULE", 6_000_051, Severity.WARNING, "dropped", List.of("rule"), "Refused.")));

    @Test
    void allAreListedOrThoseThatAreChosen() {
        assertEquals("""
                Id        Category  Severity  Event
                --------  --------  --------  ----------
                00300049  ARP       Notice    bad_sender
                06000051  RULE      Warning   dropped
                """, Typed.run(command, "logmessages"));
        assertEquals(
                "06000051 RULE Warning dropped",
                Typed.line(Typed.run(command, "logmessages -severity=warning"), "dropped"));
        assertEquals("""
                00300049 ARP bad_sender, Notice
                    recvif srcip
                    Forged.
                """, Typed.run(command, "logmessages bad_sender"));
        assertEquals(Typed.run(command, "logmessages bad_sender"), Typed.run(command, "logmessages -id=300049"));
        assertEquals(
                "no event of the log is so; 'logmessages' lists them all",
                Typed.failure(command, "logmessages -category=IPSEC"));
    }
}
