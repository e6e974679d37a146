package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class Ipv6Test extends WireTest {
    private static final String ADDRESSES = "20010db800000000000000000000000120010db8000100000000000000000002";
    private static final String VECTOR = "6b912345000b113f" + ADDRESSES + "03e807d0000bc5456f6464";
    private static final String EXTENSIONS = "6000000000440040" + ADDRESSES
            + "3c000502000001002b01010c000000000000000000000000060202000000000020010db8000000000000000000000009"
            + "00010002000000000000000050102000345c0000";
    private static final String FRAGMENT = "60000000000d2c40" + ADDRESSES + "11000010deadbeef3132333435";

    Ipv6Test() {
        super(VECTOR, VECTOR.length() / 2, "IPv6 2001:db8::1 > 2001:db8:1::2 UDP hops 63 payload 11");
    }

    @Test
    void takesApart() {
        MemorySegment b = bytes();
        assertEquals(0xb9, Ipv6.trafficClass(b, AT));
        assertEquals(46, Ipv6.dscp(b, AT));
        assertEquals(1, Ipv6.ecn(b, AT));
        assertEquals(0x12345, Ipv6.flowLabel(b, AT));
        assertEquals(11, Ipv6.payloadLength(b, AT));
        assertEquals(IpProtocol.UDP, Ipv6.nextHeader(b, AT));
        assertEquals(63, Ipv6.hopLimit(b, AT));
        assertEquals(0x2001_0db8_0000_0000L, Ipv6.sourceHigh(b, AT));
        assertEquals(1, Ipv6.sourceLow(b, AT));
        assertEquals(0x2001_0db8_0001_0000L, Ipv6.destinationHigh(b, AT));
        assertEquals(2, Ipv6.destinationLow(b, AT));
    }

    @Test
    void extensionHeadersAreWalked() {
        MemorySegment b = bytes(EXTENSIONS);
        long walked = Ipv6Extensions.walk(b, AT, (int) b.byteSize());
        assertEquals(IpProtocol.TCP, Ipv6Extensions.protocol(walked));
        assertEquals(AT + 40 + 8 + 16 + 24, Ipv6Extensions.transportAt(walked));
        assertEquals(0, Ipv6Extensions.fragmentAt(walked));
        for (int end = AT + 40; end < AT + 88; end++) {
            assertTrue(Ipv6Extensions.isBad(Ipv6Extensions.walk(b.asSlice(0, end), AT, end)), "cut at " + end);
        }
    }

    @Test
    void kindsOfExtensionHeadersAreKnown() {
        int inChain = Ipv6Extensions.kind(IpProtocol.HOP_BY_HOP)
                | Ipv6Extensions.kind(IpProtocol.DESTINATION_OPTIONS)
                | Ipv6Extensions.kind(IpProtocol.ROUTING);
        Packet packet = packet(EXTENSIONS);
        assertEquals(inChain, Ipv6Extensions.kinds(packet));
        packet.assembledFrom(1280, 1);
        assertEquals(inChain | Ipv6Extensions.kind(IpProtocol.FRAGMENT), Ipv6Extensions.kinds(packet));
        assertEquals(0, Ipv6Extensions.kinds(packet(VECTOR)));
        assertEquals(0, Ipv6Extensions.kind(IpProtocol.TCP));
    }

    private static Packet packet(String hex) {
        byte[] octets = HexFormat.of().parseHex(hex);
        Packet packet = new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));
        MemorySegment.copy(
                MemorySegment.ofArray(octets), 0, packet.buffer(), packet.append(octets.length), octets.length);
        assertEquals(DropReason.NONE, Headers.parse(packet));
        return packet;
    }

    @Test
    void fragmentHeaderIsRead() {
        MemorySegment b = bytes(FRAGMENT);
        long walked = Ipv6Extensions.walk(b, AT, (int) b.byteSize());
        int at = Ipv6Extensions.fragmentAt(walked);
        assertEquals(AT + 40, at);
        assertEquals(IpProtocol.UDP, Ipv6Extensions.protocol(walked));
        assertEquals(AT + 48, Ipv6Extensions.transportAt(walked));
        assertEquals(16, Ipv6Extensions.fragmentOffset(b, at));
        assertEquals(false, Ipv6Extensions.moreFragments(b, at));
        assertEquals(0xdead_beef, Ipv6Extensions.identification(b, at));
    }

    @Test
    void misplacedRepeatedAndDeprecatedHeadersAreRefused() {
        String routing0 =
                "6000000000202b40" + ADDRESSES + "110200010000000020010db8000000000000000000000009000100020008a45f";
        String lateHopByHop = "6000000000103c40" + ADDRESSES + "0000010400000000" + "3b00010400000000";
        String twoFragments = "6000000000102c40" + ADDRESSES + "2c00000100000001" + "1100000100000001";
        String nine = "6000000000483c40" + ADDRESSES + "3c00010400000000".repeat(8) + "3b00010400000000";
        for (String hex : new String[] {routing0, lateHopByHop, twoFragments, nine}) {
            MemorySegment b = bytes(hex);
            assertTrue(Ipv6Extensions.isBad(Ipv6Extensions.walk(b, AT, (int) b.byteSize())), hex);
        }
    }

    @Override
    DropReason check(MemorySegment b, int at, int end) {
        return Ipv6.check(b, at, end);
    }

    @Override
    void write(MemorySegment b, int at) {
        Ipv6.write(b, at, 0xb9, 0x12345, 11, 17, 63, 0x2001_0db8L << 32, 1, 0x2001_0db8_0001_0000L, 2);
        Udp.write(b, at + 40, 1000, 2000, 11);
        Octets.u16(b, at + 48, 0x6f64);
        Octets.u8(b, at + 50, 0x64);
        Udp.computeChecksum(b, at + 40, Ipv6.pseudoHeader(b, at, IpProtocol.UDP, 11));
    }

    @Override
    String describe(MemorySegment b, int at) {
        return Ipv6.describe(b, at);
    }

    @Override
    void roundTrip(MemorySegment b, int at, RandomGenerator random) {
        int label = random.nextInt(1 << 20);
        Ipv6.write(b, at, random.nextInt(256), label, 0, 59, 0, 0, 0, 0, 0);
        int trafficClass = random.nextInt(256);
        int hops = random.nextInt(256);
        int length = random.nextInt(65_536);
        long high = random.nextLong();
        long low = random.nextLong();
        Ipv6.trafficClass(b, at, trafficClass);
        Ipv6.hopLimit(b, at, hops);
        Ipv6.payloadLength(b, at, length);
        Ipv6.source(b, at, high, low);
        Ipv6.destination(b, at, ~high, ~low);
        assertEquals(trafficClass, Ipv6.trafficClass(b, at));
        assertEquals(label, Ipv6.flowLabel(b, at));
        assertEquals(hops, Ipv6.hopLimit(b, at));
        assertEquals(length, Ipv6.payloadLength(b, at));
        assertEquals(high, Ipv6.sourceHigh(b, at));
        assertEquals(low, Ipv6.sourceLow(b, at));
        assertEquals(~high, Ipv6.destinationHigh(b, at));
        assertEquals(~low, Ipv6.destinationLow(b, at));
    }
}
