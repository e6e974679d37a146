package io.portcullis.core.routing;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.packet.Packet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables that the packets of one connection are routed by, there and back. Immutable. */
public final class TableChoice {
    private final String rule;
    private final RoutingTable main;
    private final RoutingTable there;
    private final RoutingTable back;

    /** @param rule that chose them; empty when none did */
    TableChoice(String rule, RoutingTable main, RoutingTable there, RoutingTable back) {
        this.rule = rule;
        this.main = main;
        this.there = there;
        this.back = back;
    }

    /** The way that the packet's maker chose, or else the route to its destination, or null. */
    public @Nullable Route lookup(Packet packet) {
        NetworkInterface chosen = packet.egress();
        if (chosen == null) {
            return lookup(packet.destinationHigh(), packet.destinationLow());
        }
        IpAddress destination = new IpAddress(packet.destinationHigh(), packet.destinationLow());
        return new Route(IpNetwork.host(destination), chosen, packet.gateway(), 0, Route.Origin.DYNAMIC);
    }

    /** The route to this address, or null. */
    public @Nullable Route lookup(IpAddress address) {
        return lookup(address.high(), address.low());
    }

    /** As {@link #lookup(IpAddress)}, the address as in a packet. */
    public @Nullable Route lookup(long high, long low) {
        Route first = firstOf(there).lookup(high, low);
        if (isEnough(there, first)) {
            return first;
        }
        Route second = secondOf(there).lookup(high, low);
        return second == null ? first : second;
    }

    /** The reverse route check: the route back to who opens the connection through this interface, or null. */
    public @Nullable Route reverse(long high, long low, NetworkInterface through) {
        Route first = firstOf(back).lookup(high, low, through);
        if (isEnough(back, first)) {
            return first;
        }
        Route second = secondOf(back).lookup(high, low, through);
        return second == null ? first : second;
    }

    /** Name of the routing rule that chose them; empty when none did. */
    public String rule() {
        return rule;
    }

    /** Name of the table that routes who opens the connection. */
    public String forwardTable() {
        return there.name();
    }

    /** Name of the table that routes the answers. */
    public String returnTable() {
        return back.name();
    }

    /** Name of the table in which {@link #lookup} or {@link #reverse} found the route to an address. */
    public String tableOf(Route found, long high, long low) {
        return Stream.of(there, back, main)
                .filter(table ->
                        found.equals(table.lookup(high, low)) || found.equals(table.lookup(high, low, found.iface())))
                .findFirst()
                .orElse(main)
                .name();
    }

    private RoutingTable firstOf(RoutingTable table) {
        return table.ordering() == Ordering.DEFAULT ? main : table;
    }

    private RoutingTable secondOf(RoutingTable table) {
        return table.ordering() == Ordering.DEFAULT ? table : main;
    }

    private static boolean isEnough(RoutingTable table, @Nullable Route first) {
        return switch (table.ordering()) {
            case ONLY -> true;
            case FIRST -> first != null;
            case DEFAULT -> first != null && first.network().prefixLength() > 0;
        };
    }
}
