package io.portcullis.core.event.receiver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Checked;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectTypes;
import io.portcullis.core.event.EventLog;
import io.portcullis.core.event.LoggedEvent;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.time.SystemClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReceiversTest {
    private static final ObjectTypes TYPES = ObjectTypes.of(LogReceivers.types());

    @TempDir
    Path folder;

    private final EventLog log = new EventLog(new SystemClock(), 100);
    private Configuration configuration = Configuration.empty(TYPES);

    private LogReceivers receivers() {
        return new LogReceivers(
                log, folder.resolve("log"), LogReceiversTest::noServer, new SystemClock(), ZoneId.of("UTC"));
    }

    private static SyslogTransport noServer(IpAddress server, int port) throws IOException {
        throw new IOException("no way to " + server + " port " + port);
    }

    private void file(String name) {
        configuration =
                configuration.add(0, TYPES.find("LogReceiverFile").orElseThrow().parse(Map.of("Name", name)));
    }

    private long lines(String name) throws IOException {
        Path file = folder.resolve("log").resolve(name + ".jsonl");
        return Files.exists(file) ? Files.readAllLines(file).size() : -1;
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("log-"))
                .count();
    }

    @AfterEach
    void nothingIsLeftRunning() {
        assertEquals(0, threads());
    }

    @Test
    void receiversComeAndGoWithTheConfiguration() throws IOException {
        try (LogReceivers receivers = receivers()) {
            file("one");
            receivers.apply(configuration);
            log.emit(Events.OPENED, "open", "a", "192.0.2.1");
            log.dispatch();
            file("two");
            receivers.apply(configuration);
            log.emit(Events.OPENED, "open", "b", "192.0.2.1");
            log.dispatch();
            receivers.apply(Configuration.empty(TYPES));
            assertEquals(0, threads());
            log.emit(Events.OPENED, "open", "c", "192.0.2.1");
        }
        assertEquals(2, lines("one"));
        assertEquals(1, lines("two"));
    }

    @Test
    void whatWasEmittedBeforeTheEndIsWritten() throws IOException {
        file("one");
        try (LogReceivers receivers = receivers()) {
            receivers.apply(configuration);
            log.emit(Events.OPENED, "open", "a", "192.0.2.1");
        }
        assertEquals(1, lines("one"));
    }

    @Test
    void aReceiverThatCanNotBeIsAnEventAndTheOthersRun() throws IOException {
        Files.createDirectories(folder.resolve("log").resolve("one.jsonl"));
        file("one");
        file("two");
        try (LogReceivers receivers = receivers()) {
            receivers.apply(configuration);
            log.emit(Events.OPENED, "open", "a", "192.0.2.1");
            List<LoggedEvent> all = log.recent(10);
            assertEquals("log_receiver_failed", all.getFirst().event().type().name());
            assertEquals("one", all.getFirst().event().values().getFirst());
        }
        assertTrue(lines("two") >= 1);
    }

    @Test
    void whatCanNotBeSentOrSaidIsRefused() {
        configuration = configuration.add(
                0,
                TYPES.find("LogReceiverSyslog")
                        .orElseThrow()
                        .parse(Map.of("Name", "s", "IPAddress", "192.0.2.0/24", "HostName", "two words")));
        long receiver =
                configuration.object(LogReceiverSyslog.class, "s").orElseThrow().id();
        configuration = configuration.add(
                receiver,
                TYPES.find("LogReceiverMessageException").orElseThrow().parse(Map.of("LogType", "Include")));
        Findings findings = new Findings();
        configuration
                .inForce()
                .forEach(object ->
                        ((Checked) object.value()).check(configuration, findings.of(configuration.key(object))));
        assertEquals(
                List.of(
                        "Error: LogReceiverSyslog s, IPAddress: 192.0.2.0/24 is not one address",
                        "Error: LogReceiverSyslog s, HostName: \"two words\" is not 1 to 255 printable characters without"
                                + " blanks",
                        "Error: LogReceiverSyslog s/LogReceiverMessageException 1, LogCategory: an exception is about a"
                                + " category, an event's number, or both"),
                findings.all().stream().map(Object::toString).toList());
    }
}
