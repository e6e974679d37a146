package io.portcullis.core.event.receiver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.event.Severity;
import io.portcullis.core.event.receiver.LogReceiverSyslog.Facility;
import io.portcullis.core.event.receiver.LogReceiverSyslog.SyslogFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SyslogWriterTest {
    /** RFC 5424 section 6: HEADER SP STRUCTURED-DATA [SP MSG], the NILVALUE where nothing is known. */
    private static final Pattern RFC_5424 = Pattern.compile("<([0-9]{1,3})>1 "
            + "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?Z "
            + "[!-~]{1,255} [!-~]{1,48} (-|[!-~]{1,128}) [!-~]{1,32} - .*");

    private static LogReceiverSyslog receiver(SyslogFormat format) {
        return new LogReceiverSyslog(
                "server",
                new Addresses(List.of("127.0.0.1")),
                514,
                format,
                Facility.LOCAL3,
                "fw1",
                List.of(Severity.INFO),
                "");
    }

    private final List<String> sent = new ArrayList<>();

    private SyslogWriter writer(SyslogFormat format) {
        SyslogTransport transport = new SyslogTransport() {
            @Override
            public void send(byte[] message) {
                sent.add(new String(message, StandardCharsets.UTF_8));
            }

            @Override
            public void close() {
                sent.add("closed");
            }
        };
        return new SyslogWriter(receiver(format), transport, ZoneId.of("Europe/Stockholm"));
    }

    @Test
    void aMessageFollowsRfc5424() {
        try (SyslogWriter writer = writer(SyslogFormat.RFC5424)) {
            String message = writer.message(Events.opened("out rule", "192.0.2.1"));
            assertTrue(RFC_5424.matcher(message).matches(), message);
            // Facility 19 (local3) times 8, severity 6 (informational): RFC 5424, section 6.2.1.
            assertEquals(
                    "<158>1 2026-07-23T14:05:06.789Z fw1 portcullis - conn_open - CONN: prio=6 id=00600001 rev=1"
                            + " event=conn_open action=open rule=\"out rule\" connsrcip=192.0.2.1",
                    message);
        }
    }

    @Test
    void theReferencesLineHasLocalTimeAndTheDevicesName() {
        try (SyslogWriter writer = writer(SyslogFormat.KEY_VALUE)) {
            assertEquals(
                    "<158>[2026-07-23 16:05:06] fw1: CONN: prio=6 id=00600001 rev=1 event=conn_open action=open rule=out"
                            + " connsrcip=192.0.2.1",
                    writer.message(Events.opened("out", "192.0.2.1")));
        }
    }

    @Test
    void eachEventIsOneMessageAndNoneIsTooLong() throws IOException {
        try (SyslogWriter writer = writer(SyslogFormat.RFC5424)) {
            writer.write(Events.opened("first", "192.0.2.1"));
            writer.write(Events.opened("x".repeat(5_000), "192.0.2.1"));
        }
        assertEquals(3, sent.size());
        assertTrue(sent.getFirst().endsWith("rule=first connsrcip=192.0.2.1"));
        assertEquals(2048, sent.get(1).length());
        assertEquals("closed", sent.getLast());
    }
}
