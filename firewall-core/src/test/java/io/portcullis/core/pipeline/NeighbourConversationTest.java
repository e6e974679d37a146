package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.HOST6;
import static io.portcullis.core.pipeline.TestFirewall.HOST_MAC;
import static io.portcullis.core.pipeline.TestFirewall.LAN;
import static io.portcullis.core.pipeline.TestFirewall.LAN6;
import static io.portcullis.core.pipeline.TestFirewall.LAN_MAC;
import static io.portcullis.core.pipeline.TestFirewall.NEAR6;
import static io.portcullis.core.pipeline.TestFirewall.ROUTER;
import static io.portcullis.core.pipeline.TestFirewall.ROUTER_MAC;
import static io.portcullis.core.pipeline.TestFirewall.WAN;
import static io.portcullis.core.pipeline.TestFirewall.WAN_MAC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.neighbour.LinkEntries;
import io.portcullis.core.neighbour.Neighbour;
import io.portcullis.core.net.AddressSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.IpNetwork;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Arp;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** ARP (RFC 826, RFC 5227) and neighbour discovery (RFC 4861) as conversations with the whole firewall. */
class NeighbourConversationTest {
    private static final MacAddress ZERO = new MacAddress(0);
    private static final MacAddress OTHER_MAC = new MacAddress(0x0200_0000_0077L);

    private final TestFirewall firewall = new TestFirewall();

    @Test
    void aMonitorAsksForANeighbourThatIsKnown() {
        firewall.meetNeighbours();
        List<Long> heard = new ArrayList<>();
        firewall.worker.execute(
                (on, now) -> firewall.wan.neighbours().probe(IpAddress.literal(ROUTER), heard::add, on, now));
        firewall.step();
        MemorySegment question = MemorySegment.ofArray(onlyFrame(firewall.wanPort));
        assertEquals(Ethernet.BROADCAST, Ethernet.destination(question, 0));
        assertEquals(IpAddress.literal(ROUTER).v4Bits(), Arp.targetIp(question, 14));
        firewall.clock.advance(Duration.ofMillis(3));
        firewall.fromWan(EtherType.ARP, reply(ROUTER_MAC, ROUTER, WAN_MAC, WAN), WAN_MAC, ROUTER_MAC);
        firewall.fromWan(EtherType.ARP, reply(ROUTER_MAC, ROUTER, WAN_MAC, WAN), WAN_MAC, ROUTER_MAC);
        assertEquals(List.of(3_000_000L), heard, "one answer to one question");
    }

    @Test
    void aGatewayThatIsOnNoNetworkOfOursMayAnswerAMonitor() {
        List<Long> heard = new ArrayList<>();
        byte[] answer = reply(ROUTER_MAC, "10.77.0.1", WAN_MAC, WAN);
        firewall.worker.execute(
                (on, now) -> firewall.wan.neighbours().probe(IpAddress.literal("10.77.0.1"), heard::add, on, now));
        firewall.step();
        firewall.fromWan(EtherType.ARP, answer, WAN_MAC, ROUTER_MAC);
        assertEquals(1, heard.size());
        assertEquals(List.of(), firewall.eventNames());
        firewall.fromWan(EtherType.ARP, answer, WAN_MAC, ROUTER_MAC);
        assertEquals(List.of("invalid_arp_sender_ip_address"), firewall.eventNames(), "nobody asked again");
    }

    private void entries(LinkEntries entries) {
        firewall.worker.execute((on, now) -> firewall.lan.entries(entries, on, now));
        firewall.step();
    }

    private static LinkEntries published(String network, MacAddress station, boolean inFrames) {
        LinkEntries.Publication publication = new LinkEntries.Publication(
                AddressSet.of(IpNetwork.literal(network)), Optional.ofNullable(station), inFrames);
        return new LinkEntries(Map.of(), List.of(publication), AddressSet.EMPTY);
    }

