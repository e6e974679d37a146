package io.portcullis.cli.firewall;

import io.portcullis.core.config.ConfigurationEvents;
import io.portcullis.core.connection.ConnectionEvents;
import io.portcullis.core.connection.FtpEvents;
import io.portcullis.core.dhcp.DhcpEvents;
import io.portcullis.core.event.EventType;
import io.portcullis.core.event.LogEvents;
import io.portcullis.core.neighbour.NeighbourEvents;
import io.portcullis.core.pipeline.PipelineEvents;
import io.portcullis.core.shaping.PipeEvents;
import io.portcullis.core.slaac.SlaacEvents;
import io.portcullis.hostmon.HostmonEvents;
import io.portcullis.ipsec.IpsecEvents;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All events that the log may hold; a test holds it to what the program emits. */
public final class EventCatalogue {
    private EventCatalogue() {}

    /** All types, by id. */
    public static List<EventType> all() {
        return Stream.of(
                        ConfigurationEvents.ALL,
                        ConnectionEvents.ALL,
                        DhcpEvents.ALL,
                        FirewallEvents.ALL,
                        FtpEvents.ALL,
                        HostmonEvents.ALL,
                        IpsecEvents.ALL,
                        LogEvents.ALL,
                        NeighbourEvents.ALL,
                        PipeEvents.ALL,
                        PipelineEvents.ALL,
                        SlaacEvents.ALL)
                .flatMap(List::stream)
                .sorted(Comparator.comparingInt(EventType::id))
                .toList();
    }
}
