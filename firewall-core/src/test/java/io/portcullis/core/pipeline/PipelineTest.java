package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.BEHIND;
import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.HOST6;
import static io.portcullis.core.pipeline.TestFirewall.LAN;
import static io.portcullis.core.pipeline.TestFirewall.LAN_MAC;
import static io.portcullis.core.pipeline.TestFirewall.NEAR6;
import static io.portcullis.core.pipeline.TestFirewall.PEER;
import static io.portcullis.core.pipeline.TestFirewall.WAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One packet for each line of the page, in the page's order. */
class PipelineTest {
    private final TestFirewall firewall = TestFirewall.withNeighbours();

    @Test
    void forwardsWhatIsAllowed() {
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        Packet out = firewall.onWan();
        assertEquals(IpAddress.literal(FAR), destination(out));
        assertEquals(63, Ipv4.ttl(out.buffer(), out.networkAt()));
        assertEquals(DropReason.NONE, Headers.verifyTransport(out));
        firewall.fromWan(Datagrams.udp(FAR, 53, HOST, 5000, 100));
        assertEquals(IpAddress.literal(HOST), destination(firewall.onLan()));
        assertEquals(1, firewall.decisions.lookups, "a reply asks no policy");
        firewall.assertNoLeak(0);
    }

    @Test
    void forwardsIpv6() {
        firewall.fromLan(Datagrams.udp(HOST6, 5000, NEAR6, 53, 100));
        Packet out = firewall.onWan();
        assertEquals(63, Ipv6.hopLimit(out.buffer(), out.networkAt()));
        firewall.fromWan(Datagrams.udp(NEAR6, 53, HOST6, 5000, 100));
        assertEquals(IpAddress.literal(HOST6), destination(firewall.onLan()));
    }

    @Test
    void framesForOthersAreNotOurs() {
        byte[] datagram = Datagrams.udp(HOST, 5000, FAR, 53, 100);
        firewall.fromLan(MemoryPort.Frame.of(
                Datagrams.framed(datagram, new MacAddress(0x0200_0000_0099L), TestFirewall.HOST_MAC, 0x0800)));
        firewall.assertNothingSent();
        firewall.assertDropped(DropReason.NOT_FOR_US);
    }

    @Test
    void framesOfOtherKindsDie() {
        firewall.fromLan(MemoryPort.Frame.of(Datagrams.framed(new byte[46], LAN_MAC, TestFirewall.HOST_MAC, 0x88cc)));
        firewall.assertDropped(DropReason.UNKNOWN_ETHERTYPE);
        byte[] tagged = Datagrams.framed(new byte[46], LAN_MAC, TestFirewall.HOST_MAC, 0x8100);
        tagged[15] = 5;
        firewall.fromLan(MemoryPort.Frame.of(tagged));
        firewall.assertDropped(DropReason.UNKNOWN_VLAN);
        firewall.fromLan(MemoryPort.Frame.of(new byte[9]));
        firewall.assertDropped(DropReason.SHORT_HEADER);
        byte[] six = Datagrams.udp(HOST6, 1, NEAR6, 2, 3);
        firewall.fromLan(MemoryPort.Frame.of(Datagrams.framed(six, LAN_MAC, TestFirewall.HOST_MAC, 0x0800)));
        firewall.assertDropped(DropReason.BAD_VERSION);
    }