    @Test
    void aFixedNeighbourIsNeverAskedAndNobodyTakesItsPlace() {
        entries(new LinkEntries(Map.of(IpAddress.literal(HOST), OTHER_MAC), List.of(), AddressSet.EMPTY));
        firewall.meetNeighbours();
        firewall.fromWan(Datagrams.udp(FAR, 1, HOST, 2, 10));
        assertEquals(OTHER_MAC.bits(), Ethernet.destination(MemorySegment.ofArray(onlyFrame(firewall.lanPort)), 0));
        assertEquals(List.of("conn_open"), firewall.eventNames(), "no change of its station");
        firewall.worker.execute((on, _) -> firewall.lan.neighbours().flush(on));
        firewall.pass(Duration.ofHours(1));
        assertEquals(
                Neighbour.State.STATIC,
                firewall.lan.neighbours().list(0).getFirst().state());
        entries(LinkEntries.NONE);
        assertTrue(firewall.lan.neighbours().list(0).isEmpty(), "learned again from here on");
    }

    @Test
    void publishedAddressesAreAnsweredForUnlessTheyAskForThemselves() {
        entries(published("192.168.1.64/28", null, false));
        firewall.arpRequest(HOST, "192.168.1.70", HOST_MAC);
        MemorySegment reply = MemorySegment.ofArray(onlyFrame(firewall.lanPort));
        assertEquals(Arp.REPLY, Arp.operation(reply, 14));
        assertEquals(LAN_MAC.bits(), Arp.senderMac(reply, 14));
        assertEquals(IpAddress.literal("192.168.1.70").v4Bits(), Arp.senderIp(reply, 14));
        firewall.arpRequest(HOST, "192.168.1.80", HOST_MAC);
        firewall.arpRequest("192.168.1.70", "192.168.1.70", OTHER_MAC);
        assertEquals(0, firewall.lanPort.taken().size());
        firewall.arpRequest("0.0.0.0", "192.168.1.70", OTHER_MAC);
        assertEquals(Arp.REPLY, Arp.operation(MemorySegment.ofArray(onlyFrame(firewall.lanPort)), 14), "it is taken");
        entries(LinkEntries.NONE);
        firewall.arpRequest(HOST, "192.168.1.70", HOST_MAC);
        assertEquals(0, firewall.lanPort.taken().size());
    }

    @Test
    void anotherStationIsPublishedInTheAnswerAndWithXPublishInItsHeaderToo() {
        entries(published("192.168.1.70/32", OTHER_MAC, false));
        firewall.arpRequest(HOST, "192.168.1.70", HOST_MAC);
        MemorySegment reply = MemorySegment.ofArray(onlyFrame(firewall.lanPort));
        assertEquals(OTHER_MAC.bits(), Arp.senderMac(reply, 14));
        assertEquals(LAN_MAC.bits(), Ethernet.source(reply, 0));
        entries(published("192.168.1.70/32", OTHER_MAC, true));
        firewall.arpRequest(HOST, "192.168.1.70", HOST_MAC);
        MemorySegment forged = MemorySegment.ofArray(onlyFrame(firewall.lanPort));
        assertEquals(OTHER_MAC.bits(), Arp.senderMac(forged, 14));
        assertEquals(OTHER_MAC.bits(), Ethernet.source(forged, 0));
        firewall.arpRequest(HOST, LAN, HOST_MAC);
        assertEquals(
                LAN_MAC.bits(),
                Ethernet.source(MemorySegment.ofArray(onlyFrame(firewall.lanPort)), 0),
                "own addresses are the interface's own");
    }

    @Test
    void aPublishedIpv6AddressGivesWayToItsHost() {
        entries(published("2001:db8:1::40/124", OTHER_MAC, true));
        firewall.fromLan(NeighbourMessages.solicitation(HOST6, HOST_MAC, "2001:db8:1::41"), HOST_MAC);
        byte[] frame = onlyFrame(firewall.lanPort);
        Packet advertisement = Datagrams.parsed(frame);
        MemorySegment b = advertisement.buffer();
        int at = advertisement.transportAt();
        assertEquals(Icmpv6.NEIGHBOUR_ADVERTISEMENT, Icmpv6.type(b, at));
        assertEquals(Icmpv6.ROUTER | Icmpv6.SOLICITED, Icmpv6.neighbourFlags(b, at), "no override");
        assertEquals(IpAddress.literal("2001:db8:1::41").low(), Icmpv6.targetLow(b, at));
        assertEquals(firewall.lan.addresses().linkLocal().low(), advertisement.sourceLow(), "it speaks as itself");
        assertEquals(
                OTHER_MAC.bits(), Icmpv6.linkAddress(b, at, advertisement.payloadEnd(), Icmpv6.OPTION_TARGET_LINK));
        assertEquals(OTHER_MAC.bits(), Ethernet.source(MemorySegment.ofArray(frame), 0));
    }

