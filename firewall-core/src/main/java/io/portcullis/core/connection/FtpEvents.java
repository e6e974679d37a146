package io.portcullis.core.connection;

import io.portcullis.core.event.EventLimit;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.pipeline.Policy;
import java.util.List;

/** Events of FTP's control connections, if their policy logs. */
public final class FtpEvents {
    public static final EventType ANNOUNCED = new EventType(
            "ALG",
            200_901,
            Severity.INFO,
            "ftp_data_announced",
            List.of("rule", "connsrcip", "connsrcport", "conndestip", "conndestport", "opener", "addressed", "port"),
            "The control connection has announced a data connection, which may be opened once from this address to that"
                    + " address and port, within a minute.");

    public static final EventType REFUSED = new EventType(
            "ALG",
            200_902,
            Severity.WARNING,
            "ftp_command_refused",
            List.of("rule", "connsrcip", "connsrcport", "conndestip", "conndestport", "sender", "reason"),
            "A PORT or EPRT command, or a reply to PASV or EPSV, does not pass: it is malformed or too long, names another"
                    + " host than its sender or a port below 1024, or nothing more can be announced.");

    public static final EventType FULL = new EventType(
            "ALG",
            200_903,
            Severity.WARNING,
            "ftp_sessions_full",
            List.of("rule", "connsrcip", "connsrcport", "conndestip", "conndestport"),
            "A new control connection of FTP is refused: as many are open already as are followed.");

    /** All types, for the catalogue. */
    public static final List<EventType> ALL = List.of(ANNOUNCED, REFUSED, FULL);

    private static final int PER_SECOND = 20;

    private final EventLimit announced;
    private final EventLimit refused;
    private final EventLimit full;

    FtpEvents(EventSink sink) {
        announced = new EventLimit(ANNOUNCED, PER_SECOND, sink);
        refused = new EventLimit(REFUSED, PER_SECOND, sink);
        full = new EventLimit(FULL, 1, sink);
    }

    void announced(Policy policy, AnnouncedConnection connection, long now) {
        if (policy.logs() && announced.admits(now)) {
            AnnouncedConnection.Control control = connection.control();
            announced.emit(
                    "allow",
                    policy.name(),
                    control.source(),
                    control.sourcePort(),
                    control.destination(),
                    control.destinationPort(),
                    connection.opener(),
                    connection.addressed(),
                    connection.port());
        }
    }

    void refused(Policy policy, Flow flow, String reason, long now) {
        if (policy.logs() && refused.admits(now)) {
            Flow original = flow.connection().original();
            refused.emit(
                    "drop",
                    policy.name(),
                    original.source(),
                    original.sourcePort(),
                    original.destination(),
                    original.destinationPort(),
                    flow.isOriginal() ? "client" : "server",
                    reason);
        }
    }

    void full(Policy policy, IpAddress source, int sourcePort, IpAddress destination, int destinationPort, long now) {
        if (policy.logs() && full.admits(now)) {
            full.emit("drop", policy.name(), source, sourcePort, destination, destinationPort);
        }
    }

    /** Says what was swallowed. */
    void tick(long now) {
        announced.tick(now);
        refused.tick(now);
        full.tick(now);
    }
}
