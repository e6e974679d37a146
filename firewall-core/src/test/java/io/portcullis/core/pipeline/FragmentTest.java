package io.portcullis.core.pipeline;

import static io.portcullis.core.pipeline.TestFirewall.BEHIND;
import static io.portcullis.core.pipeline.TestFirewall.FAR;
import static io.portcullis.core.pipeline.TestFirewall.HOST;
import static io.portcullis.core.pipeline.TestFirewall.HOST6;
import static io.portcullis.core.pipeline.TestFirewall.LAN;
import static io.portcullis.core.pipeline.TestFirewall.NEAR6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.config.Schema;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.Icmpv6;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Ipv6Fragmenter;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Datagrams in fragments are judged whole and leave in fragments again. */
class FragmentTest {
    private static final int IDENTIFICATION = 0x0bad_cafe;

    private final TestFirewall firewall = TestFirewall.withNeighbours();

    @Test
    void anIpv6DatagramLeavesInFragmentsOfTheSameName() {
        byte[] datagram = Datagrams.udp(HOST6, 5000, NEAR6, 53, 3000);
        List<byte[]> pieces = cut(datagram, 1400);
        assertEquals(3, pieces.size());
        for (int i = pieces.size() - 1; i >= 0; i--) {
            firewall.fromLan(pieces.get(i));
        }
        List<MemoryPort.Frame> sent = TestFirewall.datagrams(firewall.wanPort);
        assertEquals(3, sent.size());
        byte[] expected = datagram.clone();
        expected[7] = 63;
        List<byte[]> wanted = cut(expected, 1500);
        for (int i = 0; i < 3; i++) {
            byte[] frame = sent.get(i).octets();
            assertEquals(
                    -1,
                    MemorySegment.ofArray(wanted.get(i))
                            .mismatch(MemorySegment.ofArray(frame).asSlice(14)),
                    "fragment " + i);
        }
        assertEquals(1, firewall.decisions.lookups);
        firewall.assertNoLeak(0);
    }

    @Test
    void aLongPingPasses() {
        cut(Datagrams.ping(HOST6, NEAR6, 7, 3000), 1400).forEach(firewall::fromLan);
        assertEquals(3, TestFirewall.datagrams(firewall.wanPort).size());
    }

    @Test
    void otherIcmpInFragmentsIsSuspicious() {
        byte[] error = Datagrams.changed(
                Datagrams.ping(HOST6, NEAR6, 7, 3000), b -> Octets.u8(b, Ipv6.HEADER, Icmpv6.UNREACHABLE));
        cut(error, 1400).forEach(firewall::fromLan);
        firewall.assertDropped(DropReason.BAD_FRAGMENT);
        firewall.assertNothingSent();
        assertEquals(List.of("malformed_packet"), firewall.eventNames());
    }

    @Test
    void settingsSayWhatIsTooShortHowManyMayWaitAndWhatIsLogged() {
        Schema<FragSettings> schema = Schema.of(FragSettings.class);
        PipelineSettings d = PipelineSettings.DEFAULT;
        firewall.settings(new PipelineSettings(
                d.ip(),
                d.tcp(),
                schema.parse(Map.of(
                        "MinimumFragLength", "1280",
                        "ShortFrags", "Drop",
                        "PseudoReass_MaxConcurrent", "1",
                        "DuplicateFrags", "DropLog",
                        "FragReassemblyFail", "Drop")),
                d.ipsecBeforeRules(),
                d.tellUnreachable(),
                d.icmpErrorsPerSecond(),
                d.dropEventsPerSecond()));
        List<byte[]> few = cut(Datagrams.udp(HOST6, 5000, NEAR6, 53, 3000), 1400);
        List<byte[]> many = cut(Datagrams.udp(HOST6, 5000, NEAR6, 53, 3000), 1300);
        firewall.fromLan(many.getFirst());
        assertEquals(1, firewall.pipeline.drops(DropReason.BAD_FRAGMENT), "too short");
        firewall.fromLan(few.getFirst());
        assertEquals(List.of(), firewall.eventNames());
        firewall.fromLan(few.getFirst());
        assertEquals(1, firewall.pipeline.drops(DropReason.DUPLICATE_FRAGMENT));
        assertEquals(List.of("malformed_packet"), firewall.eventNames());
        firewall.fromLan(Datagrams.changed(few.get(1), b -> Octets.u8(b, 23, 0x77)));
        assertEquals(1, firewall.pipeline.drops(DropReason.FRAGMENTS_FULL), "another source");
        assertEquals(1, firewall.eventNames().size());
    }

