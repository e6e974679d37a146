package io.portcullis.core.routing;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** A routing table as it is configured: a place for {@link StaticRoute}s. */
@ObjectType(
        value = "RoutingTable",
        title = "Routing table",
        help = "Holds routes. Packets are routed by the table main, or by those that a RoutingRule names.")
public record NamedRoutingTable(
        @Property(help = "Name of the table.", required = true)
        String name,

        @Property(
                help =
                        "How it stands to main for packets that a RoutingRule sends here: Default asks main first, and this"
                                + " table where main has no more than a default route; First asks this table first, then main; Only"
                                + " asks nothing else.",
                byDefault = "Only")
        Ordering ordering,

        @Property(
                help = "Whether the routes to the firewall's own addresses are left out; main always has them.",
                name = "RemoveInterfaceIPRoutes",
                byDefault = "No")
        boolean removeInterfaceIpRoutes,

        @Property(help = "Remark.") String comments) {
    /** A table with nothing special about it. */
    public NamedRoutingTable(String name, String comments) {
        this(name, Ordering.ONLY, false, comments);
    }

    /** The table that every configuration begins with. */
    public static final NamedRoutingTable MAIN = new NamedRoutingTable(RoutingTables.MAIN, "");
}
