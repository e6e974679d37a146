package io.portcullis.core.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.dhcp.DhcpClients;
import io.portcullis.core.dhcp.DhcpDefinition;
import io.portcullis.core.dhcp.DhcpSettings;
import io.portcullis.core.dhcp.DhcpState;
import io.portcullis.core.dhcp.Reply;
import io.portcullis.core.iface.WorkerCommand;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Arp;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A DHCP client on wan: its messages pass no rule, and nothing else profits from that. */
class DhcpTest {
    private static final String OFFERED = "198.18.0.50";
    private static final String EVERYBODY = "255.255.255.255";
    private static final int TRANSACTION = 4;

    private final TestFirewall firewall = TestFirewall.withNeighbours();
    private final DhcpClients clients = new DhcpClients(
            (WorkerCommand command) -> firewall.worker.execute(command), new Random(3), firewall.events::add);

    @BeforeEach
    void start() {
        firewall.decisions.action = Policy.Action.DROP;
        DhcpDefinition definition = new DhcpDefinition(
                "wan",
                "eth1",
                "",
                Optional.empty(),
                0,
                AddressSet.ALL_V4,
                AddressSet.ALL_V4,
                false,
                AddressSet.EMPTY,
                new DhcpSettings(60, true, false, false));
        clients.apply(List.of(definition), _ -> Optional.of(firewall.wan), firewall.clock.nanos());
    }

    private void pass(Duration time) {
        for (long i = 0; i < time.toMillis(); i += 250) {
            firewall.pass(Duration.ofMillis(250));
            boolean _ = clients.step(firewall.clock.nanos());
            firewall.step();
        }
    }

    /** The message that left by wan, in its frame. */
    private Packet sent() {
        List<MemoryPort.Frame> frames = TestFirewall.datagrams(firewall.wanPort);
        assertEquals(1, frames.size(), "messages sent");
        byte[] frame = frames.getFirst().octets();
        assertEquals(MacAddress.BROADCAST.bits(), Ethernet.destination(MemorySegment.ofArray(frame), 0));
        return Datagrams.parsed(frame);
    }

    private static int message(Packet packet) {
        return packet.transportAt() + Udp.HEADER;
    }

    /** Waits for the first question, and says which transaction it is of. */
    private int asked() {
        pass(Duration.ofSeconds(2));
        Packet discover = sent();
        return Octets.i32(discover.buffer(), message(discover) + TRANSACTION);
    }

    private static byte[] fromServer(Reply reply, String to) {
        byte[] octets = reply.to(TestFirewall.WAN_MAC).octets();
        int length = Udp.HEADER + octets.length;
        return Datagrams.ip("198.18.0.1", to, IpProtocol.UDP, length, p -> {
            int at = p.transportAt();
            Udp.write(p.buffer(), at, 67, 68, length);
            MemorySegment.copy(octets, 0, p.buffer(), ValueLayout.JAVA_BYTE, at + Udp.HEADER, octets.length);
            Udp.computeChecksum(p.buffer(), at, Headers.pseudoHeader(p, length));
        });
    }

    private static Reply lease(int type, int transaction) {
        return Reply.bare(type, transaction, OFFERED)
                .addresses(54, "198.18.0.1")
                .addresses(1, "255.255.255.0")
                .seconds(51, 600);
    }

    private DhcpState state() {
        return clients.view(firewall.clock.nanos()).getFirst().state();
    }

    @Test
    void whoHasNoAddressAsksEverybody() {
        pass(Duration.ofSeconds(2));
        Packet discover = sent();
        assertEquals("0.0.0.0:68 255.255.255.255:67", ends(discover));
        assertEquals(DropReason.NONE, Headers.verifyTransport(discover));
        assertEquals(0, firewall.pipeline.connections().size(), "it is no connection");
        firewall.assertNoLeak(0);
    }

    private static String ends(Packet packet) {
        return IpAddress.v4((int) packet.sourceLow()).withPort(packet.sourcePort()) + " "
                + IpAddress.v4((int) packet.destinationLow()).withPort(packet.destinationPort());
    }

    @Test
    void answersReachTheClientThoughPoliciesDenyEverything() {
        for (String to : List.of(EVERYBODY, OFFERED)) {
            int transaction = asked();
            firewall.fromWan(fromServer(lease(2, transaction), to));
            boolean _ = clients.step(firewall.clock.nanos());
            firewall.step();
            assertEquals(DhcpState.REQUESTING, state(), to);
            Packet request = sent();
            assertEquals(transaction, Octets.i32(request.buffer(), message(request) + TRANSACTION));
            boolean released = clients.release("wan");
            assertTrue(released && clients.renew("wan", firewall.clock.nanos()));
        }
        assertEquals(0, firewall.decisions.lookups);
        firewall.assertNoLeak(0);
    }

