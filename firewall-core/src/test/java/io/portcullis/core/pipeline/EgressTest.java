package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.BEHIND;
import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.HOST6;
import static io.portcullis.core.pipeline.TestFirewall.LAN;
import static io.portcullis.core.pipeline.TestFirewall.NEAR6;
import static io.portcullis.core.pipeline.TestFirewall.WAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.connection.ConnectionLimits;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps 11 and 12: TTL, MTU, MSS, offloads, and what senders are told. */
class EgressTest {
    private TestFirewall firewall = TestFirewall.withNeighbours();

    @Test
    void anExpiredTtlIsToldFromTheInterfaceWhereTheSenderIs() {
        firewall.fromLan(Datagrams.ttl(Datagrams.udp(HOST, 5000, FAR, 33434, 100), 1));
        firewall.assertDropped(DropReason.TTL_EXPIRED);
        Packet error = firewall.onLan();
        PipelineTest.assertIcmp(error, Icmp.TIME_EXCEEDED, 0);
        assertEquals(IpAddress.literal(LAN), new IpAddress(error.sourceHigh(), error.sourceLow()));
        int quoted = error.transportAt() + Icmp.HEADER;
        assertEquals(33434, Udp.destinationPort(error.buffer(), quoted + Ipv4.HEADER), "the packet is quoted");
        firewall.fromLan(Datagrams.ttl(Datagrams.udp(HOST6, 5000, NEAR6, 33434, 100), 1));
        Packet error6 = firewall.onLan();
        assertEquals(Icmpv6.TIME_EXCEEDED << 8, error6.destinationPort());
        assertEquals(DropReason.NONE, Headers.verifyTransport(error6));
    }

    @Test
    void aTtlOfOneReachesTheFirewallItself() {
        firewall.fromLan(Datagrams.ttl(Datagrams.ping(HOST, LAN, 1, 8), 1));
        PipelineTest.assertIcmp(firewall.onLan(), Icmp.ECHO_REPLY, 0);
    }

    @Test
    void errorsAreNeverAboutErrorsNorGroups() {
        byte[] error = Datagrams.ip(HOST, "8.8.8.8", IpProtocol.ICMP, 36, p -> {
            Icmp.write(p.buffer(), p.transportAt(), Icmp.UNREACHABLE, 1, 0);
            Icmp.computeChecksum(p.buffer(), p.transportAt(), p.payloadEnd());
        });
        firewall.fromLan(error);
        firewall.fromLan(Datagrams.udp(HOST, 1, "239.1.1.1", 2, 10));
        assertEquals(2, firewall.pipeline.drops(DropReason.NO_ROUTE));
        byte[] toAll = Datagrams.framed(
                Datagrams.udp(HOST, 1, "8.8.8.8", 2, 10), MacAddress.BROADCAST, TestFirewall.HOST_MAC, EtherType.IPV4);
        firewall.fromLan(MemoryPort.Frame.of(toAll));
        assertEquals(3, firewall.pipeline.drops(DropReason.NO_ROUTE));
        firewall.assertNothingSent();
    }

    @Test
    void errorsAreLimited() {
        PipelineSettings d = PipelineSettings.DEFAULT;
        firewall.settings(new PipelineSettings(d.ip(), d.tcp(), d.fragments(), true, true, 3, d.dropEventsPerSecond()));
        for (int i = 0; i < 10; i++) {
            firewall.fromLan(Datagrams.udp(HOST, 1, "8.8.8.8", 2 + i, 10));
        }
        assertEquals(3, TestFirewall.datagrams(firewall.lanPort).size());
        firewall.pass(Duration.ofSeconds(1));
        firewall.fromLan(Datagrams.udp(HOST, 1, "8.8.8.8", 2, 10));
        assertEquals(1, TestFirewall.datagrams(firewall.lanPort).size());
    }

    @Test
    void aLongPacketIsFragmentedUnlessItForbidsThat() {
        byte[] big = Datagrams.udp(HOST, 5000, FAR, 53, 3000);
        List<byte[]> pieces = Fragments.of(big, 1480);
        pieces.forEach(firewall::fromLan);
        List<MemoryPort.Frame> out = TestFirewall.datagrams(firewall.wanPort);
        assertEquals(3, out.size(), "put together, judged, cut again");
        int data = 0;
        for (MemoryPort.Frame frame : out) {
            Packet fragment = Datagrams.parsed(frame.octets());
            assertTrue(fragment.payloadEnd() - fragment.networkAt() <= 1500);
            assertEquals(data, fragment.fragmentOffset());
            data += fragment.payloadEnd() - fragment.transportAt();
        }
        assertEquals(3008, data);
        firewall.assertNoLeak(0);
        assertEquals(1, firewall.decisions.lookups);
    }