    @Test
    void hostsThatARouteLeadsToOnTheLinkMayAsk() {
        firewall.arpRequest("10.77.0.5", LAN, HOST_MAC);
        assertEquals(List.of("invalid_arp_sender_ip_address"), firewall.eventNames());
        firewall.clear();
        entries(new LinkEntries(Map.of(), List.of(), AddressSet.of(IpNetwork.literal("10.77.0.0/24"))));
        firewall.arpRequest("10.77.0.5", LAN, HOST_MAC);
        assertEquals(Arp.REPLY, Arp.operation(MemorySegment.ofArray(onlyFrame(firewall.lanPort)), 14));
        assertEquals(List.of(), firewall.eventNames());
    }

    @Test
    void aPacketWaitsForTheAnswer() {
        firewall.arpRequest(HOST, LAN, HOST_MAC);
        firewall.clear();
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 11));
        byte[] question = onlyFrame(firewall.wanPort);
        MemorySegment b = MemorySegment.ofArray(question);
        assertEquals(Ethernet.BROADCAST, Ethernet.destination(b, 0));
        assertEquals(Arp.REQUEST, Arp.operation(b, 14));
        assertEquals(IpAddress.literal(WAN).v4Bits(), Arp.senderIp(b, 14));
        assertEquals(IpAddress.literal(ROUTER).v4Bits(), Arp.targetIp(b, 14), "the next hop, not the destination");
        firewall.assertNoLeak(2);
        firewall.fromWan(EtherType.ARP, reply(ROUTER_MAC, ROUTER, WAN_MAC, WAN), WAN_MAC, ROUTER_MAC);
        List<MemoryPort.Frame> sent = firewall.wanPort.taken();
        assertEquals(2, sent.size());
        assertEquals(
                ROUTER_MAC.bits(),
                Ethernet.destination(MemorySegment.ofArray(sent.get(0).octets()), 0));
        assertEquals(14 + 28 + 10, sent.get(0).octets().length, "in order");
        firewall.assertNoLeak(0);
    }

    @Test
    void silenceEndsAfterThreeQuestionsAndIsTold() {
        firewall.arpRequest(HOST, LAN, HOST_MAC);
        firewall.clear();
        firewall.fromLan(Datagrams.udp(HOST, 1, "203.0.113.77", 2, 10));
        firewall.pass(Duration.ofSeconds(5));
        assertEquals(3, firewall.wanPort.taken().size());
        firewall.assertDropped(DropReason.NEIGHBOUR_UNKNOWN);
        PipelineTest.assertIcmp(firewall.onLan(), Icmp.UNREACHABLE, Icmp.HOST_UNREACHABLE);
        assertEquals(List.of(), firewall.wan.neighbours().list(0));
    }

    @Test
    void onlySoManyPacketsWait() {
        firewall.arpRequest(HOST, LAN, HOST_MAC);
        for (int i = 0; i < 50; i++) {
            firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        }
        assertEquals(2, firewall.pipeline.drops(DropReason.NEIGHBOUR_QUEUE_FULL));
        firewall.assertNoLeak(48);
    }

    @Test
    void onlyOwnAddressesAreAnsweredFor() {
        firewall.arpRequest(HOST, LAN, HOST_MAC);
        MemorySegment b = MemorySegment.ofArray(onlyFrame(firewall.lanPort));
        assertEquals(HOST_MAC.bits(), Ethernet.destination(b, 0));
        assertEquals(Arp.REPLY, Arp.operation(b, 14));
        assertEquals(LAN_MAC.bits(), Arp.senderMac(b, 14));
        assertEquals(IpAddress.literal(LAN).v4Bits(), Arp.senderIp(b, 14));
        firewall.arpRequest(HOST, "192.168.1.99", HOST_MAC);
        firewall.arpRequest(HOST, WAN, HOST_MAC);
        assertEquals(0, firewall.lanPort.taken().size(), "neither others nor other interfaces' addresses");
    }

    @Test
    void aProbeIsAnsweredAndTeachesNothing() {
        firewall.arpRequest("0.0.0.0", LAN, OTHER_MAC);
        assertEquals(1, firewall.lanPort.taken().size());
        assertEquals(List.of(), firewall.lan.neighbours().list(0));
    }

    @Test
    void aSenderFromElsewhereIsRefusedAndLogged() {
        firewall.arpRequest("10.1.1.1", LAN, HOST_MAC);
        firewall.assertNothingSent();
        firewall.assertDropped(DropReason.BAD_NEIGHBOUR_MESSAGE);
        String line = firewall.events.getFirst().toString();
        assertTrue(
                line.startsWith("ARP: prio=5 id=00300049 rev=1 event=invalid_arp_sender_ip_address action=drop "
                        + "rule=Default_Access_Rule recvif=lan"),
                line);
    }

    @Test
    void messagesThatContradictThemselvesDie() {
        firewall.arpRequest(HOST, LAN, new MacAddress(0x0100_5e00_0001L));
        byte[] otherSender = TestFirewall.arp(Arp.REQUEST, OTHER_MAC, HOST, ZERO, LAN);
        lanArp(otherSender, MacAddress.BROADCAST, HOST_MAC);
        byte[] strangeOperation = TestFirewall.arp(9, HOST_MAC, HOST, ZERO, LAN);
        lanArp(strangeOperation, MacAddress.BROADCAST, HOST_MAC);
        assertEquals(3, firewall.pipeline.drops(DropReason.BAD_NEIGHBOUR_MESSAGE));
        lanArp(new byte[12], MacAddress.BROADCAST, HOST_MAC);
        firewall.assertDropped(DropReason.SHORT_HEADER);
        assertEquals(List.of(), firewall.lan.neighbours().list(0));
    }

    @Test
    void whoClaimsOurAddressIsContradicted() {
        lanArp(TestFirewall.arp(Arp.REQUEST, OTHER_MAC, LAN, ZERO, LAN), MacAddress.BROADCAST, OTHER_MAC);
        MemorySegment b = MemorySegment.ofArray(onlyFrame(firewall.lanPort));
        assertEquals(Ethernet.BROADCAST, Ethernet.destination(b, 0));
        assertEquals(IpAddress.literal(LAN).v4Bits(), Arp.senderIp(b, 14));
        assertEquals(LAN_MAC.bits(), Arp.senderMac(b, 14));
        assertEquals(List.of("address_conflict"), firewall.eventNames());
    }

    @Test
    void anUnaskedAnswerTeachesNothing() {
        lanArp(reply(HOST_MAC, HOST, LAN_MAC, LAN), LAN_MAC, HOST_MAC);
        assertEquals(List.of(), firewall.lan.neighbours().list(0));
    }

    @Test
    void anOldNeighbourIsAskedAgainWhileTrafficGoesOn() {
        firewall.meetNeighbours();
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        List<MemoryPort.Frame> sent = firewall.wanPort.taken();
        assertEquals(2, sent.size(), "the question and the packet");
        MemorySegment question = MemorySegment.ofArray(sent.get(0).octets());
        assertEquals(ROUTER_MAC.bits(), Ethernet.destination(question, 0), "asked alone");
        firewall.fromWan(EtherType.ARP, reply(ROUTER_MAC, ROUTER, WAN_MAC, WAN), WAN_MAC, ROUTER_MAC);
        assertEquals(Neighbour.State.REACHABLE, stateOf(ROUTER));
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        assertEquals(1, firewall.wanPort.taken().size(), "nothing to ask");
        firewall.pass(Duration.ofSeconds(31));
        assertEquals(Neighbour.State.STALE, stateOf(ROUTER));
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        assertEquals(2, firewall.wanPort.taken().size());
        assertEquals(Neighbour.State.PROBE, stateOf(ROUTER));
    }

    @Test
    void aNeighbourThatAnswersNoMoreIsForgotten() {
        firewall.meetNeighbours();
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        firewall.pass(Duration.ofSeconds(5));
        assertTrue(firewall.wan.neighbours().list(0).stream()
                .noneMatch(n -> n.address().equals(IpAddress.literal(ROUTER))));
    }

    @Test
    void aChangedStationIsFollowedAndLogged() {
        firewall.meetNeighbours();
        firewall.arpRequest(HOST, LAN, OTHER_MAC);
        assertEquals(List.of("hwaddr_change"), firewall.eventNames());
        firewall.clear();
        firewall.fromWan(Datagrams.udp(FAR, 1, HOST, 2, 10));
        byte[] sent = TestFirewall.datagrams(firewall.lanPort).getFirst().octets();
        assertEquals(OTHER_MAC.bits(), Ethernet.destination(MemorySegment.ofArray(sent), 0));
    }

    @Test
    void theTableIsBounded() {
        firewall.meetNeighbours();
        for (int i = 0; i < 1000; i++) {
            firewall.fromWan(Datagrams.udp(FAR, 1, "192.168.1." + (3 + i % 250), 2, 10));
        }
        assertTrue(firewall.lan.neighbours().list(0).size() <= 253);
        firewall.assertNoLeak(256);
        firewall.pass(Duration.ofSeconds(12));
        assertEquals(2, firewall.lan.neighbours().list(0).size(), "the host's two addresses");
        firewall.assertNoLeak(0);
    }

    @Test
    void flushForgetsAndDropsWhatWaits() {
        firewall.arpRequest(HOST, LAN, HOST_MAC);
        firewall.fromLan(Datagrams.udp(HOST, 1, FAR, 2, 10));
        firewall.worker.execute((worker, now) -> firewall.wan.neighbours().flush(worker));
        firewall.step();
        firewall.assertDropped(DropReason.NEIGHBOUR_UNKNOWN);
    }

    @Test
    void ownAddressesAreAnnounced() {
        firewall.worker.execute((worker, now) -> firewall.lan.neighbours().announce(worker));
        firewall.step();
        List<MemoryPort.Frame> sent = firewall.lanPort.taken();
        MemorySegment arp = MemorySegment.ofArray(sent.get(0).octets());
        assertEquals(Arp.senderIp(arp, 14), Arp.targetIp(arp, 14));
        Packet advertisement = Datagrams.parsed(sent.get(1).octets());
        assertEquals(Icmpv6.NEIGHBOUR_ADVERTISEMENT << 8, advertisement.destinationPort());
        assertEquals(DropReason.NONE, Headers.verifyTransport(advertisement));
    }

    @Test
    void aSolicitationIsAnsweredAndLearned() {
        firewall.fromLan(NeighbourMessages.solicitation(HOST6, HOST_MAC, LAN6));
        byte[] frame = onlyFrame(firewall.lanPort);
        assertEquals(HOST_MAC.bits(), Ethernet.destination(MemorySegment.ofArray(frame), 0));
        Packet answer = Datagrams.parsed(frame);
        assertEquals(Icmpv6.NEIGHBOUR_ADVERTISEMENT << 8, answer.destinationPort());
        assertEquals(255, Ipv6.hopLimit(answer.buffer(), answer.networkAt()));
        int flags = Icmpv6.neighbourFlags(answer.buffer(), answer.transportAt());
        assertEquals(Icmpv6.SOLICITED | Icmpv6.OVERRIDE | Icmpv6.ROUTER, flags);
        assertEquals(
                LAN_MAC.bits(),
                Icmpv6.linkAddress(
                        answer.buffer(), answer.transportAt(), answer.payloadEnd(), Icmpv6.OPTION_TARGET_LINK));
        assertEquals(DropReason.NONE, Headers.verifyTransport(answer));
        assertEquals(1, firewall.lan.neighbours().list(0).size());
    }

    @Test
    void aLinkLocalNeighbourIsAnsweredToo() {
        firewall.fromLan(NeighbourMessages.solicitation("fe80::2", HOST_MAC, LAN6));
        assertEquals(1, firewall.lanPort.taken().size());
    }

    @Test
    void duplicateAddressDetectionIsAnsweredToAll() {
        firewall.fromLan(NeighbourMessages.message(
                "::", NeighbourMessages.solicitedNode(LAN6), Icmpv6.NEIGHBOUR_SOLICITATION, 0, LAN6, ZERO));
        Packet answer = Datagrams.parsed(onlyFrame(firewall.lanPort));
        assertEquals(IpAddress.literal("ff02::1"), new IpAddress(answer.destinationHigh(), answer.destinationLow()));
        assertEquals(0, Icmpv6.neighbourFlags(answer.buffer(), answer.transportAt()) & Icmpv6.SOLICITED);
    }

    @Test
    void anIpv6PacketWaitsForTheAdvertisement() {
        firewall.fromLan(NeighbourMessages.solicitation(HOST6, HOST_MAC, LAN6));
        firewall.clear();
        firewall.fromLan(Datagrams.udp(HOST6, 1, NEAR6, 2, 10));
        byte[] frame = onlyFrame(firewall.wanPort);
        assertEquals(
                Ethernet.multicastV6(IpAddress.literal(NeighbourMessages.solicitedNode(NEAR6))
                        .low()),
                Ethernet.destination(MemorySegment.ofArray(frame), 0));
        assertEquals(Icmpv6.NEIGHBOUR_SOLICITATION << 8, Datagrams.parsed(frame).destinationPort());
        firewall.fromWan(NeighbourMessages.advertisement(
                NEAR6, "2001:db8:2::1", ROUTER_MAC, Icmpv6.SOLICITED | Icmpv6.OVERRIDE));
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
        assertEquals(Neighbour.State.REACHABLE, stateOf(NEAR6));
    }

    @Test
    void forgedDiscoveryDies() {
        byte[] routed = Datagrams.ttl(NeighbourMessages.solicitation(HOST6, HOST_MAC, LAN6), 254);
        firewall.fromLan(routed);
        firewall.fromLan(NeighbourMessages.solicitation("2001:db8:9::2", HOST_MAC, LAN6));
        firewall.fromLan(NeighbourMessages.solicitation(HOST6, new MacAddress(0x0100_0000_0001L), LAN6));
        firewall.fromLan(NeighbourMessages.advertisement(HOST6, "ff02::1", HOST_MAC, Icmpv6.SOLICITED));
        assertEquals(4, firewall.pipeline.drops(DropReason.BAD_NEIGHBOUR_MESSAGE));
        byte[] wrongSum = NeighbourMessages.solicitation(HOST6, HOST_MAC, LAN6);
        Octets.u8(MemorySegment.ofArray(wrongSum), 60, 0x55);
        firewall.fromLan(wrongSum);
        firewall.assertDropped(DropReason.BAD_CHECKSUM);
        firewall.assertNothingSent();
        assertEquals(List.of(), firewall.lan.neighbours().list(0));
    }

    @Test
    void discoveryOutOfATunnelDies() {
        byte[] inner = NeighbourMessages.solicitation(HOST6, HOST_MAC, LAN6);
        firewall.worker.execute((worker, now) -> {
            Packet packet = worker.pool().take();
            int at = packet.append(inner.length);
            MemorySegment.copy(inner, 0, packet.buffer(), ValueLayout.JAVA_BYTE, at, inner.length);
            worker.decapsulated(packet, firewall.tunnel, now);
        });
        firewall.step();
        firewall.assertDropped(DropReason.BAD_NEIGHBOUR_MESSAGE);
    }

    @Test
    void routersAreNotBelieved() {
        byte[] advertisement = Datagrams.ip("fe80::2", "ff02::1", 58, 16, p -> {
            Ipv6.hopLimit(p.buffer(), p.networkAt(), 255);
            Icmpv6.write(p.buffer(), p.transportAt(), Icmpv6.ROUTER_ADVERTISEMENT, 0, 0x40_000708);
            Icmpv6.computeChecksum(p.buffer(), p.transportAt(), p.payloadEnd(), Headers.pseudoHeader(p, 16));
        });
        firewall.fromLan(advertisement);
        firewall.assertNothingSent();
        assertEquals(List.of(), firewall.lan.neighbours().list(0));
        firewall.assertNoLeak(0);
    }

    private void lanArp(byte[] message, MacAddress to, MacAddress from) {
        firewall.fromLan(MemoryPort.Frame.of(Datagrams.framed(message, to, from, EtherType.ARP)));
    }

    private Neighbour.State stateOf(String address) {
        return firewall.wan.neighbours().list(0).stream()
                .filter(n -> n.address().equals(IpAddress.literal(address)))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static byte[] onlyFrame(MemoryPort port) {
        List<MemoryPort.Frame> sent = port.taken();
        assertEquals(1, sent.size(), "frames");
        return sent.getFirst().octets();
    }

    private static byte[] reply(MacAddress mac, String from, MacAddress targetMac, String target) {
        return TestFirewall.arp(Arp.REPLY, mac, from, targetMac, target);
    }
}
