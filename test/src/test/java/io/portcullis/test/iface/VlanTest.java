package io.portcullis.test.iface;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.test.Needs;
import io.portcullis.test.lab.Await;
import io.portcullis.test.lab.Command;
import io.portcullis.test.lab.Firewall;
import io.portcullis.test.lab.GuestKernel;
import io.portcullis.test.lab.IoMode;
import io.portcullis.test.lab.Lab;
import io.portcullis.test.lab.Namespace;
import io.portcullis.test.lab.Need;
import io.portcullis.test.lab.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * VLANs of the firewall and of another kernel at the other end of one wire, which routes to a host behind it:
 *
 * <pre>
 *   branch 10.0.0.10  --- guest  172.16.0.10  -- untagged ------ lan    gateway  wan --- host 198.51.100.10
 *          10.5.0.10             172.16.5.10  -- 8100 5 -------- five            .1      2001:db8:99::10
 *          10.7.0.10             172.16.7.10  -- 88a8 9, 8100 7  seven
 * </pre>
 */
@Needs({Need.ROOT, Need.NAMESPACES, Need.CAPTURE, Need.USER_MODE_LINUX})
class VlanTest {
    private static final String FAR = "198.51.100.10";
    private static final String SINGLE = "10.5.0.10";
    private static final String DOUBLE = "10.7.0.10";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The guest's place. */
    private static final String SETUP = """
            /run/modprobe -a 8021q ipv6
            ip addr add 172.16.0.10/24 dev vec0
            ip addr add 10.0.0.1/24 dev vec1
            ip link add link vec0 name five type vlan id 5
            ip link set five up
            ip addr add 172.16.5.10/24 dev five
            ip addr add 2001:db8:5::10/64 dev five nodad
            ip link add link vec0 name outer type vlan protocol 802.1ad id 9
            ip link set outer up
            ip link add link outer name seven type vlan id 7
            ip link set seven up mtu 1492
            ip addr add 172.16.7.10/24 dev seven
            ip link add link vec0 name six type vlan id 6
            ip link set six up
            ip addr add 172.16.6.10/24 dev six
            ip addr add 10.5.0.1/24 dev vec1
            ip addr add 10.7.0.1/24 dev vec1
            ip addr add 2001:db8:50::1/64 dev vec1 nodad
            ip route add default via 172.16.0.1
            ip rule add from 10.5.0.0/24 lookup 5
            ip route add default via 172.16.5.1 table 5
            ip route add 10.0.0.0/8 dev vec1 table 5
            ip rule add from 10.7.0.0/24 lookup 7
            ip route add default via 172.16.7.1 table 7
            ip route add 10.0.0.0/8 dev vec1 table 7
            ip -6 route add 2001:db8:99::/64 via 2001:db8:5::1
            sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0
            """;

    private static Lab lab;
    private static Namespace branch;
    private static Namespace trunk;
    private static Namespace gateway;
    private static Namespace host;
    private static GuestKernel guest;

