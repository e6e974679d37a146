package io.portcullis.core.neighbour;

import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.List;

/** What neighbours do that people want to know of. */
public final class NeighbourEvents {
    static final EventType INVALID_SENDER = new EventType(
            "ARP",
            300_049,
            Severity.NOTICE,
            "invalid_arp_sender_ip_address",
            List.of("rule", "recvif", "hwsender", "srcip", "destip"),
            "A station claims an address that is not on the interface's network. Check its address and netmask.");

    static final EventType ADDRESS_CONFLICT = new EventType(
            "ARP",
            300_901,
            Severity.WARNING,
            "address_conflict",
            List.of("recvif", "hwsender", "srcip"),
            "Another station claims an address of the firewall. Give one of the two another address.");

    static final EventType MAC_CHANGED = new EventType(
            "ARP",
            300_902,
            Severity.NOTICE,
            "hwaddr_change",
            List.of("recvif", "srcip", "oldhwaddr", "newhwaddr"),
            "A neighbour has another link address than before: replaced, failed over, or forged.");

    /** All of them, for the catalogue. */
    public static final List<EventType> ALL = List.of(INVALID_SENDER, ADDRESS_CONFLICT, MAC_CHANGED);

    private NeighbourEvents() {}
}
