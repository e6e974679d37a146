package io.portcullis.core.packet;

import static io.portcullis.core.packet.DropReason.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SegmenterTest {
    private static final int LINK = Ethernet.HEADER;

    /** A super-packet behind an Ethernet header, its payload the octets 0, 1, 2 and so on, its checksum partial. */
    private static Packet big(int version, int protocol, int payload, int size) {
        Packet packet = new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));
        int transport = protocol == IpProtocol.TCP ? Tcp.HEADER + 12 : Udp.HEADER;
        int network = version == 4 ? Ipv4.HEADER : Ipv6.HEADER;
        int at = packet.append(LINK + network + transport + payload);
        var b = packet.buffer();
        Ethernet.write(b, at, 2, 1, version == 4 ? EtherType.IPV4 : EtherType.IPV6);
        int ip = at + LINK;
        int l4 = ip + network;
        int length = transport + payload;
        long pseudo;
        if (version == 4) {
            Ipv4.write(b, ip, 2, network + length, 0xffff, true, 64, protocol, 0xc000_0201, 0xc000_0202);
            pseudo = Ipv4.pseudoHeader(b, ip, protocol, length);
        } else {
            Ipv6.write(b, ip, 0, 0, length, protocol, 64, 0xfd00L << 48, 1, 0xfd00L << 48, 2);
            pseudo = Ipv6.pseudoHeader(b, ip, protocol, length);
        }
        if (protocol == IpProtocol.TCP) {
            Tcp.write(b, l4, 1, 2, -100, 7, Tcp.ACK | Tcp.PSH | Tcp.FIN | Tcp.CWR, 9);
            Tcp.headerLength(b, l4, 32);
            Tcp.checksum(b, l4, Checksum.fold(pseudo));
        } else {
            Udp.write(b, l4, 1, 2, length);
            Udp.checksum(b, l4, Checksum.fold(pseudo));
        }
        packet.bounds(ip, packet.end());
        packet.partialChecksum(l4, protocol == IpProtocol.TCP ? Tcp.CHECKSUM : Udp.CHECKSUM);
        packet.gso(
                protocol == IpProtocol.UDP ? Packet.Gso.UDP : version == 4 ? Packet.Gso.TCP_V4 : Packet.Gso.TCP_V6,
                size);
        for (int i = 0; i < payload; i++) {
            Octets.u8(b, l4 + transport + i, i);
        }
        assertEquals(NONE, Headers.parse(packet));
        packet.bounds(at, packet.end());
        return packet;
    }

    @ParameterizedTest
    @CsvSource({
        "4,6,60000,1448",
        "6,6,60000,1428",
        "4,17,60000,1400",
        "6,17,3000,1000",
        "4,6,1448,1448",
        "4,6,1449,1448"
    })
    void segmentsAreWhatTheSenderWouldHaveSent(int version, int protocol, int payload, int size) {
        Packet from = big(version, protocol, payload, size);
        int count = Segmenter.count(from);
        assertEquals((payload + size - 1) / size, count);
        int header = from.transportAt() - from.networkAt() + (protocol == IpProtocol.TCP ? 32 : 8);
        assertEquals(header + size, Segmenter.segmentLength(from));
        int done = 0;
        for (int i = 0; i < count; i++) {
            Packet segment = new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));
            Segmenter.cut(from, i, segment);
            assertEquals(1, Ethernet.source(segment.buffer(), segment.start()));
            int networkAt = segment.networkAt();
            int transportAt = segment.transportAt();
            segment.pull(LINK);
            assertEquals(NONE, Headers.parse(segment));
            assertEquals(NONE, Headers.verifyTransport(segment));
            assertFalse(segment.partialChecksum());
            assertEquals(Packet.Gso.NONE, segment.gso());
            assertEquals(segment.networkAt(), networkAt);
            assertEquals(segment.transportAt(), transportAt);
            assertEquals(segment.end(), segment.payloadEnd());
            if (version == 4) {
                assertEquals(0xffff + i & 0xffff, Ipv4.identification(segment.buffer(), networkAt));
            }
            if (protocol == IpProtocol.TCP) {
                assertEquals(-100 + done, Tcp.sequence(segment.buffer(), transportAt));
                int flags = Tcp.ACK | (i == 0 ? Tcp.CWR : 0) | (i == count - 1 ? Tcp.PSH | Tcp.FIN : 0);
                assertEquals(flags, Tcp.flags(segment.buffer(), transportAt));
            }
            int data = segment.length() - header;
            assertEquals(i < count - 1 ? size : payload - done, data);
            for (int at = 0; at < data; at++) {
                assertEquals(done + at & 0xff, Octets.u8(segment.buffer(), networkAt + header + at));
            }
            done += data;
        }
        assertEquals(payload, done);
    }

    @Test
    void whatCanNotBeCutHasNoSegments() {
        Packet noSize = big(4, IpProtocol.TCP, 100, 50);
        noSize.gso(Packet.Gso.TCP_V4, 0);
        assertEquals(0, Segmenter.count(noSize));
        Packet fragment = big(4, IpProtocol.UDP, 100, 50);
        fragment.fragment(0, true);
        assertEquals(0, Segmenter.count(fragment));
        Packet icmp = HeadersTest.packet(HeadersTest.ERROR_V4);
        assertEquals(NONE, Headers.parse(icmp));
        icmp.gso(Packet.Gso.UDP, 10);
        assertEquals(0, Segmenter.count(icmp));
    }
}
