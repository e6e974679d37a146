package io.portcullis.core.packet;

import static io.portcullis.core.packet.DropReason.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChecksumsTest {
    private static Packet parsed(String hex, boolean partial) {
        Packet packet = HeadersTest.packet(hex);
        assertEquals(NONE, Headers.parse(packet));
        if (partial) {
            int at = packet.transportAt();
            int field = packet.protocol() == IpProtocol.TCP ? Tcp.CHECKSUM : Udp.CHECKSUM;
            Octets.u16(
                    packet.buffer(), at + field, Checksum.fold(Headers.pseudoHeader(packet, packet.payloadEnd() - at)));
            packet.partialChecksum(at, field);
        }
        return packet;
    }

    @ParameterizedTest
    @CsvSource({HeadersTest.UDP_V4, HeadersTest.TCP_V4, HeadersTest.UDP_V6, HeadersTest.TCP_V6})
    void completingGivesWhatTheSenderWouldHaveSent(String hex) {
        Packet packet = parsed(hex, true);
        Checksums.complete(packet);
        assertFalse(packet.partialChecksum());
        assertEquals(hex, WireTest.hex(packet.buffer(), packet.start(), packet.length()));
        Checksums.complete(packet);
        assertEquals(hex, WireTest.hex(packet.buffer(), packet.start(), packet.length()));
    }

    @Test
    void paddingBehindThePacketIsNotSummed() {
        Packet packet = parsed(HeadersTest.UDP_V4 + "a5a5a5", true);
        Checksums.complete(packet);
        assertEquals(NONE, Headers.verifyTransport(packet));
    }

    @ParameterizedTest
    @CsvSource({
        HeadersTest.UDP_V4 + ",false",
        HeadersTest.UDP_V4 + ",true",
        HeadersTest.TCP_V4 + ",false",
        HeadersTest.TCP_V4 + ",true",
        HeadersTest.ERROR_V4 + ",false"
    })
    void followIpv4Translation(String hex, boolean partial) {
        Packet packet = parsed(hex, partial);
        int at = packet.networkAt();
        Checksums.address32(packet, Ipv4.source(packet.buffer(), at), 0xcb00_7101);
        Ipv4.source(packet.buffer(), at, 0xcb00_7101);
        if (packet.protocol() != IpProtocol.ICMP) {
            Checksums.word16(packet, packet.sourcePort(), 61_000);
            Udp.sourcePort(packet.buffer(), packet.transportAt(), 61_000);
        }
        Checksums.complete(packet);
        assertEquals(NONE, Headers.parse(packet));
        assertEquals(NONE, Headers.verifyTransport(packet));
    }

    @ParameterizedTest
    @CsvSource({
        HeadersTest.UDP_V6 + ",false",
        HeadersTest.UDP_V6 + ",true",
        HeadersTest.TCP_V6 + ",true",
        HeadersTest.ECHO_V6 + ",false"
    })
    void followIpv6Translation(String hex, boolean partial) {
        Packet packet = parsed(hex, partial);
        int at = packet.networkAt();
        Checksums.address64(packet, packet.destinationHigh(), 0xfd00_dead_0000_beefL);
        Checksums.address64(packet, packet.destinationLow(), -2);
        Ipv6.destination(packet.buffer(), at, 0xfd00_dead_0000_beefL, -2);
        Checksums.complete(packet);
        assertEquals(NONE, Headers.parse(packet));
        assertEquals(NONE, Headers.verifyTransport(packet));
    }

    @Test
    void udpWithoutChecksumStaysWithout() {
        Packet packet = parsed(HeadersTest.UDP_V4, false);
        Udp.checksum(packet.buffer(), packet.transportAt(), 0);
        Checksums.address32(packet, 1, 2);
        Checksums.word16(packet, 3, 4);
        assertEquals(0, Udp.checksum(packet.buffer(), packet.transportAt()));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void mssIsLoweredNeverRaised(boolean partial) {
        // The option stands at an odd offset, behind one NOP.
        Packet packet = parsed(HeadersTest.TCP_V4, partial);
        assertFalse(Checksums.clampMss(packet, 1460));
        assertTrue(Checksums.clampMss(packet, 1357));
        assertEquals(1357, Tcp.mss(packet.buffer(), packet.transportAt()));
        Checksums.complete(packet);
        assertEquals(NONE, Headers.verifyTransport(packet));
    }
}