    @Test
    void whatAnswersNothingGoesNoFurther() {
        int transaction = asked();
        firewall.fromWan(fromServer(lease(2, transaction + 1), EVERYBODY));
        firewall.assertDropped(DropReason.DHCP_REFUSED);
        assertEquals(DhcpState.SELECTING, state());
        byte[] damaged = fromServer(lease(2, transaction), EVERYBODY);
        damaged[damaged.length - 1] ^= 0x55;
        firewall.settings(PipelineSettings.DEFAULT);
        firewall.fromWan(damaged);
        assertEquals(1, firewall.pipeline.drops(DropReason.BAD_CHECKSUM));
        assertEquals(0, firewall.decisions.lookups);
    }

    @Test
    void moreThanTheClientHearsIsRefused() {
        int transaction = asked();
        for (int i = 0; i < 100; i++) {
            firewall.fromWan(fromServer(lease(2, transaction), EVERYBODY));
        }
        long refused = firewall.pipeline.drops(DropReason.DHCP_REFUSED);
        assertTrue(refused > 50 && refused < 100, refused + " refused");
        firewall.assertNoLeak(0);
    }

    @Test
    void whereThereIsNoClientAndForOthersTheRulesDecide() {
        int transaction = asked();
        firewall.fromLan(fromServer(lease(2, transaction), TestFirewall.LAN));
        firewall.fromWan(Datagrams.udp(TestFirewall.FAR, 67, TestFirewall.HOST, 68, 300));
        firewall.fromWan(Datagrams.udp(TestFirewall.FAR, 1067, TestFirewall.WAN, 68, 300));
        assertEquals(0, firewall.pipeline.drops(DropReason.DHCP_REFUSED));
        assertEquals(DhcpState.SELECTING, state());
        assertEquals(2, firewall.decisions.lookups, "those whose source may be there");
    }

    @Test
    void anAddressThatAnswersIsDeclined() {
        int transaction = asked();
        firewall.fromWan(fromServer(lease(2, transaction), EVERYBODY));
        boolean _ = clients.step(firewall.clock.nanos());
        firewall.step();
        firewall.fromWan(fromServer(lease(5, transaction), EVERYBODY));
        firewall.wanPort.taken();
        boolean _ = clients.step(firewall.clock.nanos());
        assertEquals(DhcpState.CHECKING, state());
        pass(Duration.ofSeconds(2));
        MemorySegment probe = MemorySegment.ofArray(firewall.wanPort.taken().stream()
                .map(MemoryPort.Frame::octets)
                .filter(frame -> Ethernet.type(MemorySegment.ofArray(frame), 0) == EtherType.ARP)
                .findFirst()
                .orElseThrow());
        assertEquals(0, Arp.senderIp(probe, Ethernet.HEADER), "RFC 5227 section 2.1.1");
        assertEquals(IpAddress.literal(OFFERED).v4Bits(), Arp.targetIp(probe, Ethernet.HEADER));
        firewall.fromWan(
                EtherType.ARP,
                TestFirewall.arp(Arp.REPLY, TestFirewall.ROUTER_MAC, OFFERED, TestFirewall.WAN_MAC, "0.0.0.0"),
                TestFirewall.WAN_MAC,
                TestFirewall.ROUTER_MAC);
        boolean _ = clients.step(firewall.clock.nanos());
        firewall.step();
        assertTrue(firewall.eventNames().contains("offered_ip_occupied"), firewall.eventNames()::toString);
        assertTrue(clients.learned().isEmpty());
    }

    @Test
    void whoProbesForTheSameAddressCountsAsWell() {
        int transaction = asked();
        firewall.fromWan(fromServer(lease(2, transaction), EVERYBODY));
        boolean _ = clients.step(firewall.clock.nanos());
        firewall.step();
        firewall.fromWan(fromServer(lease(5, transaction), EVERYBODY));
        boolean _ = clients.step(firewall.clock.nanos());
        pass(Duration.ofSeconds(2));
        firewall.fromWan(
                EtherType.ARP,
                TestFirewall.arp(Arp.REQUEST, TestFirewall.ROUTER_MAC, "0.0.0.0", new MacAddress(0), OFFERED),
                MacAddress.BROADCAST,
                TestFirewall.ROUTER_MAC);
        boolean _ = clients.step(firewall.clock.nanos());
        assertTrue(firewall.eventNames().contains("offered_ip_occupied"), firewall.eventNames()::toString);
    }
}
