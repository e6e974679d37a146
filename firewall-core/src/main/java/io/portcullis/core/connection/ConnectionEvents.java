package io.portcullis.core.connection;

import io.portcullis.core.event.EventLimit;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.pipeline.SourceLimit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the connection table tells (category CONN). At most {@link #PER_SECOND} events of a type are made in a second,
 * and the number of the others is said, so that a flood of connections costs no more than its packets.
 */
public final class ConnectionEvents {
    /** Most events of a type in a second. */
    static final int PER_SECOND = 200;

    private static final List<String> OPENED = List.of(
            "rule",
            "connipproto",
            "connrecvif",
            "connsrcip",
            "connsrcport",
            "conndestif",
            "conndestip",
            "conndestport");
    private static final List<String> TRANSLATED =
            List.of("connnewsrcip", "connnewsrcport", "connnewdestip", "connnewdestport");
    private static final List<String> CLOSED = List.of("reason", "origsent", "termsent");

    public static final EventType OPEN =
            type(600_001, Severity.INFO, "conn_open", OPENED, "A policy allowed a connection and it was opened.");
    public static final EventType CLOSE = type(
            600_002,
            Severity.INFO,
            "conn_close",
            join(OPENED, CLOSED),
            "A connection ended, or was idle for too long.");
    public static final EventType FULL = type(
            600_003,
            Severity.WARNING,
            "connection_table_full",
            List.of("replaced"),
            "The connection table is full: the oldest connections that are not established make room for new ones.");
    public static final EventType OPEN_TRANSLATED = type(
            600_004,
            Severity.INFO,
            "conn_open_natsat",
            join(OPENED, TRANSLATED),
            "A policy allowed a connection, and its addresses are translated.");
    public static final EventType CLOSE_TRANSLATED = type(
            600_005,
            Severity.INFO,
            "conn_close_natsat",
            join(join(OPENED, TRANSLATED), CLOSED),
            "A connection with translated addresses ended, or was idle for too long.");
    public static final EventType OUT_OF_CONNECTIONS = type(
            600_011,
            Severity.WARNING,
            "out_of_connections",
            List.of("refused"),
            "The connection table is full of established connections: new ones are refused.");
    public static final EventType NO_NEW_CONNECTION = type(
            600_012,
            Severity.WARNING,
            "no_new_conn_for_this_packet",
            List.of("rule", "ipproto", "recvif", "srcip", "srcport", "destip", "destport"),
            "The packet belongs to no connection, and is none that may open one.");

    public static final EventType SOURCE_LIMIT = type(
            600_901,
            Severity.WARNING,
            "connections_per_source_exceeded",
            List.of("rule", "limit", "recvif", "srcip", "destip", "ipproto", "srcport", "destport"),
            "The source has as many connections open as the policy allows it: a new one is refused.");

    public static final EventType OUT_OF_STATE = type(
            600_902,
            Severity.NOTICE,
            "tcp_out_of_state",
            List.of("rule", "recvif", "srcip", "srcport", "destip", "destport", "state"),
            "The TCP segment has the addresses and ports of a connection, but its flags or numbers do not fit it: the"
                    + " connection has ended, is not that far, or the segment lies outside the window.");

    public static final EventType TRANSLATION_FULL = type(
            600_903,
            Severity.WARNING,
            "translation_full",
            List.of("rule", "natpool", "recvif", "srcip", "destip", "ipproto", "srcport", "destport"),
            "No port is free that the connection could leave with, or the NAT pool remembers as many sources as it can, or"
                    + " the interface has no address: a new connection is refused.");

    public static final EventType SYN_RELAYED = type(
            600_904,
            Severity.WARNING,
            "syn_flood_protection",
            List.of("rule", "halfopen", "recvif", "srcip", "destip", "destport"),
            "More TCP connections wait for their handshake than MaxHalfOpenConnections: openers are answered in their"
                    + " servers' place, and connected when they have shown that their address is theirs.");

    /** All types, for the catalogue. */
    public static final List<EventType> ALL = List.of(
            OPEN,
            CLOSE,
            FULL,
            OPEN_TRANSLATED,
            CLOSE_TRANSLATED,
            OUT_OF_CONNECTIONS,
            NO_NEW_CONNECTION,
            SOURCE_LIMIT,
            OUT_OF_STATE,
            TRANSLATION_FULL,
            SYN_RELAYED);

    private static final long SECOND = 1_000_000_000L;

    /** Most refusals of one kind in a second. */
    private static final int REFUSED_PER_SECOND = 20;

    private final EventSink sink;
    private final EventLimit limited;
    private final EventLimit outOfState;
    private final EventLimit untranslatable;
    private final EventLimit relayed;
    private final EventLimit open;
    private final EventLimit close;
    private final EventLimit openTranslated;
    private final EventLimit closeTranslated;
    private final EventLimit noNewConnection;
    private long fullSince = Long.MIN_VALUE;
    private long sinceFull;

    ConnectionEvents(EventSink sink) {
        this.sink = sink;
        this.open = new EventLimit(OPEN, PER_SECOND, sink);
        this.close = new EventLimit(CLOSE, PER_SECOND, sink);
        this.openTranslated = new EventLimit(OPEN_TRANSLATED, PER_SECOND, sink);
        this.closeTranslated = new EventLimit(CLOSE_TRANSLATED, PER_SECOND, sink);
        this.noNewConnection = new EventLimit(NO_NEW_CONNECTION, PER_SECOND, sink);
        this.limited = new EventLimit(SOURCE_LIMIT, REFUSED_PER_SECOND, sink);
        this.outOfState = new EventLimit(OUT_OF_STATE, REFUSED_PER_SECOND, sink);
        this.relayed = new EventLimit(SYN_RELAYED, 1, sink);
        this.untranslatable = new EventLimit(TRANSLATION_FULL, REFUSED_PER_SECOND, sink);
    }

    void opened(Connection connection, long now) {
        boolean translated = connection.isTranslated();
        EventLimit limit = translated ? openTranslated : open;
        if (logs(connection) && limit.admits(now)) {
            limit.emit("open", describe(connection, translated));
        }
    }

    void closed(Connection connection, CloseReason reason, long now) {
        boolean translated = connection.isTranslated();
        EventLimit limit = translated ? closeTranslated : close;
        if (!logs(connection) || !limit.admits(now)) {
            return;
        }
        Object[] known = describe(connection, translated);
        Object[] all = Arrays.copyOf(known, known.length + 3);
        all[known.length] = reason.label();
        all[known.length + 1] = connection.original().octets();
        all[known.length + 2] = connection.reply().octets();
        limit.emit("close", all);
    }

    /** Once a second at most, with the number since it was last said. */
    void full(boolean replaced, long now) {
        sinceFull++;
        if (fullSince == Long.MIN_VALUE || now - fullSince >= SECOND) {
            sink.emit(replaced ? FULL : OUT_OF_CONNECTIONS, replaced ? "replacing_conn" : "drop", sinceFull);
            fullSince = now;
            sinceFull = 0;
        }
    }

    /** A packet that would have opened a connection was refused. */
    void refused(Packet packet, @Nullable NetworkInterface in, @Nullable Policy policy, DropReason why, long now) {
        if (in == null || policy == null || !policy.logs()) {
            return;
        }
        switch (why) {
            case SOURCE_LIMIT -> limited(packet, in, policy, now);
            case TRANSLATION_FULL -> untranslatable(packet, in, policy, now);
            default -> opensNothing(packet, in, policy.name(), now);
        }
    }

    private void opensNothing(Packet packet, NetworkInterface in, String rule, long now) {
        if (noNewConnection.admits(now)) {
            noNewConnection.emit(
                    "drop",
                    rule,
                    IpProtocol.name(packet.protocol()),
                    in.name(),
                    new IpAddress(packet.sourceHigh(), packet.sourceLow()),
                    packet.sourcePort(),
                    new IpAddress(packet.destinationHigh(), packet.destinationLow()),
                    packet.destinationPort());
        }
    }

    /** The policy's limit for each source refused a packet that would have opened a connection. */
    private void limited(Packet packet, NetworkInterface in, Policy policy, long now) {
        SourceLimit limit = policy.sourceLimit();
        if (limit != null && limited.admits(now)) {
            limited.emit(
                    "drop",
                    policy.name(),
                    limit.connections(),
                    in.name(),
                    new IpAddress(packet.sourceHigh(), packet.sourceLow()),
                    new IpAddress(packet.destinationHigh(), packet.destinationLow()),
                    IpProtocol.name(packet.protocol()),
                    packet.sourcePort(),
                    packet.destinationPort());
        }
    }

    /** A packet that would have opened a connection can not be translated as the policy says. */
    private void untranslatable(Packet packet, NetworkInterface in, Policy policy, long now) {
        AddressPool pool = policy.addressPool();
        if (untranslatable.admits(now)) {
            untranslatable.emit(
                    "drop",
                    policy.name(),
                    pool == null ? "" : pool.name(),
                    in.name(),
                    new IpAddress(packet.sourceHigh(), packet.sourceLow()),
                    new IpAddress(packet.destinationHigh(), packet.destinationLow()),
                    IpProtocol.name(packet.protocol()),
                    packet.sourcePort(),
                    packet.destinationPort());
        }
    }

    /** An opener is answered in its server's place, because there are too many of them. */
    void relayed(Packet packet, NetworkInterface in, Policy policy, int halfOpen, long now) {
        if (policy.synRelay() == Policy.SynRelay.AUTO && policy.logs() && relayed.admits(now)) {
            relayed.emit(
                    "none",
                    policy.name(),
                    halfOpen,
                    in.name(),
                    new IpAddress(packet.sourceHigh(), packet.sourceLow()),
                    new IpAddress(packet.destinationHigh(), packet.destinationLow()),
                    packet.destinationPort());
        }
    }

    /** A TCP segment did not fit the connection that it seems to belong to. */
    void outOfState(Flow flow, Packet packet, long now) {
        Connection connection = flow.connection();
        Policy policy = connection.policy();
        NetworkInterface in = packet.ingress();
        if (policy != null && in != null && policy.logs() && outOfState.admits(now)) {
            outOfState.emit(
                    "drop",
                    policy.name(),
                    in.name(),
                    new IpAddress(packet.sourceHigh(), packet.sourceLow()),
                    packet.sourcePort(),
                    new IpAddress(packet.destinationHigh(), packet.destinationLow()),
                    packet.destinationPort(),
                    connection.tcpState().label());
        }
    }

    /** Says what was swallowed. */
    void tick(long now) {
        open.tick(now);
        close.tick(now);
        openTranslated.tick(now);
        closeTranslated.tick(now);
        noNewConnection.tick(now);
        outOfState.tick(now);
        untranslatable.tick(now);
        relayed.tick(now);
        limited.tick(now);
    }

    private static boolean logs(Connection connection) {
        return connection.policy() != null && connection.policy().logs();
    }

    private static Object[] describe(Connection connection, boolean translated) {
        Flow original = connection.original();
        String rule = connection.policy() == null ? "" : connection.policy().name();
        List<Object> values = new ArrayList<>(List.of(
                rule,
                IpProtocol.name(connection.protocol()),
                original.ingress().name(),
                original.source(),
                original.sourcePort(),
                original.egress().name(),
                original.destination(),
                original.destinationPort()));
        if (translated) {
            values.addAll(List.of(
                    original.newSource(),
                    original.newSourcePort(),
                    original.newDestination(),
                    original.newDestinationPort()));
        }
        return values.toArray();
    }

    private static List<String> join(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static EventType type(int id, Severity severity, String name, List<String> parameters, String help) {
        return new EventType("CONN", id, severity, name, parameters, help);
    }
}