    @BeforeAll
    static void boot() {
        lab = Lab.open();
        branch = lab.namespace("branch");
        trunk = lab.namespace("trunk");
        gateway = lab.namespace("gateway");
        host = lab.namespace("host");
        lab.wire(gateway, "lan", trunk, "near", true);
        lab.wire(branch, "eth0", trunk, "far", true);
        lab.wire(gateway, "wan", host, "eth0", true);
        guest = lab.own(GuestKernel.boot(trunk, lab.folder("guest"), "near", "far", SETUP));
        branch.ip("""
                addr add 10.0.0.10/24 dev eth0
                addr add 10.5.0.10/24 dev eth0
                addr add 10.7.0.10/24 dev eth0
                addr add 2001:db8:50::10/64 dev eth0 nodad
                route add default via 10.0.0.1
                route add 198.51.100.0/24 via 10.5.0.1 src 10.5.0.10
                route add 203.0.113.7 via 10.7.0.1 src 10.7.0.10
                route add 2001:db8:99::/64 via 2001:db8:50::1""");
        host.ip("""
                addr add 198.51.100.10/24 dev eth0
                addr add 203.0.113.7/32 dev lo
                addr add 2001:db8:99::10/64 dev eth0 nodad
                route add default via 198.51.100.1
                route add 2001:db8:50::/64 via 2001:db8:99::1""");
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    /** The firewall between them, with devices as the mode has them. */
    private static Firewall firewall(IoMode mode, String more) {
        String offload = mode.offload(true) ? "on" : "off";
        for (List<String> end : List.of(
                gateway.within("ethtool", "-K", "lan"),
                trunk.within("ethtool", "-K", "near"),
                gateway.within("ethtool", "-K", "wan"),
                host.within("ethtool", "-K", "eth0"))) {
            List<String> command = new ArrayList<>(end);
            command.addAll(List.of("tx", offload, "tso", offload, "gso", offload, "gro", offload));
            Command.attempt(command).orThrow();
        }
        // What the other end of the wire leaves beside the frame, AF_XDP never sees.
        String tags = mode == IoMode.XDP ? "off" : "on";
        trunk.run("ethtool", "-K", "near", "txvlan", tags, "tx-vlan-stag-hw-insert", tags);
        return Firewall.start(lab, gateway, """
                add Interface Ethernet lan EthernetDevice=lan IP=172.16.0.1 Network=172.16.0.0/24%1$s
                add Interface Ethernet wan EthernetDevice=wan IP=198.51.100.1 Network=198.51.100.0/24
                    IP6=2001:db8:99::1 Network6=2001:db8:99::/64%1$s
                add Interface VLAN five BaseInterface=lan VLANID=5 IP=172.16.5.1 Network=172.16.5.0/24
                    IP6=2001:db8:5::1 Network6=2001:db8:5::/64 Priority=6
                add Interface VLAN outer BaseInterface=lan VLANID=9 Type=88a8
                add Interface VLAN seven BaseInterface=outer VLANID=7 IP=172.16.7.1 Network=172.16.7.0/24
                cc RoutingTable main
                add Route Interface=wan Network=203.0.113.7
                add Route Interface=lan Network=10.0.0.0/24 Gateway=172.16.0.10
                add Route Interface=five Network=10.5.0.0/24 Gateway=172.16.5.10
                add Route Interface=five Network=2001:db8:50::/64 Gateway=2001:db8:5::10
                add Route Interface=seven Network=10.7.0.0/24 Gateway=172.16.7.10
                cc
                %2$s
                add IPPolicy SourceInterface=any SourceNetwork=all-nets DestinationInterface=any
                    DestinationNetwork=all-nets Service=all_services Action=Allow SourceTranslation=None
                add IPPolicy SourceInterface=any SourceNetwork=all-nets6 DestinationInterface=any
                    DestinationNetwork=all-nets6 Service=all_services Action=Allow SourceTranslation=None
                """.formatted(mode.property(), more));
    }

    private static long unknown(Firewall firewall) {
        return firewall.command("stats")
                .output()
                .lines()
                .filter(line -> line.contains("unknown_vlan"))
                .mapToLong(line -> Long.parseLong(line.strip().split(" ", -1)[0]))
                .sum();
    }

    private static boolean guestPings(String address) {
        return guest.attempt("ping -n -c 1 -W 1 " + address).succeeded();
    }

    @ParameterizedTest
    @EnumSource(IoMode.class)
    void taggedAndDoublyTaggedFramesComeAndGo(IoMode mode) {
        try (Firewall firewall = firewall(mode, "")) {
            assertTrue(Traffic.ping(branch, "172.16.0.1", 1), "untagged");
            assertTrue(Traffic.ping(branch, FAR, 2), "one tag");
            assertTrue(Traffic.ping(branch, "203.0.113.7", 2), "two tags");
            assertTrue(Traffic.ping(branch, "2001:db8:99::10", 2), "IPv6");
            assertFalse(guestPings("172.16.6.1"), "no such VLAN");
            assertTrue(unknown(firewall) > 0, "frames of VLAN 6 are counted");
            Traffic.tcp(branch, host, FAR, 8_000_000);
            Traffic.tcp(host, branch, SINGLE, 8_000_000);
            Traffic.tcp(branch, host, "203.0.113.7", 8_000_000);
            Traffic.tcp(host, branch, DOUBLE, 8_000_000);
            Traffic.tcp(branch, host, "2001:db8:99::10", 8_000_000);
        }
    }

    @Test
    void eachVlanHasItsOwnAccessRulesNeighboursAndCounters() {
        String access = "add Access Name=not_by_seven Interface=seven Network=10.7.0.0/24 Action=Drop";
        try (Firewall firewall = firewall(IoMode.current(), access)) {
            assertTrue(Traffic.ping(branch, FAR, 2));
            assertFalse(Traffic.ping(branch, "203.0.113.7", 1));
            String neighbours = firewall.command("arp").output();
            assertTrue(neighbours.lines().anyMatch(line -> line.matches("five\\s+172\\.16\\.5\\.10 .*")), neighbours);
            String interfaces = firewall.command("ifstat").output();
            assertTrue(
                    interfaces.lines().anyMatch(line -> line.matches("seven\\s+lan\\.9\\.7\\s+1492 .*")), interfaces);
            // A VLAN comes and another goes while the device and the others stay.
            assertTrue(firewall.command("add Interface VLAN six BaseInterface=lan VLANID=6 IP=172.16.6.1"
                            + " Network=172.16.6.0/24\ncc RoutingTable main\ndelete Route 5\ncc\n"
                            + "delete Access not_by_seven\ndelete Interface VLAN seven\nactivate\ncommit")
                    .succeeded());
            assertTrue(guestPings("172.16.6.1"));
            assertFalse(guestPings("172.16.7.1"));
            assertTrue(Traffic.ping(branch, FAR, 2));
        }
    }

    @Test
    void theTagAndThePriorityAreOnTheWire() {
        try (Firewall _ = firewall(IoMode.current(), "")) {
            Path log = lab.folder("seen").resolve("log");
            Process tcpdump = trunk.start(
                    log, "tcpdump", "-l", "-e", "-n", "-c", "1", "-Q", "in", "-i", "near", "vlan 5 and icmp");
            Await.until("tcpdump listens", PATIENCE, () -> read(log).contains("listening on"));
            assertTrue(Traffic.ping(branch, FAR, 3));
            Await.until("a reply is seen", PATIENCE, () -> !tcpdump.isAlive());
            assertTrue(read(log).contains("vlan 5, p 6"), read(log));
        }
    }

    private static String read(Path file) {
        return Command.attempt(List.of("cat", file.toString())).output();
    }

    @Test
    void mistakesAreSaidByName() {
        try (Firewall firewall = firewall(IoMode.current(), "")) {
            String twice = firewall.command("add Interface VLAN again BaseInterface=lan VLANID=5\nactivate")
                    .output();
            assertTrue(twice.contains("5 on lan is five already"), twice);
            String deep = firewall.command("add Interface VLAN deep BaseInterface=seven VLANID=3\nactivate")
                    .output();
            assertTrue(deep.contains("a frame has 2 tags at most"), deep);
        }
    }
}
