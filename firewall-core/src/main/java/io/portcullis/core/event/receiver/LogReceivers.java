package io.portcullis.core.event.receiver;

import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.event.EventLog;
import io.portcullis.core.event.LogEvents;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.core.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The receivers of the configuration in force. One that a new configuration has unchanged goes on undisturbed. */
public final class LogReceivers implements AutoCloseable {
    private final EventLog log;
    private final Path folder;
    private final SyslogTransport.Factory servers;
    private final Clock clock;
    private final ZoneId zone;
    private final Map<Wanted, Running> running = new HashMap<>();

    /** A receiver with all that says what it does. */
    private record Wanted(Record receiver, List<MessageException> exceptions, String address) {}

    private record Running(RunningReceiver receiver, EventLog.Subscription subscription) {}

    /**
     * @param folder for files, made when there is one
     * @param servers the ways to syslog servers
     */
    public LogReceivers(EventLog log, Path folder, SyslogTransport.Factory servers, Clock clock, ZoneId zone) {
        this.log = log;
        this.folder = folder;
        this.servers = servers;
        this.clock = clock;
        this.zone = zone;
    }

    /** Types of configuration objects of receivers. */
    public static List<Class<? extends Record>> types() {
        return List.of(LogReceiverSyslog.class, LogReceiverFile.class, MessageException.class);
    }

    /** Ends the receivers that a configuration has not, and starts those that are new; one that can not is an event. */
    public synchronized void apply(Configuration configuration) {
        List<Wanted> wanted = new ArrayList<>();
        for (ConfigObject<LogReceiverSyslog> object : configuration.objects(LogReceiverSyslog.class)) {
            String address = configuration.resolve(object.value().ipAddress()).toString();
            wanted.add(new Wanted(object.value(), configuration.children(object, MessageException.class), address));
        }
        for (ConfigObject<LogReceiverFile> object : configuration.objects(LogReceiverFile.class)) {
            wanted.add(new Wanted(object.value(), configuration.children(object, MessageException.class), ""));
        }
        Set<Wanted> gone = new HashSet<>(running.keySet());
        wanted.forEach(gone::remove);
        gone.forEach(this::end);
        for (Wanted one : wanted) {
            if (!running.containsKey(one)) {
                start(one, configuration);
            }
        }
    }

    private void start(Wanted wanted, Configuration configuration) {
        LogReceiver receiver = (LogReceiver) wanted.receiver();
        try {
            EventWriter writer = switch (wanted.receiver()) {
                case LogReceiverSyslog syslog ->
                    new SyslogWriter(
                            syslog,
                            servers.open(
                                    EthernetConfiguration.single(configuration.resolve(syslog.ipAddress()))
                                            .orElseThrow(
                                                    () -> new IOException(syslog.ipAddress() + " is not one address")),
                                    syslog.port()),
                            zone);
                case LogReceiverFile file -> new JsonFileWriter(file, folder);
                default -> throw new IllegalArgumentException(wanted.receiver().toString());
            };
            RunningReceiver made = new RunningReceiver(
                    receiver.name(), new EventSelection(receiver.logSeverity(), wanted.exceptions()), writer, clock);
            running.put(wanted, new Running(made, log.subscribe(made)));
        } catch (IOException e) {
            log.emit(LogEvents.RECEIVER_FAILED, "none", receiver.name(), String.valueOf(e.getMessage()));
        }
    }

    private void end(Wanted wanted) {
        Optional.ofNullable(running.remove(wanted)).ifPresent(ended -> {
            ended.subscription().close();
            ended.receiver().close();
        });
    }

    /** Ends all; what waits is written. */
    @Override
    public synchronized void close() {
        log.dispatch();
        List.copyOf(running.keySet()).forEach(this::end);
    }
}
