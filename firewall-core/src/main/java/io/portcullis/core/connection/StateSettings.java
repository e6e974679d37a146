package io.portcullis.core.connection;

import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** How much state the firewall keeps, as configured. */
@ObjectType(
        value = "StateSettings",
        category = "Settings",
        title = "State settings",
        help = "How many connections the firewall keeps.",
        singleton = true)
public record StateSettings(
        @Property(
                help = "Most connections at once. When they are in use, the oldest that is not established makes room"
                        + " for a new one.",
                byDefault = "1000000",
                min = 16,
                max = ConnectionStore.MOST)
        int maxConnections,

        @Property(
                help =
                        "TCP connections that may wait for their handshake at once. Beyond that, policies with SYNRelay=Auto"
                                + " have openers answered in their servers' place, so that they must show that their address is"
                                + " theirs.",
                byDefault = "10000",
                min = 0,
                max = ConnectionStore.MOST)
        int maxHalfOpenConnections) {
    /** The limits of a configuration, for each worker. */
    public static ConnectionLimits limits(Configuration configuration) {
        StateSettings state = configuration.settings(StateSettings.class);
        ConnectionTimeoutSettings times = configuration.settings(ConnectionTimeoutSettings.class);
        return new ConnectionLimits(
                state.maxConnections(),
                state.maxHalfOpenConnections(),
                times.tcpSyn(),
                times.tcp(),
                times.tcpFin(),
                times.udp(),
                times.ping(),
                times.other(),
                times.bothSidesKeepUdp());
    }
}
