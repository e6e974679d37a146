package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class UdpTest extends WireTest {
    UdpTest() {
        super("1194003500130000706f727463756c6c697321", Udp.HEADER, "UDP 4500 > 53 length 19");
    }

    @Test
    void takesApart() {
        MemorySegment b = bytes();
        assertEquals(4500, Udp.sourcePort(b, AT));
        assertEquals(53, Udp.destinationPort(b, AT));
        assertEquals(19, Udp.length(b, AT));
        assertEquals(0, Udp.checksum(b, AT));
    }

    @Test
    void contradictingLengthsAreRefused() {
        MemorySegment b = bytes();
        Udp.length(b, AT, 7);
        assertEquals(DropReason.BAD_LENGTH, Udp.check(b, AT, (int) b.byteSize()));
        Udp.length(b, AT, 20);
        assertEquals(DropReason.BAD_LENGTH, Udp.check(b, AT, (int) b.byteSize()));
    }

    @Test
    void aChecksumOfZeroIsSentAsAllOnes() {
        MemorySegment b = bytes("0000000000080000");
        Udp.computeChecksum(b, AT, 0xffff - 8);
        assertEquals(0xffff, Udp.checksum(b, AT));
    }

    @Override
    DropReason check(MemorySegment b, int at, int end) {
        return Udp.check(b, at, end);
    }

    @Override
    void write(MemorySegment b, int at) {
        Udp.write(b, at, 4500, 53, 19);
    }

    @Override
    String describe(MemorySegment b, int at) {
        return Udp.describe(b, at);
    }

    @Override
    void roundTrip(MemorySegment b, int at, RandomGenerator random) {
        int source = random.nextInt(65_536);
        int destination = random.nextInt(65_536);
        Udp.write(b, at, 0, 0, 8);
        Udp.sourcePort(b, at, source);
        Udp.destinationPort(b, at, destination);
        assertEquals(source, Udp.sourcePort(b, at));
        assertEquals(destination, Udp.destinationPort(b, at));
        assertEquals(8, Udp.length(b, at));
    }
}
