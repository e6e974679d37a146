package io.portcullis.core.dhcp;

import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.List;

/** What becomes of leases. */
public final class DhcpEvents {
    private static final String LOOK =
            " The offer is not taken: look at the DHCP server, or for one that nobody wants.";

    static final EventType OFFERED_IP_OCCUPIED = new EventType(
            "DHCP",
            7_100_001,
            Severity.NOTICE,
            "offered_ip_occupied",
            List.of("iface", "ip"),
            "Somebody on the link has the address that the server leases already. It was declined.");

    static final EventType LEASE_CHANGED = new EventType(
            "DHCP",
            7_100_002,
            Severity.WARNING,
            "lease_changed",
            List.of("iface", "old", "new"),
            "The server has changed the lease: address, network, gateway or DNS servers.");

    static final EventType LEASE_ACQUIRED = new EventType(
            "DHCP",
            7_100_003,
            Severity.NOTICE,
            "lease_acquired",
            List.of("iface", "ip", "netmask", "bcast", "gw", "server", "lifetime"),
            "The interface has an address of a DHCP server.");

    static final EventType LEASE_RENEWED = new EventType(
            "DHCP",
            7_100_004,
            Severity.INFO,
            "renewed_lease",
            List.of("iface", "ip", "lifetime"),
            "The server has made the lease longer.");

    static final EventType LEASE_EXPIRED = new EventType(
            "DHCP",
            7_100_005,
            Severity.NOTICE,
            "lease_expired",
            List.of("iface", "ip"),
            "No server made the lease longer: the address is not used any more.");

    static final EventType INVALID_LEASE_TIME = refused(7, "invalid_lease_time", "The lease is too short.");
    static final EventType INVALID_SERVER_ID = refused(
            8, "invalid_server_id", "The server does not say who it is, or is not among those that are allowed.");
    static final EventType INVALID_NETMASK = refused(9, "invalid_netmask", "The netmask is none.");
    static final EventType INVALID_BROADCAST =
            refused(10, "invalid_broadcast", "The broadcast address is not that of the network.");
    static final EventType INVALID_OFFERED_IP = refused(
            11, "invalid_offered_ip", "The address can not be a host's, or is not among those that are allowed.");
    static final EventType INVALID_GATEWAY =
            refused(12, "invalid_gateway", "The gateway is no host of the network that is offered.");
    static final EventType IP_COLLISION = refused(
            14,
            "ip_collision",
            "The network of the lease, or a part of it, belongs to another interface, or is routed elsewhere;"
                    + " DHCPAllowedIP says of what leases may be.");

    static final EventType LEASE_DENIED = new EventType(
            "DHCP",
            7_100_901,
            Severity.NOTICE,
            "lease_denied",
            List.of("iface", "ip", "server", "message"),
            "The server does not let the interface have the address; another one is asked for.");

    static final EventType LEASE_RELEASED = new EventType(
            "DHCP",
            7_100_902,
            Severity.NOTICE,
            "lease_released",
            List.of("iface", "ip"),
            "The address was given back to the server.");

    static final EventType MALFORMED_REPLY = new EventType(
            "DHCP",
            7_100_903,
            Severity.WARNING,
            "malformed_reply",
            List.of("iface", "reason"),
            "A server's message can not be read. It counts as never heard.");

    /** All of them, for the catalogue. */
    public static final List<EventType> ALL = List.of(
            OFFERED_IP_OCCUPIED,
            LEASE_CHANGED,
            LEASE_ACQUIRED,
            LEASE_RENEWED,
            LEASE_EXPIRED,
            INVALID_LEASE_TIME,
            INVALID_SERVER_ID,
            INVALID_NETMASK,
            INVALID_BROADCAST,
            INVALID_OFFERED_IP,
            INVALID_GATEWAY,
            IP_COLLISION,
            LEASE_DENIED,
            LEASE_RELEASED,
            MALFORMED_REPLY);

    private DhcpEvents() {}

    private static EventType refused(int number, String name, String what) {
        return new EventType(
                "DHCP", 7_100_000 + number, Severity.WARNING, name, List.of("iface", "server", "found"), what + LOOK);
    }
}
