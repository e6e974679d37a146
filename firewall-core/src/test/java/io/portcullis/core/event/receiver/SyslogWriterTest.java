package io.portcullis.core.event.receiver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.event.Severity;
import io.portcullis.core.event.receiver.LogReceiverSyslog.Facility;
import io.portcullis.core.event.receiver.LogReceiverSyslog.SyslogFormat;
import io.portcullis.core.net.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SyslogWriterTest {
    /** RFC 5424 section 6: HEADER SP STRUCTURED-DATA [SP MSG], the NILVALUE where nothing is known. */
    private static final Pattern RFC_5424 = Pattern.compile("<([0-9]{1,3})>1 "
            + "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?Z "
            + "[!-~]{1,255} [!-~]{1,48} (-|[!-~]{1,128}) [!-~]{1,32} - .*");

    private static LogReceiverSyslog receiver(SyslogFormat format, int port) {
        return new LogReceiverSyslog(
                "server",
                new Addresses(List.of("127.0.0.1")),
                port,
                format,
                Facility.LOCAL3,
                "fw1",
                List.of(Severity.INFO),
                "");
    }

    private static SyslogWriter writer(SyslogFormat format, int port) throws IOException {
        return new SyslogWriter(receiver(format, port), IpAddress.literal("127.0.0.1"), ZoneId.of("Europe/Stockholm"));
    }

    @Test
    void aMessageFollowsRfc5424() throws IOException {
        try (SyslogWriter writer = writer(SyslogFormat.RFC5424, 514)) {
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
    void theReferencesLineHasLocalTimeAndTheDevicesName() throws IOException {
        try (SyslogWriter writer = writer(SyslogFormat.KEY_VALUE, 514)) {
            assertEquals(
                    "<158>[2026-07-23 16:05:06] fw1: CONN: prio=6 id=00600001 rev=1 event=conn_open action=open rule=out"
                            + " connsrcip=192.0.2.1",
                    writer.message(Events.opened("out", "192.0.2.1")));
        }
    }

    @Test
    @Timeout(10)
    void eachEventIsOneDatagramAndNoneIsTooLong() throws IOException {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                SyslogWriter writer = writer(SyslogFormat.RFC5424, server.getLocalPort())) {
            writer.write(Events.opened("first", "192.0.2.1"));
            writer.write(Events.opened("x".repeat(5_000), "192.0.2.1"));
            assertTrue(receive(server).endsWith("rule=first connsrcip=192.0.2.1"));
            assertEquals(2048, receive(server).length());
        }
    }

    private static String receive(DatagramSocket server) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        server.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }
}
