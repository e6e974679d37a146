package io.portcullis.core.packet;

import static io.portcullis.core.packet.DropReason.BAD_CHECKSUM;
import static io.portcullis.core.packet.DropReason.BAD_FRAGMENT;
import static io.portcullis.core.packet.DropReason.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.net.IpAddress;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors made with scapy 2.5.0. */
final class HeadersTest {
    static final String UDP_V4 = "45b90027123440003f113c9dc0000201c6336407119400350013c489706f727463756c6c697321";
    static final String TCP_V4 =
            "450000400007000040068e75c0000201c63364079c4001bbfffffff001020304b0c2faf0f3d2000001020405"
                    + "b40402080a000000010000000201030307000000";
    static final String V6 = "20010db800000000000000000000000120010db8000100000000000000000002";
    static final String UDP_V6 = "6b912345000b113f" + V6 + "03e807d0000bc5456f6464";
    static final String TCP_V6 = "6000000000440040" + V6
            + "3c000502000001002b01010c000000000000000000000000060202000000000020010db8000000000000000000000009"
            + "00010002000000000000000050102000345c0000";
    static final String ECHO_V6 = "60000000000d3a4020010db800000000000000000000000220010db800000000000000000000000180"
            + "00e0630009000468656c6c6f";
    static final String ERROR_V4 =
            "45000038000100004001f6c0c0000201c00002020304e3d4000005784500001c0001000040118e99c000"
                    + "0202c633640100010002000813a4";
    static final String ESP_V4 =
            "4500002c000100004032f69bc0000201c0000202c0ffee018000000530313233343536373839616263646566";
    static final String FIRST_V6 = "6000000000182c40" + V6 + "11000001deadbeef00070008006411113132333435363738";
    static final String LATER_V6 = "60000000000d2c40" + V6 + "11000010deadbeef3132333435";

    static Packet packet(String hex) {
        Packet packet = new Packet(java.lang.foreign.Arena.ofAuto().allocate(Packet.CAPACITY));
        MemorySegment octets = WireTest.bytes(hex);
        packet.append(hex.length() / 2);
        MemorySegment.copy(octets, WireTest.AT, packet.buffer(), packet.start(), packet.length());
        return packet;
    }

    private static Packet parsed(String hex) {
        Packet packet = packet(hex);
        assertEquals(NONE, Headers.parse(packet));
        return packet;
    }

    @Test
    void recordsAnIpv4Packet() {
        Packet packet = parsed(UDP_V4 + "0000000000");
        assertEquals(4, packet.ipVersion());
        assertEquals(packet.start(), packet.networkAt());
        assertEquals(packet.start() + 20, packet.transportAt());
        assertEquals(packet.start() + 39, packet.payloadEnd());
        assertEquals(IpProtocol.UDP, packet.protocol());
        assertEquals(IpAddress.literal("192.0.2.1"), new IpAddress(packet.sourceHigh(), packet.sourceLow()));
        assertEquals(
                IpAddress.literal("198.51.100.7"), new IpAddress(packet.destinationHigh(), packet.destinationLow()));
        assertEquals(4500, packet.sourcePort());
        assertEquals(53, packet.destinationPort());
        assertFalse(packet.isFragment());
    }

    @Test
    void recordsAnIpv6PacketBehindItsExtensions() {
        Packet packet = parsed(TCP_V6);
        assertEquals(6, packet.ipVersion());
        assertEquals(IpProtocol.TCP, packet.protocol());
        assertEquals(packet.start() + 88, packet.transportAt());
        assertEquals(packet.end(), packet.payloadEnd());
        assertEquals(IpAddress.literal("2001:db8::1"), new IpAddress(packet.sourceHigh(), packet.sourceLow()));
        assertEquals(1, packet.sourcePort());
        assertEquals(2, packet.destinationPort());
    }

    @Test
    void icmpHasItsIdentifierAndTypeForPorts() {
        Packet echo = parsed(ECHO_V6);
        assertEquals(9, echo.sourcePort());
        assertEquals(Icmpv6.ECHO_REQUEST << 8, echo.destinationPort());
        Packet error = parsed(ERROR_V4);
        assertEquals(0, error.sourcePort());
        assertEquals(0x0304, error.destinationPort());
    }

    @Test
    void espHasNoPorts() {
        Packet packet = parsed(ESP_V4);
        assertEquals(IpProtocol.ESP, packet.protocol());
        assertEquals(0, packet.sourcePort());
        assertEquals(0, packet.destinationPort());
    }

    @Test
    void recordsFragments() {
        Packet first = parsed(FIRST_V6);
        assertTrue(first.moreFragments());
        assertEquals(0, first.fragmentOffset());
        assertEquals(7, first.sourcePort());
        Packet later = parsed(LATER_V6);
        assertTrue(later.isFragment());
        assertEquals(16, later.fragmentOffset());
        assertEquals(0, later.sourcePort());
        assertEquals(later.start() + 48, later.transportAt());
        assertEquals(IpProtocol.UDP, later.protocol());
    }

