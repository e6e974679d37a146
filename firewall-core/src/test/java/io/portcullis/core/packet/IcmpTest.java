package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class IcmpTest extends WireTest {
    private static final String QUOTED = "4500001c0001000040118e99c0000202c633640100010002000813a4";

    IcmpTest() {
        super("0304e3d400000578" + QUOTED, 36, "ICMP unreachable code 4 mtu 1400");
    }

    @Test
    void takesApart() {
        MemorySegment error = bytes();
        assertEquals(Icmp.UNREACHABLE, Icmp.type(error, AT));
        assertEquals(Icmp.FRAGMENTATION_NEEDED, Icmp.code(error, AT));
        assertEquals(0xe3d4, Icmp.checksum(error, AT));
        assertEquals(1400, Icmp.mtu(error, AT));
        assertTrue(Icmp.isError(Icmp.type(error, AT)));

        MemorySegment echo = bytes("08008e46004d0003");
        assertEquals(Icmp.ECHO_REQUEST, Icmp.type(echo, AT));
        assertEquals(77, Icmp.identifier(echo, AT));
        assertEquals(3, Icmp.sequence(echo, AT));
        assertFalse(Icmp.isError(Icmp.type(echo, AT)));
        assertEquals("ICMP echo request id 77 seq 3", Icmp.describe(echo, AT));
    }

    @Override
    @Test
    void refusesEveryTruncation() {
        MemorySegment b = bytes();
        for (int end = AT; end < AT + Icmp.HEADER; end++) {
            assertEquals(DropReason.SHORT_HEADER, Icmp.check(b.asSlice(0, end), AT, end));
        }
        assertEquals(DropReason.NONE, Icmp.check(b, AT, AT + Icmp.HEADER));
    }

    @Override
    DropReason check(MemorySegment b, int at, int end) {
        return Icmp.check(b, at, end);
    }

    @Override
    void write(MemorySegment b, int at) {
        Icmp.write(b, at, Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, 1400);
        MemorySegment.copy(bytes(QUOTED), AT, b, at + 8, 28);
        Icmp.computeChecksum(b, at, at + 36);
    }

    @Override
    String describe(MemorySegment b, int at) {
        return Icmp.describe(b, at);
    }

    @Override
    void roundTrip(MemorySegment b, int at, RandomGenerator random) {
        int identifier = random.nextInt(65_536);
        int type = random.nextInt(256);
        int sequence = random.nextInt(65_536);
        Icmp.write(b, at, 0, random.nextInt(256), sequence);
        Icmp.type(b, at, type);
        Icmp.identifier(b, at, identifier);
        Icmp.computeChecksum(b, at, at + 8);
        assertEquals(type, Icmp.type(b, at));
        assertEquals(identifier, Icmp.identifier(b, at));
        assertEquals(sequence, Icmp.sequence(b, at));
        assertEquals(0, Checksum.of(b, at, at + 8));
    }
}
