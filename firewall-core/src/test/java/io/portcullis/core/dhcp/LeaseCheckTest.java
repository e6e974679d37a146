package io.portcullis.core.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.portcullis.core.event.EventType;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseCheckTest {
    private static final DhcpSettings SETTINGS = new DhcpSettings(60, true, false, false);
    private static final int ACK = 5;

    static DhcpDefinition definition(boolean takesRoutes, DhcpSettings settings) {
        return new DhcpDefinition(
                "wan",
                "eth0",
                "",
                Optional.empty(),
                0,
                AddressSet.ALL_V4,
                AddressSet.ALL_V4,
                takesRoutes,
                AddressSet.of(IpNetwork.literal("172.16.0.0/16")),
                settings);
    }

    private static LeaseCheck.Verdict check(Reply reply) {
        return new LeaseCheck(definition(true, SETTINGS)).check(reply.read(), 1);
    }

    private static Lease granted(Reply reply) {
        return assertInstanceOf(LeaseCheck.Granted.class, check(reply)).lease();
    }

    private static void refused(EventType why, Reply reply) {
        assertEquals(
                why, assertInstanceOf(LeaseCheck.Refused.class, check(reply)).event());
    }

    private static Reply lease(String address, String mask) {
        return Reply.bare(ACK, 1, address)
                .addresses(54, Reply.SERVER)
                .addresses(1, mask)
                .seconds(51, 120);
    }

    @Test
    void whatAGoodServerSaysIsTaken() {
        Lease lease = granted(Reply.lease(ACK, 1, "192.0.2.50")
                .addresses(3, "192.0.2.1")
                .addresses(6, "192.0.2.53", "0.0.0.0", "224.0.0.1", "192.0.2.53"));
        assertEquals(IpNetwork.literal("192.0.2.0/24"), lease.network());
        assertEquals(Optional.of(IpAddress.literal("192.0.2.1")), lease.router());
        assertEquals(List.of(IpAddress.literal("192.0.2.53")), lease.nameServers(), "hosts only, and once");
        assertEquals(60, lease.renewalSeconds());
        assertEquals(105, lease.rebindingSeconds());
        assertEquals(IpAddress.literal("192.0.2.255"), lease.broadcast());
    }

    @Test
    void addressesThatAreNoHostsAreRefused() {
        for (String address : List.of(
                "0.0.0.0",
                "0.1.2.3",
                "127.0.0.1",
                "224.0.0.5",
                "240.0.0.1",
                "255.255.255.255",
                "192.0.2.0",
                "192.0.2.255")) {
            refused(DhcpEvents.INVALID_OFFERED_IP, lease(address, "255.255.255.0"));
        }
    }

    @Test
    void masksThatAreNoneAndNetworksTooWideAreRefused() {
        for (String mask : List.of("255.0.255.0", "0.0.0.0", "254.0.0.0", "0.255.255.255")) {
            refused(DhcpEvents.INVALID_NETMASK, lease("192.0.2.50", mask));
        }
        refused(
                DhcpEvents.INVALID_NETMASK,
                Reply.bare(ACK, 1, "192.0.2.50").addresses(54, Reply.SERVER).seconds(51, 120));
        assertEquals(
                32, granted(lease("192.0.2.50", "255.255.255.255")).network().prefixLength());
        assertEquals(
                31, granted(lease("192.0.2.51", "255.255.255.254")).network().prefixLength());
    }

    @Test
    void networksOfOtherInterfacesAreRefused() {
        refused(DhcpEvents.IP_COLLISION, lease("172.16.5.5", "255.255.255.0"));
        refused(DhcpEvents.IP_COLLISION, lease("172.31.0.1", "255.240.0.0"));
    }

    @Test
    void routersThatAreNoNeighboursAreRefused() {
        for (String router :
                List.of("198.51.100.1", "192.0.2.50", "192.0.2.0", "192.0.2.255", "127.0.0.1", "0.0.0.0")) {
            refused(
                    DhcpEvents.INVALID_GATEWAY,
                    Reply.lease(ACK, 1, "192.0.2.50").addresses(3, router));
        }
    }

    @Test
    void serversThatDoNotSayWhoTheyAreAreRefused() {
        refused(
                DhcpEvents.INVALID_SERVER_ID,
                Reply.bare(ACK, 1, "192.0.2.50").addresses(1, "255.255.255.0").seconds(51, 120));
        for (String server : List.of("0.0.0.0", "255.255.255.255", "224.0.0.1", "127.0.0.1")) {
            refused(
                    DhcpEvents.INVALID_SERVER_ID,
                    Reply.bare(ACK, 1, "192.0.2.50").addresses(54, server).seconds(51, 120));
        }
    }

    @Test
    void leasesTooShortAreRefusedAndThoseTooLongAreShorter() {
        for (long seconds : new long[] {0, 1, 59}) {
            refused(
                    DhcpEvents.INVALID_LEASE_TIME,
                    Reply.bare(ACK, 1, "192.0.2.50")
                            .addresses(54, Reply.SERVER)
                            .addresses(1, "255.255.255.0")
                            .seconds(51, seconds));
        }
        Lease endless = granted(Reply.bare(ACK, 1, "192.0.2.50")
                .addresses(54, Reply.SERVER)
                .addresses(1, "255.255.255.0")
                .seconds(51, 0xffff_ffffL)
                .seconds(58, 0xffff_ffffL)
                .seconds(59, 0));
        assertEquals(LeaseCheck.LONGEST_SECONDS, endless.seconds());
        assertEquals(LeaseCheck.LONGEST_SECONDS / 2, endless.renewalSeconds());
    }

    @Test
    void theServersTimesCountWhereTheyMakeSense() {
        Lease lease = granted(Reply.lease(ACK, 1, "192.0.2.50").seconds(58, 30).seconds(59, 90));
        assertEquals(30, lease.renewalSeconds());
        assertEquals(90, lease.rebindingSeconds());
        Lease crossed =
                granted(Reply.lease(ACK, 1, "192.0.2.50").seconds(58, 110).seconds(59, 90));
        assertEquals(60, crossed.renewalSeconds());
    }

    @Test
    void broadcastAddressesAreThoseOfTheNetworkUnlessTheOperatorSaysOtherwise() {
        Reply odd = Reply.lease(ACK, 1, "192.0.2.50").addresses(28, "192.0.2.127");
        Reply global = Reply.lease(ACK, 1, "192.0.2.50").addresses(28, "255.255.255.255");
        refused(DhcpEvents.INVALID_BROADCAST, odd);
        refused(DhcpEvents.INVALID_BROADCAST, global);
        LeaseCheck lenient = new LeaseCheck(definition(false, new DhcpSettings(60, false, true, false)));
        assertInstanceOf(LeaseCheck.Granted.class, lenient.check(odd.read(), 1));
        assertInstanceOf(LeaseCheck.Granted.class, lenient.check(global.read(), 1));
    }

    @Test
    void classlessRoutesCountBeforeTheRouterAndLeadByNeighboursToOthers() {
        Reply reply = Reply.lease(ACK, 1, "192.0.2.50")
                .addresses(3, "192.0.2.1")
                .octets(
                        121, 0, 192, 0, 2, 254, 24, 198, 51, 100, 192, 0, 2, 3, 24, 203, 0, 113, 198, 51, 100, 1, 16,
                        172, 16, 192, 0, 2, 3, 8, 127, 192, 0, 2, 3, 1, 128, 192, 0, 2, 3, 24, 10, 1, 1, 0, 0, 0, 0);
        Lease lease = granted(reply);
        assertEquals(Optional.of(IpAddress.literal("192.0.2.254")), lease.router());
        assertEquals(
                List.of("198.51.100.0/24 192.0.2.3", "10.1.1.0/24 0.0.0.0"),
                lease.routes().stream()
                        .map(route -> route.network() + " " + route.router())
                        .toList());
        LeaseCheck none = new LeaseCheck(definition(false, SETTINGS));
        Lease plain = assertInstanceOf(LeaseCheck.Granted.class, none.check(reply.read(), 1))
                .lease();
        assertEquals(List.of(), plain.routes());
        assertEquals(Optional.of(IpAddress.literal("192.0.2.254")), plain.router());
    }
}