    @Test
    void aPacketLongerThanTheTunnelIsToldItsMtu() {
        firewall.fromLan(Datagrams.dontFragment(Datagrams.udp(HOST, 5000, BEHIND, 53, 1400)));
        firewall.assertDropped(DropReason.TOO_BIG);
        Packet error = firewall.onLan();
        PipelineTest.assertIcmp(error, Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED);
        assertEquals(1400, Icmp.mtu(error.buffer(), error.transportAt()));
    }

    @Test
    void overlapsRuinADatagram() {
        byte[] big = Datagrams.udp(HOST, 5000, FAR, 53, 3000);
        List<byte[]> pieces = Fragments.of(big, 1480);
        firewall.fromLan(pieces.get(0));
        firewall.fromLan(Fragments.piece(big, 1472, 1480, true));
        firewall.fromLan(pieces.get(1));
        firewall.fromLan(pieces.get(2));
        firewall.assertNothingSent();
        assertTrue(firewall.pipeline.drops(DropReason.BAD_FRAGMENT) > 0);
    }

    @Test
    void fragmentsThatStayAloneAreForgotten() {
        firewall.fromLan(
                Fragments.of(Datagrams.udp(HOST, 5000, FAR, 53, 3000), 1480).getFirst());
        firewall.assertNoLeak(1);
        firewall.pass(Duration.ofSeconds(40));
        firewall.assertDropped(DropReason.FRAGMENT_TIMEOUT);
    }

    @Test
    void aSynThroughANarrowerWayHasItsMssClampedBothWays() {
        firewall.fromLan(Datagrams.syn(HOST, 5000, BEHIND, 80));
        Packet outer = firewall.onWan();
        Packet syn = inner(outer);
        assertEquals(1400 - 40, Tcp.mss(syn.buffer(), syn.transportAt()));
        assertEquals(DropReason.NONE, Headers.verifyTransport(syn));
        byte[] answer = Datagrams.tcp(BEHIND, 80, HOST, 5000, Tcp.SYN | Tcp.ACK, 7, 1001, 1460, 0);
        firewall.fromWan(encapsulated(answer));
        Packet back = firewall.onLan();
        assertEquals(1360, Tcp.mss(back.buffer(), back.transportAt()));
        assertEquals(DropReason.NONE, Headers.verifyTransport(back));
    }

    @Test
    void aSmallerMssIsLeftAlone() {
        firewall.fromLan(Datagrams.tcp(HOST, 5000, BEHIND, 80, Tcp.SYN, 1, 0, 536, 0));
        Packet syn = inner(firewall.onWan());
        assertEquals(536, Tcp.mss(syn.buffer(), syn.transportAt()));
    }

    @Test
    void aSuperPacketWhoseSegmentsFitLeavesWhole() {
        openTcp();
        firewall.fromLan(superPacket(20_000, 1448));
        List<MemoryPort.Frame> out = TestFirewall.datagrams(firewall.wanPort);
        assertEquals(1, out.size());
        assertEquals(1448, out.getFirst().gsoSize());
        assertEquals(Packet.Gso.TCP_V4, out.getFirst().gso());
        assertTrue(out.getFirst().partial(), "the checksum stays partial");
        firewall.assertNoLeak(0);
    }

    @Test
    void aSuperPacketIsCutForAPortThatCanNot() {
        firewall = new TestFirewall(false, true, ConnectionLimits.DEFAULT);
        firewall.meetNeighbours();
        openTcp();
        firewall.fromLan(superPacket(20_000, 1448));
        List<MemoryPort.Frame> out = TestFirewall.datagrams(firewall.wanPort);
        assertEquals(14, out.size());
        int sequence = 1001;
        for (MemoryPort.Frame frame : out) {
            Packet segment = Datagrams.parsed(frame.octets());
            assertFalse(frame.partial());
            assertEquals(DropReason.NONE, Headers.verifyTransport(segment));
            assertEquals(sequence, Tcp.sequence(segment.buffer(), segment.transportAt()));
            sequence += segment.payloadEnd() - segment.transportAt() - Tcp.HEADER;
        }
        assertEquals(21_001, sequence);
        firewall.assertNoLeak(0);
    }