    @Test
    void anIpv6DatagramWithOptionsBehindTheFragmentHeaderComesTogether() {
        byte[] udp = Datagrams.udp(HOST6, 5000, NEAR6, 53, 1000);
        byte[] datagram = Datagrams.ip(HOST6, NEAR6, IpProtocol.DESTINATION_OPTIONS, 8 + udp.length - 40, p -> {
            int at = p.transportAt();
            Octets.i64(p.buffer(), at, 0x1100_0104_0000_0000L);
            MemorySegment.copy(udp, 40, p.buffer(), ValueLayout.JAVA_BYTE, at + 8, udp.length - 40);
        });
        List<byte[]> pieces = cut(datagram, 600);
        assertEquals(2, pieces.size());
        pieces.forEach(firewall::fromLan);
        Packet whole = firewall.onWan();
        assertEquals(IpProtocol.UDP, whole.protocol());
        assertEquals(DropReason.NONE, Headers.verifyTransport(whole));
    }

    /** Its first fragment can not tell: the length is that of all of them. */
    @Test
    void aDatagramWhoseLengthIsFoundWrongWhenItIsWholeIsLogged() {
        byte[] datagram = Datagrams.changed(Datagrams.udp(HOST, 5000, FAR, 53, 2000), b -> Octets.u16(b, 20 + 4, 3000));
        Fragments.of(datagram, 1480).forEach(firewall::fromLan);
        firewall.assertDropped(DropReason.BAD_LENGTH);
        firewall.assertNothingSent();
        assertEquals(List.of("malformed_packet"), firewall.eventNames());
        assertEquals("bad_length", firewall.events.getFirst().values().getFirst());
    }

    @Test
    void aDatagramIsCutForATunnel() {
        Fragments.of(Datagrams.udp(HOST, 5000, BEHIND, 53, 3000), 1480).forEach(firewall::fromLan);
        List<MemoryPort.Frame> sent = TestFirewall.datagrams(firewall.wanPort);
        assertEquals(3, sent.size());
        for (MemoryPort.Frame frame : sent) {
            Packet outer = Datagrams.parsed(frame.octets());
            assertEquals(IpProtocol.ESP, outer.protocol());
            assertTrue(outer.payloadEnd() - outer.networkAt() <= 1400 + FakeTunnel.OVERHEAD);
        }
        firewall.assertNoLeak(0);
    }

    @Test
    void aPingOf64KilobytesIsAnswered() {
        byte[] ping = Datagrams.ping(HOST, LAN, 5, 65_507);
        Fragments.of(ping, 1480).forEach(firewall::fromLan);
        List<MemoryPort.Frame> sent = TestFirewall.datagrams(firewall.lanPort);
        assertEquals(45, sent.size());
        Packet first = Datagrams.parsed(sent.getFirst().octets());
        assertEquals(Icmp.ECHO_REPLY << 8, first.destinationPort());
        firewall.assertNoLeak(0);
    }

    @Test
    void onlySoManyDatagramsWait() {
        for (int i = 0; i < 164; i++) {
            int identification = i;
            byte[] first =
                    Fragments.of(Datagrams.udp(HOST, 5000, FAR, 53, 3000), 1480).getFirst();
            firewall.fromLan(Datagrams.changed(first, b -> Octets.u16(b, 4, identification)));
        }
        assertEquals(36, firewall.pipeline.drops(DropReason.FRAGMENTS_FULL));
        firewall.assertNoLeak(128);
    }

    @Test
    void extensionHeadersThatContradictThemselvesDie() {
        byte[] wrong = Datagrams.ip(HOST6, NEAR6, IpProtocol.HOP_BY_HOP, 8, p -> {
            Octets.u8(p.buffer(), p.transportAt(), IpProtocol.UDP);
            Octets.u8(p.buffer(), p.transportAt() + 1, 9);
        });
        firewall.fromLan(wrong);
        firewall.assertDropped(DropReason.BAD_EXTENSION);
    }

    private static List<byte[]> cut(byte[] datagram, int mtu) {
        Packet whole = Datagrams.parsed(
                Datagrams.framed(datagram, TestFirewall.LAN_MAC, TestFirewall.HOST_MAC, EtherType.IPV6));
        assertEquals(DropReason.NONE, Ipv6Fragmenter.prepare(whole, mtu));
        List<byte[]> pieces = new ArrayList<>();
        for (int done = 0; done < Ipv6Fragmenter.octets(whole); ) {
            Packet piece = new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));
            done = Ipv6Fragmenter.cut(whole, mtu, done, IDENTIFICATION, piece);
            assertTrue(piece.length() <= mtu);
            assertEquals(piece.length() - Ipv6.HEADER, Ipv6.payloadLength(piece.buffer(), piece.networkAt()));
            pieces.add(piece.buffer().asSlice(piece.start(), piece.length()).toArray(ValueLayout.JAVA_BYTE));
        }
        return pieces;
    }
}
