package io.portcullis.core.port.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.Checksum;
import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Ethernet;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.packet.Tcp;
import io.portcullis.core.packet.Udp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PartialChecksumsTest {
    private static final int DATA = 333;

    private final PacketPool pool = new PacketPool(2);
    private final Random random = new Random(16);

    @AfterEach
    void closePool() {
        pool.close();
    }

    /** A frame whose checksum field holds the sum of the pseudo-header, as a kernel leaves it. */
    private Packet partial(boolean v4, boolean tagged, int protocol) {
        Packet packet = pool.take();
        MemorySegment b = packet.buffer();
        int transport = protocol == IpProtocol.TCP ? Tcp.HEADER : Udp.HEADER;
        int link = Ethernet.HEADER + (tagged ? Ethernet.TAG : 0);
        int network = v4 ? Ipv4.HEADER : Ipv6.HEADER;
        int at = packet.append(link + network + transport + DATA);
        byte[] data = new byte[DATA];
        random.nextBytes(data);
        int ip = at + link;
        int segment = ip + network;
        MemorySegment.copy(data, 0, b, ValueLayout.JAVA_BYTE, segment + transport, DATA);
        int type = v4 ? EtherType.IPV4 : EtherType.IPV6;
        if (tagged) {
            Ethernet.write(b, at, 1, 2, 0, 7, type);
        } else {
            Ethernet.write(b, at, 1, 2, type);
        }
        int length = transport + DATA;
        if (v4) {
            Ipv4.write(b, ip, 0, network + length, 1, true, 64, protocol, 0x0a00_0001, 0x0a00_0002);
        } else {
            Ipv6.write(b, ip, 0, 0, length, protocol, 64, 0xfd00L << 48, 1, 0xfd00L << 48, 2);
        }
        if (protocol == IpProtocol.TCP) {
            Tcp.write(b, segment, 1000, 2000, 3, 4, Tcp.ACK, 5);
        } else {
            Udp.write(b, segment, 1000, 2000, length);
        }
        long pseudo = v4 ? Ipv4.pseudoHeader(b, ip, protocol, length) : Ipv6.pseudoHeader(b, ip, protocol, length);
        Octets.u16(b, segment + offset(protocol), Checksum.fold(pseudo));
        return packet;
    }

    private static int offset(int protocol) {
        return protocol == IpProtocol.TCP ? Tcp.CHECKSUM : Udp.CHECKSUM;
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, 6",
        "true, true, 6",
        "true, false, 17",
        "false, false, 6",
        "false, true, 17",
        "false, false, 17"
    })
    void whatAKernelLeftIsFoundAndWhatIsWholeIsNot(boolean v4, boolean tagged, int protocol) {
        Packet packet = partial(v4, tagged, protocol);
        int frame = packet.start();
        int end = packet.end();
        PartialChecksums.find(packet);
        assertTrue(packet.partialChecksum());
        assertEquals(frame, packet.start());
        assertEquals(end, packet.end());
        assertEquals(offset(protocol), packet.checksumOffset());

        packet.bounds(frame + (tagged ? 18 : 14), end);
        assertEquals(DropReason.NONE, Headers.parse(packet));
        assertEquals(packet.transportAt(), packet.checksumStart());
        Checksums.complete(packet);
        assertEquals(DropReason.NONE, Headers.verifyTransport(packet));
        packet.bounds(frame, end);
        PartialChecksums.find(packet);
        assertFalse(packet.partialChecksum());
    }

    @Test
    void aRightChecksumThatLooksPartialIsLeftAlone() {
        Packet packet = partial(true, false, IpProtocol.UDP);
        MemorySegment b = packet.buffer();
        int udp = packet.start() + Ethernet.HEADER + Ipv4.HEADER;
        // The last word of data is chosen so that the checksum is the very sum of the pseudo-header.
        int word = udp + Udp.HEADER;
        Octets.u16(b, word, 0);
        long pseudo = Ipv4.pseudoHeader(b, packet.start() + Ethernet.HEADER, IpProtocol.UDP, Udp.HEADER + DATA);
        Octets.u16(b, word, Checksum.of(b, udp, packet.end(), pseudo));
        PartialChecksums.find(packet);
        assertFalse(packet.partialChecksum());
    }

    @Test
    void anExtensionHeaderHidesNothing() {
        Packet plain = partial(false, false, IpProtocol.TCP);
        Packet packet = pool.take();
        MemorySegment b = packet.buffer();
        int head = Ethernet.HEADER + Ipv6.HEADER;
        int at = packet.append(plain.length() + 8);
        MemorySegment.copy(plain.buffer(), plain.start(), b, at, head);
        MemorySegment.copy(plain.buffer(), plain.start() + head, b, at + head + 8, plain.length() - head);
        int ip = at + Ethernet.HEADER;
        Octets.u16(b, ip + 4, Octets.u16(b, ip + 4) + 8);
        Octets.u8(b, ip + 6, IpProtocol.DESTINATION_OPTIONS);
        // Next header, length 0, PadN of four octets (RFC 8200 section 4.2).
        Octets.i64(b, at + head, (long) IpProtocol.TCP << 56 | 0x0104L << 32);
        PartialChecksums.find(packet);
        assertTrue(packet.partialChecksum());
        assertEquals(at + head + 8, packet.checksumStart());
    }

    @Test
    void aFragmentIsNeverPartial() {
        Packet packet = partial(true, false, IpProtocol.UDP);
        MemorySegment b = packet.buffer();
        int ip = packet.start() + Ethernet.HEADER;
        Octets.u16(b, ip + 6, 0x2000);
        Octets.u16(b, ip + 10, 0);
        Octets.u16(b, ip + 10, Checksum.of(b, ip, ip + Ipv4.HEADER));
        PartialChecksums.find(packet);
        assertFalse(packet.partialChecksum());
    }

    @Test
    void noiseAndFramesCutAnywhereAreTaken() {
        for (int protocol : new int[] {IpProtocol.TCP, IpProtocol.UDP}) {
            for (boolean v4 : new boolean[] {true, false}) {
                Packet packet = partial(v4, false, protocol);
                int wholeLength = packet.length();
                for (int length = wholeLength; length >= 0; length--) {
                    packet.trim(length);
                    packet.clearOffload();
                    PartialChecksums.find(packet);
                    assertEquals(packet.partialChecksum(), length == wholeLength);
                }
                for (int i = 0; i < 20_000; i++) {
                    packet.reset();
                    int at = packet.append(60);
                    for (int octet = 0; octet < 60; octet++) {
                        Octets.u8(packet.buffer(), at + octet, random.nextInt());
                    }
                    Octets.u16(packet.buffer(), at + 12, v4 ? EtherType.IPV4 : EtherType.IPV6);
                    PartialChecksums.find(packet);
                }
                pool.give(packet);
            }
        }
    }
}
