package io.portcullis.core.connection;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** How long connections may idle, as configured (cos-facts section 1.5). */
@ObjectType(
        value = "ConnTimeoutSettings",
        category = "Settings",
        title = "Connection timeout settings",
        help = "How many seconds a connection may be idle before it is closed.",
        singleton = true)
public record ConnectionTimeoutSettings(
        @Property(
                help = "TCP that is not established yet.",
                name = "ConnLife_TCP_SYN",
                byDefault = "60",
                min = 1,
                max = MOST)
        int tcpSyn,

        @Property(help = "TCP that is established.", name = "ConnLife_TCP", byDefault = "262144", min = 1, max = MOST)
        int tcp,

        @Property(help = "TCP after the first FIN.", name = "ConnLife_TCP_FIN", byDefault = "80", min = 1, max = MOST)
        int tcpFin,

        @Property(help = "UDP.", name = "ConnLife_UDP", byDefault = "130", min = 1, max = MOST)
        int udp,

        @Property(
                help = "Whether replies keep a UDP connection open too, and not only packets of its opener.",
                name = "AllowBothSidesToKeepConnAlive_UDP",
                byDefault = "No")
        boolean bothSidesKeepUdp,

        @Property(help = "ICMP queries.", name = "ConnLife_Ping", byDefault = "8", min = 1, max = MOST)
        int ping,

        @Property(help = "All other protocols.", name = "ConnLife_Other", byDefault = "130", min = 1, max = MOST)
        int other) {
    /** A year. */
    static final int MOST = 31_536_000;
}
