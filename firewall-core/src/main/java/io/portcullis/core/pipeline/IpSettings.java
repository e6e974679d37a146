package io.portcullis.core.pipeline;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** What is done about IP headers that no honest sender sends. Those that contradict themselves always die. */
@ObjectType(
        value = "IPSettings",
        category = "Settings",
        title = "IP settings",
        help = "What is done about suspicious IP headers: Ignore, Log, Drop or DropLog.",
        singleton = true)
public record IpSettings(
        @Property(
                help = "Whether packets with headers that contradict themselves are logged; they are always dropped.",
                byDefault = "Yes")
        boolean logMalformed,

        @Property(
                help = "The least TTL or hop limit of arriving packets.",
                name = "TTLMin",
                byDefault = "1",
                min = 1,
                max = 255)
        int minimumTtl,

        @Property(help = "Packets with a smaller one.", name = "TTLOnLow", byDefault = "DropLog")
        Reaction lowTtl,

        @Property(
                help = "Wrong TCP, UDP and ICMP checksums. Who receives the packet checks them as well.",
                name = "TransportChecksum",
                byDefault = "Ignore")
        Reaction transportChecksum,

        @Property(
                help = "Packets from or to 0.0.0.0/8, and from or to the unspecified IPv6 address.",
                name = "Block0Net",
                byDefault = "DropLog")
        Reaction unspecified,

        @Property(
                help = "Packets from or to 127.0.0.0/8, and from or to ::1.",
                name = "Block127Net",
                byDefault = "DropLog")
        Reaction loopback,

        @Property(
                help =
                        "Packets from groups, and from reserved addresses: 240.0.0.0/4, and IPv6 outside of what IANA has"
                                + " given out.",
                name = "BlockMulticastSrc",
                byDefault = "DropLog")
        Reaction groupSource,

        @Property(
                help =
                        "Packets to reserved addresses: 240.0.0.0/4 but for 255.255.255.255, and IPv6 outside of what IANA has"
                                + " given out.",
                name = "BlockReservedDest",
                byDefault = "DropLog")
        Reaction reservedDestination,

        @Property(help = "Packets whose source is their destination.", name = "LandAttack", byDefault = "DropLog")
        Reaction land,

        @Property(help = "Loose and strict source routes in IPv4.", name = "IPOPT_SR", byDefault = "DropLog")
        Reaction sourceRoute,

        @Property(help = "IPv4 time stamps.", name = "IPOPT_TS", byDefault = "DropLog")
        Reaction timestamp,

        @Property(help = "The IPv4 router alert.", name = "IPOPT_RTRALT", byDefault = "DropLog")
        Reaction routerAlert,

        @Property(help = "All other IPv4 options.", name = "IPOPT_OTHER", byDefault = "DropLog")
        Reaction otherOptions,

        @Property(help = "The reserved flag of IPv4.", name = "IPRF", byDefault = "DropLog")
        Reaction reservedFlag,

        @Property(
                help = "IPv6 extension headers twice or in another order than RFC 8200 has them.",
                name = "IP6ExtensionOrder",
                byDefault = "DropLog")
        Reaction extensionOrder) {}
