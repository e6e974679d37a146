package io.portcullis.core.iface;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.core.routing.NamedRoutingTable;
import java.util.Optional;

/** One of a pair of loopback interfaces as it is configured. */
@ObjectType(
        value = "LoopbackInterface",
        category = "Interface",
        title = "Loopback interface",
        help = "One of a pair: what is sent by it comes in by the other one. Joins routing tables.")
public record LoopbackConfiguration(
        @Property(help = "Name of the interface.", required = true)
        String name,

        @Property(help = "The other one of the pair, whose LoopTo is this one.", refersTo = LoopbackConfiguration.class)
        Optional<Ref> loopTo,

        @Property(help = "The firewall's IPv4 address on it, which translated connections leave with.", name = "IP")
        Optional<Addresses> ip,

        @Property(help = "The IPv4 network on it.") Optional<Addresses> network,

        @Property(help = "The firewall's IPv6 address on it.", name = "IP6")
        Optional<Addresses> ip6,

        @Property(help = "The IPv6 network on it.") Optional<Addresses> network6,

        @Property(
                help = "Metric of the routes that the interface adds.",
                byDefault = "100",
                min = 1,
                max = 65535,
                group = "Routing")
        int metric,

        @Property(
                help =
                        "The one routing table that has the interface's routes, and by which alone is routed what comes in"
                                + " by it. Empty: all tables have its address, and main routes.",
                refersTo = NamedRoutingTable.class,
                group = "Routing")
        Optional<Ref> routingTable,

        @Property(help = "Longest IP packet, octets.", name = "MTU", byDefault = "1500", min = 576, max = 65535)
        int mtu,

        @Property(help = "Remark.") String comments)
        implements AddressedInterface {
    @Override
    public Optional<Addresses> defaultGateway() {
        return Optional.empty();
    }

    @Override
    public Optional<Addresses> defaultGateway6() {
        return Optional.empty();
    }

    @Override
    public boolean hasNeighbours() {
        return false;
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        checkAddresses(configuration, findings);
        if (loopTo.isEmpty()) {
            findings.warning("LoopTo", "is not given: what is sent by the interface is dropped");
            return;
        }
        String other = loopTo.get().name();
        boolean isPair = !other.equals(name)
                && configuration
                        .find(LoopbackConfiguration.class, other)
                        .flatMap(LoopbackConfiguration::loopTo)
                        .filter(back -> back.name().equals(name))
                        .isPresent();
        if (!isPair) {
            findings.error("LoopTo", other + " does not lead back here: its LoopTo must be " + name);
        }
    }
}
