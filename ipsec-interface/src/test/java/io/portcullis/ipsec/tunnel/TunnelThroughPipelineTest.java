package io.portcullis.ipsec.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Icmp;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A tunnel between two pipelines: what an interface promises, as the pipeline uses it. */
final class TunnelThroughPipelineTest {
    private static final IpAddress HOST_1 = Gateway.inside(1, 5);
    private static final IpAddress HOST_2 = Gateway.inside(2, 5);

    private final Gateway one = new Gateway(1);
    private final Gateway two = new Gateway(2);

    @AfterEach
    void noPacketIsLost() {
        assertEquals(one.pool.size(), one.pool.available());
        assertEquals(two.pool.size(), two.pool.available());
        one.close();
        two.close();
    }

    private static byte[] udp(IpAddress from, IpAddress to, int length) {
        byte[] packet = new byte[length];
        MemorySegment b = MemorySegment.ofArray(packet);
        Ipv4.write(b, 0, 0, length, 3, true, 64, IpProtocol.UDP, from.v4Bits(), to.v4Bits());
        Udp.write(b, Ipv4.HEADER, 1000, 2000, length - Ipv4.HEADER);
        Udp.computeChecksum(b, Ipv4.HEADER, Ipv4.pseudoHeader(b, 0, IpProtocol.UDP, length - Ipv4.HEADER));
        return packet;
    }

    private static void route(List<byte[]> packets, Gateway to) {
        packets.forEach(packet -> to.receive(packet, to.wan));
    }

    @Test
    void aPacketGoesThroughBothGateways() {
        one.connect();
        two.connect();
        byte[] packet = udp(HOST_1, HOST_2, 200);
        one.receive(packet, one.lan);
        List<byte[]> outer = one.wan.sent();
        assertEquals(1, outer.size());
        MemorySegment b = MemorySegment.ofArray(outer.getFirst());
        assertEquals(IpProtocol.ESP, Ipv4.protocol(b, 0));
        assertEquals(Gateway.outer(1).v4Bits(), Ipv4.source(b, 0));
        route(outer, two);
        byte[] came = two.lan.sent().getFirst();
        Ipv4.ttl(MemorySegment.ofArray(packet), 0, 62);
        assertArrayEquals(packet, came, "one hop for each gateway, nothing else");
        assertEquals(1, one.tunnel.counters().packetsOut());
        assertEquals(1, two.tunnel.counters().packetsIn());
        assertEquals(200, two.tunnel.counters().octetsIn());

        two.receive(udp(HOST_2, HOST_1, 200), two.lan);
        route(two.wan.sent(), one);
        assertEquals(1, one.lan.sent().size());
    }

    @Test
    void theFirstPacketWaitsForTheTunnel() {
        two.connect();
        one.receive(udp(HOST_1, HOST_2, 200), one.lan);
        assertEquals(List.of(), one.wan.sent());
        one.connect();
        route(one.wan.sent(), two);
        assertEquals(1, two.lan.sent().size());
    }

    @Test
    void aPacketThatIsTooLongIsAnsweredWithTheTunnelsMtu() {
        one.connect();
        one.receive(udp(HOST_1, HOST_2, 1500), one.lan);
        assertEquals(List.of(), one.wan.sent());
        MemorySegment answer = MemorySegment.ofArray(one.lan.sent().getFirst());
        assertEquals(IpProtocol.ICMP, Ipv4.protocol(answer, 0));
        assertEquals(HOST_1.v4Bits(), Ipv4.destination(answer, 0));
        assertEquals(Icmp.FRAGMENTATION_NEEDED, Icmp.code(answer, Ipv4.HEADER));
        assertEquals(1446, Icmp.mtu(answer, Ipv4.HEADER));
        one.receive(udp(HOST_1, HOST_2, 1446), one.lan);
        assertEquals(1500, one.wan.sent().getFirst().length);
    }

    @Test
    void aRouterThatCanNotCarryTheOuterPacketIsHeard() {
        one.connect();
        one.receive(udp(HOST_1, HOST_2, 1446), one.lan);
        byte[] outer = one.wan.sent().getFirst();
        byte[] error = new byte[Ipv4.HEADER + Icmp.HEADER + Ipv4.HEADER + 8];
        MemorySegment b = MemorySegment.ofArray(error);
        IpAddress router = IpAddress.literal("192.0.2.77");
        Ipv4.write(
                b,
                0,
                0,
                error.length,
                1,
                false,
                64,
                IpProtocol.ICMP,
                router.v4Bits(),
                Gateway.outer(1).v4Bits());
        Icmp.write(b, Ipv4.HEADER, Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, 1400);
        System.arraycopy(outer, 0, error, Ipv4.HEADER + Icmp.HEADER, Ipv4.HEADER + 8);
        Icmp.computeChecksum(b, Ipv4.HEADER, error.length);
        one.receive(error, one.wan);
        assertEquals(1346, one.tunnel.mtu());
        assertEquals(List.of(), one.lan.sent());
    }

    @Test
    void whatIsEncryptedButNotAllowedDies() {
        one.connect();
        two.connect();
        one.receive(udp(HOST_1, HOST_2, 200), one.lan);
        byte[] outer = one.wan.sent().getFirst();
        byte[] forged = outer.clone();
        forged[forged.length - 1] ^= 1;
        two.receive(forged, two.wan);
        assertEquals(1, two.pipeline.drops(DropReason.BAD_ICV));
        two.receive(outer, two.wan);
        two.receive(outer, two.wan);
        assertEquals(1, two.pipeline.drops(DropReason.REPLAYED));
        assertEquals(1, two.lan.sent().size());
        one.receive(udp(IpAddress.literal("10.1.0.5"), IpAddress.literal("10.2.0.1"), 200), one.lan);
        route(one.wan.sent(), two);
        assertEquals(List.of(), two.lan.sent(), "for the gateway itself");
        assertEquals(1, two.pipeline.drops(DropReason.NO_SERVICE), "where nobody listens");
    }

    @Test
    void plaintextFromTheWrongSideIsRefused() {
        two.connect();
        two.receive(udp(HOST_1, HOST_2, 200), two.wan);
        assertEquals(1, two.pipeline.drops(DropReason.ACCESS_DENIED), "10.1.0.0/16 lives in the tunnel");
        assertEquals(List.of(), two.lan.sent());
    }
}
