package io.portcullis.core.routing;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.Packet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All routing tables of a running configuration. Immutable: a route that comes or goes while running makes a new
 * snapshot.
 */
public final class RoutingTables {
    /** The table that exists by itself. */
    public static final String MAIN = "main";

    /** No route anywhere. */
    public static final RoutingTables EMPTY = new RoutingTables(List.of());

    private final List<RoutingTable> tables;
    private final RoutingTable main;

    /** @param tables with different names; an empty {@code main} is added when there is none */
    public RoutingTables(List<RoutingTable> tables) {
        this.tables = List.copyOf(tables);
        this.main = find(tables, MAIN).orElseGet(() -> new RoutingTable(MAIN, List.of()));
    }

    public RoutingTable main() {
        return main;
    }

    public List<RoutingTable> tables() {
        return tables;
    }

    public Optional<RoutingTable> table(String name) {
        return name.equals(MAIN) ? Optional.of(main) : find(tables, name);
    }

    /** The same tables, in which just the routes that were typed as these objects are out of order. */
    public RoutingTables withOutOfOrder(Set<Long> objects) {
        return new RoutingTables(
                tables.stream().map(table -> table.withOutOfOrder(objects)).toList());
    }

    /** The way that the packet's maker chose, or else the route to its destination, or null. */
    public @Nullable Route lookup(Packet packet) {
        NetworkInterface chosen = packet.egress();
        if (chosen == null) {
            return main.lookup(packet.destinationHigh(), packet.destinationLow());
        }
        IpAddress destination = new IpAddress(packet.destinationHigh(), packet.destinationLow());
        return new Route(IpNetwork.host(destination), chosen, packet.gateway(), 0, Route.Origin.DYNAMIC);
    }

    /** The route to this address, or null. */
    public @Nullable Route lookup(IpAddress address) {
        return main.lookup(address.high(), address.low());
    }

    /** As {@link #lookup(IpAddress)}, the address as in a packet. */
    public @Nullable Route lookup(long high, long low) {
        return main.lookup(high, low);
    }

    /** The reverse route check: the route back to the packet's source through this interface, or null. */
    public @Nullable Route reverse(Packet packet, NetworkInterface through) {
        return main.lookup(packet.sourceHigh(), packet.sourceLow(), through);
    }

    private static Optional<RoutingTable> find(List<RoutingTable> tables, String name) {
        return tables.stream().filter(table -> table.name().equals(name)).findFirst();
    }
}
