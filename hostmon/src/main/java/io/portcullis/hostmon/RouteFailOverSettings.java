package io.portcullis.hostmon;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.config.Property;

/** How routes are monitored, and what happens when one fails. */
@ObjectType(
        value = "RouteFailOverSettings",
        category = "Settings",
        title = "Route fail-over settings",
        help = "How routes are monitored, and what happens when one fails or works again.",
        singleton = true)
public record RouteFailOverSettings(
        @Property(
                help = "Time between two looks at the link of an interface, milliseconds.",
                byDefault = "500",
                min = 100,
                max = 10_000)
        int ifacePollInterval,

        @Property(
                help = "Time between two questions to a gateway, milliseconds; a route may have its own.",
                name = "ARPPollInterval",
                byDefault = "1000",
                min = 100,
                max = 10_000)
        int arpPollInterval,

        @Property(
                help =
                        "How many questions to a gateway in a row must be lost for it to be gone, and be answered for it to"
                                + " be back.",
                byDefault = "5",
                min = 1,
                max = 100)
        int consecFails,

        @Property(
                help =
                        "Whether neighbours hear, by gratuitous ARP, where the firewall's addresses are when a route fails or"
                                + " works again.",
                name = "GratuitousARPOnFail",
                byDefault = "Yes")
        boolean gratuitousArpOnFail) {}