    @Test
    void headersAreCheckedBeforeAnythingElseIsAsked() {
        byte[] good = Datagrams.udp(HOST, 5000, FAR, 53, 100);
        byte[] wrongSum = good.clone();
        wrongSum[10] ^= 1;
        firewall.fromLan(wrongSum);
        firewall.assertDropped(DropReason.BAD_CHECKSUM);
        firewall.fromLan(Datagrams.changed(good, b -> Octets.u16(b, 2, 2000)));
        firewall.assertDropped(DropReason.BAD_LENGTH);
        firewall.fromLan(Datagrams.udp("127.0.0.1", 5000, FAR, 53, 100));
        firewall.fromLan(Datagrams.udp("224.0.0.5", 5000, FAR, 53, 100));
        assertEquals(2, firewall.pipeline.drops(DropReason.ILLEGAL_SOURCE));
        firewall.fromLan(Datagrams.udp(HOST, 5000, "127.0.0.1", 53, 100));
        firewall.assertDropped(DropReason.ILLEGAL_DESTINATION);
        firewall.fromLan(Datagrams.udp(HOST, 5000, HOST, 53, 100));
        firewall.assertDropped(DropReason.LAND);
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 0, 100));
        firewall.assertDropped(DropReason.BAD_PORT);
        firewall.fromLan(Datagrams.ttl(good, 0));
        firewall.assertDropped(DropReason.TTL_EXPIRED);
        assertEquals(0, firewall.decisions.lookups);
        assertEquals(0, firewall.decisions.accessChecks);
        assertTrue(
                firewall.eventNames().contains("malformed_packet"),
                firewall.eventNames().toString());
    }

    @Test
    void aKnownConnectionOnAnotherInterfaceIsANewOne() {
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        firewall.clear();
        firewall.fromWan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        firewall.assertNothingSent();
        firewall.assertDropped(DropReason.ACCESS_DENIED);
    }

    @Test
    void aSourceWithoutRouteBackIsRefusedAndLogged() {
        firewall.fromWan(Datagrams.udp("192.168.1.77", 5000, WAN, 53, 100));
        firewall.assertNothingSent();
        firewall.assertDropped(DropReason.ACCESS_DENIED);
        assertEquals(0, firewall.decisions.lookups, "no policy is asked");
        String line = firewall.events.getFirst().toString();
        assertTrue(
                line.startsWith("RULE: prio=4 id=06000051 rev=1 event=ruleset_drop_packet action=drop "
                        + "rule=Default_Access_Rule recvif=wan srcip=192.168.1.77 destip=203.0.113.1 ipproto=UDP"),
                line);
    }

    @Test
    void anAccessRuleDecidesBeforeTheReverseRoute() {
        firewall.decisions.access = new AccessControl.Verdict("spoof_ok", true, false);
        firewall.fromWan(Datagrams.udp("172.31.0.1", 5000, HOST, 53, 100));
        assertEquals(1, TestFirewall.datagrams(firewall.lanPort).size());
        firewall.decisions.access = new AccessControl.Verdict("silent", false, false);
        firewall.fromWan(Datagrams.udp(FAR, 5000, HOST, 53, 100));
        firewall.assertDropped(DropReason.ACCESS_DENIED);
        assertEquals(
                List.of(),
                firewall.eventNames().stream()
                        .filter(n -> n.equals("ruleset_drop_packet"))
                        .toList());
    }

    @Test
    void ipsecComesBeforeTheRulesButNotBeforeAccess() {
        firewall.decisions.action = Policy.Action.DROP;
        byte[] inner = Datagrams.udp(BEHIND, 1, HOST, 2, 30);
        firewall.fromWan(esp("192.168.1.99", inner));
        firewall.assertDropped(DropReason.ACCESS_DENIED);
        assertEquals(0, firewall.tunnel.taken);
        firewall.fromWan(esp(PEER, inner));
        assertEquals(1, firewall.tunnel.taken);
        assertEquals(1, firewall.decisions.lookups, "a policy is asked for the inner packet only");
        firewall.assertDropped(DropReason.POLICY_DENIED);
    }

    @Test
    void withoutIpsecBeforeRulesAPolicyMustLetItToCore() {
        PipelineSettings d = PipelineSettings.DEFAULT;
        firewall.settings(new PipelineSettings(
                d.ip(), d.tcp(), d.fragments(), false, true, d.icmpErrorsPerSecond(), d.dropEventsPerSecond()));
        byte[] packet = esp(PEER, Datagrams.udp(BEHIND, 1, HOST, 2, 30));
        firewall.decisions.action = Policy.Action.DROP;
        firewall.fromWan(packet);
        assertEquals(0, firewall.tunnel.taken);
        firewall.assertDropped(DropReason.POLICY_DENIED);
        firewall.decisions.action = Policy.Action.ALLOW;
        firewall.fromWan(packet);
        assertEquals(1, firewall.tunnel.taken);
        assertEquals(1, TestFirewall.datagrams(firewall.lanPort).size());
    }

    @Test
    void whatATunnelDecryptsEntersAgainWithTheTunnelAsIngress() {
        firewall.fromWan(esp(PEER, Datagrams.udp(BEHIND, 1, HOST, 2, 30)));
        Packet out = firewall.onLan();
        assertEquals(IpAddress.literal(BEHIND), new IpAddress(out.sourceHigh(), out.sourceLow()));
        assertEquals(63, Ipv4.ttl(out.buffer(), out.networkAt()));
        firewall.fromWan(esp(PEER, Datagrams.udp("10.10.0.1", 1, HOST, 2, 30)));
        firewall.assertDropped(DropReason.ACCESS_DENIED);
        firewall.fromWan(esp(PEER, Datagrams.udp("127.0.0.1", 1, HOST, 2, 30)));
        firewall.assertDropped(DropReason.ILLEGAL_SOURCE);
    }

    @Test
    void whatATunnelEncryptsIsRoutedFromCore() {
        firewall.fromLan(Datagrams.udp(HOST, 2, BEHIND, 1, 30));
        Packet outer = firewall.onWan();
        assertEquals(IpProtocol.ESP, outer.protocol());
        assertEquals(IpAddress.literal(PEER), destination(outer));
        assertEquals(64, Ipv4.ttl(outer.buffer(), outer.networkAt()), "our own packets are not forwarded");
        assertEquals(1, firewall.decisions.lookups, "no policy for our own");
        firewall.assertNoLeak(0);
    }

    @Test
    void aTunnelInItselfEnds() {
        publishPeerBehind(firewall.tunnel);
        firewall.fromLan(Datagrams.udp(HOST, 2, BEHIND, 1, 30));
        firewall.assertDropped(DropReason.TUNNEL_LOOP);
        firewall.tunnel.isLooping = true;
        firewall.fromLan(Datagrams.udp(HOST, 3, BEHIND, 1, 30));
        assertEquals(2, firewall.pipeline.drops(DropReason.TUNNEL_LOOP));
        firewall.assertNoLeak(0);
    }

    private void publishPeerBehind(NetworkInterface iface) {
        firewall.published.publish(firewall.configuration(2, firewall.routes(iface), PipelineSettings.DEFAULT));
    }

    @Test
    void aDestinationWithoutRouteIsToldAndAsksNoPolicy() {
        firewall.fromLan(Datagrams.udp(HOST, 5000, "8.8.8.8", 53, 100));
        firewall.assertDropped(DropReason.NO_ROUTE);
        assertEquals(0, firewall.decisions.lookups);
        assertIcmp(firewall.onLan(), Icmp.UNREACHABLE, Icmp.NET_UNREACHABLE);
    }

    @Test
    void aPolicyDropsSilentlyOrRejects() {
        firewall.decisions.action = Policy.Action.DROP;
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        firewall.assertNothingSent();
        firewall.assertDropped(DropReason.POLICY_DENIED);
        assertTrue(firewall.events.getFirst().toString().contains("rule=everything"));
        firewall.decisions.action = Policy.Action.REJECT;
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        assertIcmp(firewall.onLan(), Icmp.UNREACHABLE, Icmp.PORT_UNREACHABLE);
        firewall.fromLan(Datagrams.syn(HOST, 5000, FAR, 80));
        Packet reset = firewall.onLan();
        assertEquals(Tcp.RST | Tcp.ACK, Tcp.flags(reset.buffer(), reset.transportAt()));
        assertEquals(1001, Tcp.acknowledgement(reset.buffer(), reset.transportAt()));
        assertEquals(DropReason.NONE, Headers.verifyTransport(reset));
    }

    @Test
    void thePolicyBehindAllOthersHasAReasonOfItsOwn() {
        firewall.decisions.action = Policy.Action.DROP;
        firewall.decisions.isDefault = true;
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        firewall.assertDropped(DropReason.NO_POLICY);
        assertEquals(0, firewall.pipeline.drops(DropReason.POLICY_DENIED));
    }

    @Test
    void groupsOfOneLinkAreNobodysAndNotLogged() {
        firewall.fromLan(Datagrams.udp(HOST, 5353, "224.0.0.251", 5353, 100));
        firewall.fromLan(Datagrams.udp("fe80::2", 5353, "ff02::fb", 5353, 100));
        assertEquals(2, firewall.pipeline.drops(DropReason.NO_SERVICE));
        firewall.assertNothingSent();
        assertEquals(List.of(), firewall.eventNames());
    }

    @Test
    void whatCanNotOpenAConnectionDies() {
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1, 1, 0, 10));
        firewall.assertDropped(DropReason.NO_NEW_CONNECTION);
    }

    @Test
    void translationIsTheConnections() {
        firewall.decisions.translation = Policy.SourceTranslation.NAT;
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        Packet out = firewall.onWan();
        assertEquals(IpAddress.literal(WAN), new IpAddress(out.sourceHigh(), out.sourceLow()));
        assertEquals(DropReason.NONE, Headers.verifyTransport(out));
        firewall.fromWan(Datagrams.udp(FAR, 53, WAN, out.sourcePort(), 100));
        assertEquals(IpAddress.literal(HOST), destination(firewall.onLan()));
    }

    @Test
    void aPacketToTheFirewallNeedsAPolicyAndReachesItsService() {
        firewall.decisions.action = Policy.Action.DROP;
        firewall.fromLan(Datagrams.ping(HOST, LAN, 77, 40));
        firewall.assertNothingSent();
        firewall.decisions.action = Policy.Action.ALLOW;
        firewall.fromLan(Datagrams.ping(HOST, LAN, 77, 40));
        Packet reply = firewall.onLan();
        assertIcmp(reply, Icmp.ECHO_REPLY, 0);
        assertEquals(77, reply.sourcePort());
        assertEquals(IpAddress.literal(LAN), new IpAddress(reply.sourceHigh(), reply.sourceLow()));
        firewall.fromLan(Datagrams.udp(HOST, 5000, LAN, 53, 10));
        assertEquals(1, firewall.tunPort.taken().size(), "sockets behind the TUN device");
    }

    @Test
    void anotherInterfacesAddressIsReachedToo() {
        firewall.fromLan(Datagrams.ping(HOST, WAN, 77, 40));
        Packet reply = firewall.onLan();
        assertEquals(IpAddress.literal(WAN), new IpAddress(reply.sourceHigh(), reply.sourceLow()));
    }

    @Test
    void pingsToIpv6AreAnswered() {
        firewall.fromLan(Datagrams.ping(HOST6, TestFirewall.LAN6, 77, 40));
        Packet reply = firewall.onLan();
        assertEquals(129, reply.destinationPort() >>> 8);
        assertEquals(DropReason.NONE, Headers.verifyTransport(reply));
    }

    @Test
    void theProgramsOwnTrafficNeedsNoPolicy() {
        firewall.decisions.action = Policy.Action.DROP;
        firewall.tunPort.arrive(MemoryPort.Frame.of(Datagrams.syn(WAN, 40000, FAR, 443)));
        firewall.step();
        Packet out = firewall.onWan();
        assertEquals(64, Ipv4.ttl(out.buffer(), out.networkAt()));
        firewall.fromWan(Datagrams.tcp(FAR, 443, WAN, 40000, Tcp.SYN | Tcp.ACK, 5, 1001, 1460, 0));
        assertEquals(1, firewall.tunPort.taken().size());
        assertEquals(0, firewall.decisions.lookups);
    }

    @Test
    void aDefectKillsOnePacketAndIsSaidOnce() {
        firewall.decisions.defect = new IllegalStateException("a defect");
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        firewall.fromLan(Datagrams.udp(HOST, 5001, FAR, 53, 100));
        assertEquals(2, firewall.pipeline.drops(DropReason.INTERNAL_ERROR));
        firewall.assertNoLeak(0);
        assertEquals(List.of("packet_defect"), firewall.eventNames());
        firewall.decisions.defect = null;
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        assertEquals(1, TestFirewall.datagrams(firewall.wanPort).size());
    }

    private static byte[] esp(String from, byte[] inner) {
        return Datagrams.ip(from, WAN, IpProtocol.ESP, 8 + inner.length, p -> {
            Octets.i32(p.buffer(), p.transportAt(), 0x1234);
            Octets.i32(p.buffer(), p.transportAt() + 4, 1);
            for (int i = 0; i < inner.length; i++) {
                Octets.u8(p.buffer(), p.transportAt() + 8 + i, inner[i]);
            }
        });
    }

    static void assertIcmp(Packet packet, int type, int code) {
        assertEquals(IpProtocol.ICMP, packet.protocol());
        assertEquals(type << 8 | code, packet.destinationPort(), "ICMP type and code");
        assertEquals(DropReason.NONE, Headers.verifyTransport(packet));
    }

    private static IpAddress destination(Packet packet) {
        return new IpAddress(packet.destinationHigh(), packet.destinationLow());
    }
}
