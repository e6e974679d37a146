package io.portcullis.core.iface;

import io.portcullis.core.config.Addresses;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.Findings;
import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;
import io.portcullis.core.config.Ref;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.routing.NamedRoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A VLAN as it is configured: an interface of its own, whose frames go by another one's device with a tag. */
@ObjectType(
        value = "VLAN",
        category = "Interface",
        title = "VLAN",
        help =
                "A virtual LAN on an Ethernet interface: its frames have a tag. On a VLAN it is one within the other, with"
                        + " two tags (Q-in-Q).")
public record VlanConfiguration(
        @Property(help = "Name of the interface.", required = true)
        String name,

        @Property(
                help = "Ethernet interface by whose device the frames go, or the VLAN around this one.",
                required = true,
                category = "Interface")
        Ref baseInterface,

        @Property(help = "Identifier in the tag.", name = "VLANID", required = true, min = 1, max = 4094)
        int vlanId,

        @Property(
                help = "Type of the tag: 8100 as in IEEE 802.1Q, or 88a8 as in IEEE 802.1ad, for a VLAN around others.",
                byDefault = "8100")
        TagType type,

        @Property(help = "Priority in the tags of frames that are sent.", byDefault = "0", min = 0, max = 7)
        int priority,

        @Property(
                help = "Whether IP packets have the upper three bits of their DS field as priority instead.",
                name = "PriorityFromDSField",
                byDefault = "No")
        boolean priorityFromDsField,

        @Property(help = "The firewall's IPv4 address on it.", name = "IP")
        Optional<Addresses> ip,

        @Property(help = "The IPv4 network on it.") Optional<Addresses> network,

        @Property(help = "The firewall's IPv6 address on it.", name = "IP6")
        Optional<Addresses> ip6,

        @Property(help = "The IPv6 network on it.") Optional<Addresses> network6,

        @Property(
                help = "Router on this network that leads everywhere else; adds an all-nets route.",
                group = "Routing")
        Optional<Addresses> defaultGateway,

        @Property(
                help = "IPv6 router on this network that leads everywhere else; adds an all-nets6 route.",
                group = "Routing")
        Optional<Addresses> defaultGateway6,

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

        @Property(
                help =
                        "Longest IP packet, octets. Each tag but one of 802.1Q in front takes 4 from what the device sends.",
                name = "MTU",
                byDefault = "1500",
                min = 576,
                max = 65535)
        int mtu,

        @Property(help = "Remark.") String comments)
        implements AddressedInterface {
    /** What announces the tag. */
    public enum TagType {
        CUSTOMER("8100", EtherType.VLAN),
        SERVICE("88a8", EtherType.SERVICE_VLAN);

        private final String word;
        private final int etherType;

        TagType(String word, int etherType) {
            this.word = word;
            this.etherType = etherType;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** An Ethernet interface, and the tags of a VLAN on it, outermost first. */
    public record Place(EthernetConfiguration ethernet, List<VlanTagging.Tag> tags) {}

    @Override
    public boolean hasNeighbours() {
        return true;
    }

    /** Where its frames are; empty when the base interfaces lead to no Ethernet interface with so few tags as fit. */
    public Optional<Place> place(Configuration configuration) {
        List<VlanTagging.Tag> tags = new ArrayList<>();
        Optional<AddressedInterface> at = Optional.of(this);
        while (at.isPresent() && at.get() instanceof VlanConfiguration vlan) {
            tags.addFirst(new VlanTagging.Tag(vlan.type.etherType, vlan.vlanId));
            if (tags.size() > Ethernet.MOST_TAGS) {
                return Optional.empty();
            }
            at = AddressedInterface.find(configuration, vlan.baseInterface.name());
        }
        return at.isPresent() && at.get() instanceof EthernetConfiguration ethernet
                ? Optional.of(new Place(ethernet, List.copyOf(tags)))
                : Optional.empty();
    }

    @Override
    public void check(Configuration configuration, Findings.ForObject findings) {
        checkAddresses(configuration, findings);
        Optional<Place> place = place(configuration);
        if (place.isEmpty()) {
            findings.error(
                    "BaseInterface",
                    baseInterface.name() + " is neither an Ethernet interface nor a VLAN on one; a frame has "
                            + Ethernet.MOST_TAGS + " tags at most");
            return;
        }
        configuration.all(VlanConfiguration.class).stream()
                .filter(other ->
                        !other.name.equals(name) && other.place(configuration).equals(place))
                .findFirst()
                .ifPresent(other -> findings.error(
                        "VLANID", vlanId + " on " + baseInterface.name() + " is " + other.name + " already"));
        if (mtu > place.get().ethernet().mtu()) {
            findings.error(
                    "MTU",
                    mtu + " is more than the " + place.get().ethernet().mtu() + " of "
                            + place.get().ethernet().name());
        }
    }

    /** The tags of its frames; it was checked. */
    public VlanTagging tagging(Place place) {
        return new VlanTagging(place.tags(), priority, priorityFromDsField);
    }
}
