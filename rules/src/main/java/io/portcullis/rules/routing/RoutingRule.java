package io.portcullis.rules.routing;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.core.routing.NamedRoutingTable;
import io.portcullis.rules.classifier.InterfaceSet;
import io.portcullis.rules.service.Service;
import java.util.List;

/** A routing rule as it is configured. */
@ObjectType(
        value = "RoutingRule",
        title = "Routing rule",
        help = "Has connections routed by other tables than main. The first rule that matches decides; its destination"
                + " interface is the one that main leads to.",
        ordered = true,
        nameOptional = true)
public record RoutingRule(
        @Property(help = "Name of the rule.") String name,

        @Property(
                help = "Interfaces that the connection comes from.",
                required = true,
                category = "Interface",
                also = {InterfaceSet.ANY, InterfaceSet.CORE})
        List<Ref> sourceInterface,

        @Property(help = "Addresses that the connection comes from.", required = true)
        Addresses sourceNetwork,

        @Property(
                help = "Interfaces that main leads the connection to.",
                required = true,
                category = "Interface",
                also = {InterfaceSet.ANY, InterfaceSet.CORE})
        List<Ref> destinationInterface,

        @Property(help = "Addresses that the connection goes to.", required = true)
        Addresses destinationNetwork,

        @Property(help = "Services that the connection is for.", required = true, category = Service.CATEGORY)
        List<Ref> service,

        @Property(
                help = "Table that packets of who opens the connection are routed by.",
                required = true,
                refersTo = NamedRoutingTable.class)
        Ref forwardRoutingTable,

        @Property(
                help = "Table that the answers are routed by, and by which it is checked where the opener comes from.",
                required = true,
                refersTo = NamedRoutingTable.class)
        Ref returnRoutingTable,

        @Property(help = "Remark.") String comments) {}
