package io.portcullis.core.port.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Tcp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors by the layout of linux/virtio_net.h on a little-endian machine. */
final class VirtioHeaderTest {
    private static final int AT = Packet.HEADROOM - VirtioHeader.LENGTH;
    private static final String TCP_V4 = "01014200a80522001000";

    private static Packet packet(int octets) {
        Packet packet = new Packet(Arena.ofAuto().allocate(Packet.CAPACITY));
        packet.append(octets);
        return packet;
    }

    private static Packet withHeader(String hex, int octets) {
        Packet packet = packet(octets);
        byte[] header = HexFormat.of().parseHex(hex);
        if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
            for (int i = 2; i < header.length; i += 2) {
                byte first = header[i];
                header[i] = header[i + 1];
                header[i + 1] = first;
            }
        }
        MemorySegment.copy(header, 0, packet.buffer(), ValueLayout.JAVA_BYTE, AT, header.length);
        return packet;
    }

    @Test
    void takesApart() {
        Packet packet = withHeader(TCP_V4, 5000);
        assertTrue(VirtioHeader.read(packet.buffer(), AT, packet));
        assertTrue(packet.partialChecksum());
        assertEquals(packet.start() + 34, packet.checksumStart());
        assertEquals(16, packet.checksumOffset());
        assertEquals(Packet.Gso.TCP_V4, packet.gso());
        assertEquals(1448, packet.gsoSize());

        Packet plain = withHeader("02000000000000000000", 60);
        assertTrue(VirtioHeader.read(plain.buffer(), AT, plain));
        assertFalse(plain.partialChecksum());
        assertEquals(Packet.Gso.NONE, plain.gso());
    }

    @Test
    void putsTogether() {
        Packet packet = packet(5000);
        packet.buffer().asSlice(AT - 3, 16).fill((byte) 0xa5);
        packet.partialChecksum(packet.start() + 34, 16);
        packet.gso(Packet.Gso.TCP_V4, 1448);
        Tcp.headerLength(packet.buffer(), packet.start() + 34, 32);
        VirtioHeader.write(packet.buffer(), AT, packet);
        Packet expected = withHeader(TCP_V4, 5000);
        assertEquals(
                -1, packet.buffer().asSlice(AT, 10).mismatch(expected.buffer().asSlice(AT, 10)));
        assertEquals((byte) 0xa5, packet.buffer().get(ValueLayout.JAVA_BYTE, AT - 1));
        assertEquals((byte) 0xa5, packet.buffer().get(ValueLayout.JAVA_BYTE, AT + 10));
    }

    @ParameterizedTest
    @CsvSource({
        // The checksum field lies behind the frame.
        "01000000000022001000, 51",
        "0100000000000000ffff, 1000",
        // A kind of cutting that is not known: UFO, and one of the future.
        "01032a00a80522000600, 5000",
        "01092a00a80522000600, 5000",
        // Cut into nothing.
        "01014200000022001000, 5000"
    })
    void contradictionsAreRefused(String header, int octets) {
        Packet packet = withHeader(header, octets);
        assertFalse(VirtioHeader.read(packet.buffer(), AT, packet));
    }

    @Test
    void congestionWindowReducedIsTold() {
        Packet packet = packet(5000);
        packet.partialChecksum(packet.start() + 54, 16);
        packet.gso(Packet.Gso.TCP_V6, 1428);
        Tcp.headerLength(packet.buffer(), packet.start() + 54, 20);
        Tcp.flags(packet.buffer(), packet.start() + 54, Tcp.ACK | Tcp.CWR);
        VirtioHeader.write(packet.buffer(), AT, packet);
        assertEquals((byte) 0x84, packet.buffer().get(ValueLayout.JAVA_BYTE, AT + 1));
        assertTrue(VirtioHeader.read(packet.buffer(), AT, packet));
        assertEquals(Packet.Gso.TCP_V6, packet.gso());
    }

    @Test
    void roundTrips() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
        for (int i = 0; i < 1000; i++) {
            Packet sent = packet(2000 + random.nextInt(60_000));
            int start = random.nextInt(1000);
            int size = 1 + random.nextInt(9000);
            sent.partialChecksum(sent.start() + start, 6);
            sent.gso(Packet.Gso.UDP, size);
            VirtioHeader.write(sent.buffer(), AT, sent);
            sent.clearOffload();
            assertTrue(VirtioHeader.read(sent.buffer(), AT, sent));
            assertEquals(sent.start() + start, sent.checksumStart());
            assertEquals(6, sent.checksumOffset());
            assertEquals(Packet.Gso.UDP, sent.gso());
            assertEquals(size, sent.gsoSize());
        }
    }
}