    @Test
    void aPartialChecksumIsCompletedForAPortThatCanNot() {
        firewall = new TestFirewall(false, true, ConnectionLimits.DEFAULT);
        firewall.meetNeighbours();
        openTcp();
        firewall.fromLan(partial(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 8, 0, 100), Packet.Gso.NONE, 0));
        assertEquals(DropReason.NONE, Headers.verifyTransport(firewall.onWan()));
    }

    @Test
    void aFullDeviceIsCounted() {
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        firewall.wanPort.room(0);
        firewall.fromLan(Datagrams.udp(HOST, 5000, FAR, 53, 100));
        firewall.assertDropped(DropReason.PORT_FULL);
        assertEquals(1, firewall.wan.counters().drops(DropReason.PORT_FULL));
    }

    @Test
    void nobodyThereIsToldWhenThereAreNoSockets() {
        firewall = new TestFirewall(true, false, ConnectionLimits.DEFAULT);
        firewall.meetNeighbours();
        firewall.fromLan(Datagrams.udp(HOST, 5000, LAN, 53, 10));
        firewall.assertDropped(DropReason.NO_SERVICE);
        PipelineTest.assertIcmp(firewall.onLan(), Icmp.UNREACHABLE, Icmp.PORT_UNREACHABLE);
        firewall.fromLan(Datagrams.syn(HOST, 5000, LAN, 80));
        Packet reset = firewall.onLan();
        assertEquals(Tcp.RST | Tcp.ACK, Tcp.flags(reset.buffer(), reset.transportAt()));
        firewall.fromLan(Datagrams.ip(HOST, LAN, 132, 12, _ -> {}));
        PipelineTest.assertIcmp(firewall.onLan(), Icmp.UNREACHABLE, Icmp.PROTOCOL_UNREACHABLE);
    }

    @Test
    void directedBroadcastsAreNotForwarded() {
        firewall.fromLan(Datagrams.udp(HOST, 5000, "203.0.113.255", 53, 10));
        firewall.assertNothingSent();
        firewall.assertDropped(DropReason.ILLEGAL_DESTINATION);
    }

    private void openTcp() {
        firewall.fromLan(Datagrams.syn(HOST, 5000, FAR, 80));
        firewall.fromWan(Datagrams.tcp(FAR, 80, HOST, 5000, Tcp.SYN | Tcp.ACK, 7, 1001, 1460, 0));
        firewall.fromLan(Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 8, 0, 0));
        firewall.clear();
    }

    private static MemoryPort.Frame superPacket(int data, int size) {
        byte[] segment = Datagrams.tcp(HOST, 5000, FAR, 80, Tcp.ACK, 1001, 8, 0, data);
        return partial(segment, Packet.Gso.TCP_V4, size);
    }

    /** As a device hands over what a virtual machine sent: the checksum is the pseudo-header's sum. */
    static MemoryPort.Frame partial(byte[] datagram, Packet.Gso gso, int size) {
        byte[] copy = datagram.clone();
        MemorySegment b = MemorySegment.ofArray(copy);
        int length = copy.length - Ipv4.HEADER;
        int sum = Checksum.fold(Ipv4.pseudoHeader(b, 0, IpProtocol.TCP, length));
        Octets.u16(b, Ipv4.HEADER + Tcp.CHECKSUM, sum);
        byte[] frame = Datagrams.framed(copy, TestFirewall.LAN_MAC, TestFirewall.HOST_MAC, EtherType.IPV4);
        return new MemoryPort.Frame(frame, true, Tcp.CHECKSUM, gso, size);
    }

    private static Packet inner(Packet outer) {
        assertEquals(IpProtocol.ESP, outer.protocol());
        byte[] datagram = outer.buffer()
                .asSlice(outer.transportAt() + 8, outer.payloadEnd() - outer.transportAt() - 8)
                .toArray(ValueLayout.JAVA_BYTE);
        return Datagrams.parsed(
                Datagrams.framed(datagram, TestFirewall.LAN_MAC, TestFirewall.HOST_MAC, EtherType.IPV4));
    }

    private static byte[] encapsulated(byte[] inner) {
        return Datagrams.ip(TestFirewall.PEER, WAN, IpProtocol.ESP, 8 + inner.length, p -> {
            MemorySegment.copy(inner, 0, p.buffer(), ValueLayout.JAVA_BYTE, p.transportAt() + 8, inner.length);
            Octets.i32(p.buffer(), p.transportAt(), 0x1234);
        });
    }
}
