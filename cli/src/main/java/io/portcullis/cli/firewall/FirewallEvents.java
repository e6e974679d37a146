package io.portcullis.cli.firewall;

import io.portcullis.core.event.EventType;
import io.portcullis.core.event.Severity;
import java.util.List;

/** What the log says about the program, its devices, workers and routes. */
final class FirewallEvents {
    static final EventType SOCKETS_FAILED = new EventType(
            "SYSTEM",
            3_200_920,
            Severity.ERROR,
            "core_device_failed",
            List.of("reason"),
            "The TUN device of core could not be given the firewall's addresses: the program's own sockets do not reach"
                    + " the network. Packets are not affected.");

    static final EventType SCHEDULED = new EventType(
            "RULE",
            6_000_920,
            Severity.INFO,
            "schedule_changed",
            List.of("schedules"),
            "Policies and pipe rules with these schedules begin to count, or count no more. Connections that are not"
                    + " allowed any more are closed with their next packet, others change their pipes.");

    static final EventType CAPTURE_ENDED = new EventType(
            "SYSTEM",
            3_200_940,
            Severity.NOTICE,
            "capture_ended",
            List.of("file", "packets", "missed", "reason"),
            "A capture of packets has ended.");

    static final EventType WORKER_NOT_HASTENED = new EventType(
            "SYSTEM",
            3_200_926,
            Severity.WARNING,
            "worker_not_hastened",
            List.of("worker", "reason"),
            "A worker could not get short time slices and its nice value: it may have to wait for other threads,"
                    + " milliseconds at a time.");

    static final EventType WORKER_NOT_BOUND = new EventType(
            "SYSTEM",
            3_200_921,
            Severity.WARNING,
            "worker_not_bound",
            List.of("worker", "reason"),
            "A worker could not be bound to a processor: it runs where the system puts it.");

    static final EventType DEVICE_CHANGED = new EventType(
            "SYSTEM",
            3_200_930,
            Severity.WARNING,
            "device_state_changed",
            List.of("iface", "device", "state"),
            "The state of an interface's device is another: up, no carrier, down, or gone. One that is gone is taken over"
                    + " again when it comes back; until then packets for it are dropped and counted.");

    static final EventType DEVICE_BACK = new EventType(
            "SYSTEM",
            3_200_931,
            Severity.NOTICE,
            "device_taken_again",
            List.of("iface", "device", "method"),
            "A device that had vanished is back and was taken over again, with the station address that it had.");

    static final EventType DEVICE_REFUSED = new EventType(
            "SYSTEM",
            3_200_932,
            Severity.ERROR,
            "device_not_taken_again",
            List.of("iface", "device", "reason"),
            "A device that had vanished is back and can not be taken over. It is tried again when a device or an address"
                    + " of the system changes.");

    static final EventType DEVICE_MTU = new EventType(
            "SYSTEM",
            3_200_933,
            Severity.NOTICE,
            "device_mtu_changed",
            List.of("iface", "device", "mtu"),
            "Somebody changed the MTU of a device. The interface and the tunnels over it follow.");

    static final EventType DEVICE_OVERRUN = new EventType(
            "SYSTEM",
            3_200_934,
            Severity.WARNING,
            "device_overrun",
            List.of("device", "received", "unusable", "sent"),
            "Frames were lost at a device since this was said last: received ones because a ring or buffer was full,"
                    + " received ones that can not be used, and sent ones that the device did not take. Said every ten"
                    + " seconds at most.");

    static final EventType INTERNAL_ERROR = new EventType(
            "SYSTEM",
            3_200_910,
            Severity.ERROR,
            "internal_error",
            List.of("defect"),
            "A defect of the program in its management plane. It goes on; please report it.");

    static final EventType IKE_INTERNAL_ERROR = new EventType(
            "IPSEC",
            1_800_990,
            Severity.ERROR,
            "ike_internal_error",
            List.of("defect"),
            "A defect of the program in a negotiation. The others go on; please report it.");

    static final EventType MONITOR_INTERNAL_ERROR = new EventType(
            "HOSTMON",
            4_290_990,
            Severity.ERROR,
            "monitor_internal_error",
            List.of("defect"),
            "A defect of the program in its monitors. They go on; please report it.");

    static final EventType DHCP_INTERNAL_ERROR = new EventType(
            "DHCP",
            7_100_990,
            Severity.ERROR,
            "dhcp_internal_error",
            List.of("defect"),
            "A defect of the program in its DHCP clients. They go on; please report it.");

    static final EventType LEASE_NOT_APPLIED = new EventType(
            "DHCP",
            7_100_904,
            Severity.ERROR,
            "lease_not_applied",
            List.of("reason"),
            "The configuration can not run with the addresses that a DHCP server leases: what ran before goes on.");

    static final EventType HAS_ARP = route(
            4_100_006,
            Severity.NOTICE,
            "has_arp",
            "The gateway of a route answers again: the route is used as before.");

    static final EventType NO_ARP = route(
            4_100_901,
            Severity.ERROR,
            "no_arp",
            "The gateway of a route does not answer: the route leads nowhere until it does, and packets take the next"
                    + " best one.");

    static final EventType HAS_LINK = route(
            4_100_902, Severity.NOTICE, "has_link", "The interface of a route has a link again: the route is used.");

    static final EventType NO_LINK = route(
            4_100_903,
            Severity.ERROR,
            "no_link",
            "The interface of a route has no link: the route leads nowhere until it has, and packets take the next best"
                    + " one.");

    static final EventType HOSTS_REACHABLE = route(
            4_100_904,
            Severity.NOTICE,
            "hostmon_successful",
            "Enough of the hosts by which a route is monitored are reachable again: it is used as before.");

    static final EventType HOSTS_UNREACHABLE = route(
            4_100_905,
            Severity.ERROR,
            "hostmon_failed",
            "Too few of the hosts by which a route is monitored are reachable: it leads nowhere until they are, and"
                    + " packets take the next best route.");

    /** All of them, for the catalogue. */
    static final List<EventType> ALL = List.of(
            SOCKETS_FAILED,
            SCHEDULED,
            CAPTURE_ENDED,
            WORKER_NOT_HASTENED,
            WORKER_NOT_BOUND,
            DEVICE_CHANGED,
            DEVICE_BACK,
            DEVICE_REFUSED,
            DEVICE_MTU,
            DEVICE_OVERRUN,
            INTERNAL_ERROR,
            IKE_INTERNAL_ERROR,
            MONITOR_INTERNAL_ERROR,
            DHCP_INTERNAL_ERROR,
            LEASE_NOT_APPLIED,
            HAS_ARP,
            NO_ARP,
            HAS_LINK,
            NO_LINK,
            HOSTS_REACHABLE,
            HOSTS_UNREACHABLE);

    private FirewallEvents() {}

    private static EventType route(int id, Severity severity, String name, String help) {
        return new EventType("RFO", id, severity, name, List.of("iface", "table", "net", "gateway"), help);
    }
}
