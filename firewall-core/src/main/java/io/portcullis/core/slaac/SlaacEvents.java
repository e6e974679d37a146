package io.portcullis.core.slaac;

import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.List;

/** What becomes of router advertisements. */
public final class SlaacEvents {
    static final EventType ADDRESS_LEARNED = new EventType(
            "NDP",
            7_200_901,
            Severity.NOTICE,
            "address_learned",
            List.of("iface", "ip", "network", "router"),
            "The interface has made itself an IPv6 address of what a router on its link advertises.");

    static final EventType ADDRESS_LOST = new EventType(
            "NDP",
            7_200_902,
            Severity.NOTICE,
            "address_lost",
            List.of("iface", "ip"),
            "No router advertises the network of the interface's IPv6 address any more: it is not used.");

    static final EventType ADDRESS_OCCUPIED = new EventType(
            "NDP",
            7_200_903,
            Severity.WARNING,
            "address_occupied",
            List.of("iface", "ip"),
            "Somebody on the link has the IPv6 address that the interface would have made itself: it has none.");

    static final EventType PREFIX_REFUSED = new EventType(
            "NDP",
            7_200_904,
            Severity.WARNING,
            "prefix_refused",
            List.of("iface", "router", "prefix"),
            "A router advertises a network that no address is made of: it is not a /64 of global or unique local"
                    + " addresses, or belongs to another interface.");

    /** All of them, for the catalogue. */
    public static final List<EventType> ALL = List.of(ADDRESS_LEARNED, ADDRESS_LOST, ADDRESS_OCCUPIED, PREFIX_REFUSED);

    private SlaacEvents() {}
}
