package io.portcullis.core.routing;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** A routing table as it is configured: a place for {@link StaticRoute}s. */
@ObjectType(
        value = "RoutingTable",
        title = "Routing table",
        help = "Holds routes. The table main is the one that packets are routed by.")
public record NamedRoutingTable(
        @Property(help = "Name of the table.", required = true)
        String name,

        @Property(help = "Remark.") String comments) {
    /** The table that every configuration begins with. */
    public static final NamedRoutingTable MAIN = new NamedRoutingTable(RoutingTables.MAIN, "");
}