    @Test
    void fragmentsThatHideOrRewriteHeadersAreRefused() {
        Packet tiny = packet(TCP_V4.substring(0, 2 * 36));
        Ipv4.totalLength(tiny.buffer(), tiny.start(), 36);
        Ipv4.fragment(tiny.buffer(), tiny.start(), 0, true);
        assertEquals(BAD_FRAGMENT, Headers.parse(tiny));

        Packet overFlags = packet(TCP_V4);
        Ipv4.fragment(overFlags.buffer(), overFlags.start(), 8, false);
        assertEquals(BAD_FRAGMENT, Headers.parse(overFlags));

        Packet outside = packet(UDP_V4);
        Ipv4.fragment(outside.buffer(), outside.start(), 65_528, false);
        assertEquals(BAD_FRAGMENT, Headers.parse(outside));

        Packet uneven = packet(UDP_V4);
        Ipv4.fragment(uneven.buffer(), uneven.start(), 800, true);
        assertEquals(BAD_FRAGMENT, Headers.parse(uneven));
    }

    @Test
    void mappedAddressesOnTheWireAreRefused() {
        Packet packet = packet(UDP_V6);
        Ipv6.source(packet.buffer(), packet.start(), 0, 0x0000_ffff_c000_0201L);
        assertEquals(DropReason.ILLEGAL_SOURCE, Headers.parse(packet));
        packet = packet(UDP_V6);
        Ipv6.destination(packet.buffer(), packet.start(), 0, 0x0000_ffff_c000_0201L);
        assertEquals(DropReason.ILLEGAL_DESTINATION, Headers.parse(packet));
    }

    @ParameterizedTest
    @ValueSource(strings = {UDP_V4, TCP_V4, UDP_V6, TCP_V6, ECHO_V6, ERROR_V4, ESP_V4, FIRST_V6, LATER_V6})
    void everyTruncationIsRefused(String hex) {
        for (int octets = 0; octets < hex.length() / 2; octets++) {
            assertNotEquals(NONE, Headers.parse(packet(hex.substring(0, 2 * octets))), "at " + octets);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {UDP_V4, TCP_V4, UDP_V6, TCP_V6, ECHO_V6, ERROR_V4})
    void transportChecksumsAreVerified(String hex) {
        Packet packet = parsed(hex);
        assertEquals(NONE, Headers.verifyTransport(packet));
        for (int at = packet.transportAt(); at < packet.payloadEnd(); at++) {
            int before = Octets.u8(packet.buffer(), at);
            Octets.u8(packet.buffer(), at, before ^ 0x10);
            // A changed length of UDP is the parser's to refuse.
            boolean isLength = packet.protocol() == IpProtocol.UDP && (at - packet.transportAt() & ~1) == 4;
            assertTrue(isLength || Headers.verifyTransport(packet) == BAD_CHECKSUM, "at " + at);
            Octets.u8(packet.buffer(), at, before);
        }
    }

    @Test
    void udpWithoutChecksumPassesInIpv4Only() {
        Packet v4 = parsed(UDP_V4);
        Udp.checksum(v4.buffer(), v4.transportAt(), 0);
        assertEquals(NONE, Headers.verifyTransport(v4));
        Packet v6 = parsed(UDP_V6);
        Udp.checksum(v6.buffer(), v6.transportAt(), 0);
        assertEquals(BAD_CHECKSUM, Headers.verifyTransport(v6));
    }

    @Test
    void aPartialChecksumIsNotVerified() {
        Packet packet = parsed(TCP_V4);
        Tcp.checksum(packet.buffer(), packet.transportAt(), 0x1234);
        packet.partialChecksum(packet.transportAt(), Tcp.CHECKSUM);
        assertEquals(NONE, Headers.verifyTransport(packet));
    }

    @Test
    void noBytesMakeItThrow() {
        RandomGenerator random = WireTest.random(8200);
        String[] seeds = {UDP_V4, TCP_V4, UDP_V6, TCP_V6, ECHO_V6, ERROR_V4, FIRST_V6, LATER_V6};
        for (int i = 0; i < 40_000; i++) {
            String hex = seeds[i % seeds.length];
            // The buffer ends with the packet: reading behind it would throw.
            MemorySegment octets = WireTest.bytes("00".repeat(Packet.HEADROOM - WireTest.AT) + hex);
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                Octets.u8(octets, Packet.HEADROOM + random.nextInt(hex.length() / 2), random.nextInt(256));
            }
            Packet packet = new Packet(octets);
            packet.append(hex.length() / 2);
            if ((Octets.u8(octets, packet.start()) & 0xf0) == 0x40 && packet.length() >= 20) {
                int header = Math.min(Ipv4.headerLength(octets, packet.start()), packet.length());
                Octets.u16(octets, packet.start() + 10, 0);
                Octets.u16(octets, packet.start() + 10, Checksum.of(octets, packet.start(), packet.start() + header));
            }
            if (Headers.parse(packet) == NONE) {
                Headers.verifyTransport(packet);
            }
        }
    }
}
