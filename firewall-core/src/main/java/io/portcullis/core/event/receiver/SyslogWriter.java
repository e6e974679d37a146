package io.portcullis.core.event.receiver;

import io.portcullis.core.event.Event;
import io.portcullis.core.event.LoggedEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/** Sends each event as one datagram to a syslog server (RFC 5426), at most as long as every server takes. */
final class SyslogWriter implements EventWriter {
    /** What receivers should be able to take (RFC 5424 section 6.1). */
    private static final int LONGEST = 2048;

    private static final int BITS_OF_SEVERITY = 3;
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final String PROGRAM = "portcullis";

    private final LogReceiverSyslog receiver;
    private final SyslogTransport server;
    private final ZoneId zone;

    SyslogWriter(LogReceiverSyslog receiver, SyslogTransport server, ZoneId zone) {
        this.receiver = receiver;
        this.server = server;
        this.zone = zone;
    }

    @Override
    public void write(LoggedEvent event) throws IOException {
        byte[] message = message(event).getBytes(StandardCharsets.UTF_8);
        server.send(message.length <= LONGEST ? message : Arrays.copyOf(message, LONGEST));
    }

    /** The message as a text. */
    String message(LoggedEvent logged) {
        Event event = logged.event();
        int priority = receiver.facility().code() << BITS_OF_SEVERITY
                | event.type().severity().ordinal();
        return switch (receiver.format()) {
            // <PRI>VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG
            case RFC5424 ->
                "<" + priority + ">1 " + TIMESTAMP.format(logged.at()) + " " + receiver.hostName() + " " + PROGRAM
                        + " - " + event.type().name() + " - " + event;
            case KEY_VALUE ->
                "<" + priority + ">[" + LOCAL.format(logged.at().atZone(zone)) + "] " + receiver.hostName() + ": "
                        + event;
        };
    }

    @Override
    public void close() {
        server.close();
    }
}
