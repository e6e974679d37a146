package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class TcpTest extends WireTest {
    private static final String OPTIONS = "01020405b40402080a000000010000000201030307000000";

    TcpTest() {
        super(
                "9c4001bbfffffff00102030450c2faf000000000",
                Tcp.HEADER,
                "TCP 40000 > 443 [SEC] seq 4294967280 ack 16909060 window 64240");
    }

    private static MemorySegment withOptions() {
        return bytes("9c4001bbfffffff001020304b0c2faf0f3d20000" + OPTIONS);
    }

    @Test
    void takesApart() {
        MemorySegment b = withOptions();
        assertEquals(DropReason.NONE, Tcp.check(b, AT, (int) b.byteSize()));
        assertEquals(40_000, Tcp.sourcePort(b, AT));
        assertEquals(443, Tcp.destinationPort(b, AT));
        assertEquals(0xffff_fff0, Tcp.sequence(b, AT));
        assertEquals(0x0102_0304, Tcp.acknowledgement(b, AT));
        assertEquals(44, Tcp.headerLength(b, AT));
        assertEquals(Tcp.SYN | Tcp.ECE | Tcp.CWR, Tcp.flags(b, AT));
        assertEquals(64_240, Tcp.window(b, AT));
        assertEquals(0xf3d2, Tcp.checksum(b, AT));
        assertEquals(0, Tcp.urgentPointer(b, AT));
        assertEquals(1460, Tcp.mss(b, AT));
        assertEquals(7, Tcp.windowScale(b, AT));
        assertEquals(AT + 25, Tcp.optionAt(b, AT, Tcp.OPTION_SACK_PERMITTED));
        assertEquals(AT + 27, Tcp.optionAt(b, AT, Tcp.OPTION_TIMESTAMPS));
        assertEquals(0, Tcp.optionAt(b, AT, 77));
    }

    @Test
    void optionsCutOffBehindTheHeaderAreRefused() {
        MemorySegment b = withOptions();
        for (int end = AT + 20; end < AT + 44; end++) {
            assertEquals(DropReason.BAD_LENGTH, Tcp.check(b.asSlice(0, end), AT, end));
        }
        Tcp.headerLength(b, AT, 16);
        assertEquals(DropReason.BAD_LENGTH, Tcp.check(b, AT, (int) b.byteSize()));
    }

    @Test
    void malformedOptionsEndTheSearch() {
        for (int length : new int[] {0, 1, 24, 255}) {
            MemorySegment b = withOptions();
            Octets.u8(b, AT + 22, length);
            assertEquals(0, Tcp.mss(b, AT), "length " + length);
            assertEquals(-1, Tcp.windowScale(b, AT), "length " + length);
        }
        MemorySegment kindOnly = bytes("000100020000000000000000601000000000000001010102");
        assertEquals(0, Tcp.mss(kindOnly, AT));
    }

    @Override
    DropReason check(MemorySegment b, int at, int end) {
        return Tcp.check(b, at, end);
    }

    @Override
    void write(MemorySegment b, int at) {
        Tcp.write(b, at, 40_000, 443, 0xffff_fff0, 0x0102_0304, Tcp.SYN | Tcp.ECE | Tcp.CWR, 64_240);
    }

    @Override
    String describe(MemorySegment b, int at) {
        return Tcp.describe(b, at);
    }

    @Override
    void roundTrip(MemorySegment b, int at, RandomGenerator random) {
        int source = random.nextInt(65_536);
        int destination = random.nextInt(65_536);
        int sequence = random.nextInt();
        int acknowledgement = random.nextInt();
        int flags = random.nextInt(256);
        Tcp.write(b, at, 0, 0, 0, 0, 0, 77);
        Tcp.sourcePort(b, at, source);
        Tcp.destinationPort(b, at, destination);
        Tcp.sequence(b, at, sequence);
        Tcp.acknowledgement(b, at, acknowledgement);
        Tcp.flags(b, at, flags);
        assertEquals(source, Tcp.sourcePort(b, at));
        assertEquals(destination, Tcp.destinationPort(b, at));
        assertEquals(sequence, Tcp.sequence(b, at));
        assertEquals(acknowledgement, Tcp.acknowledgement(b, at));
        assertEquals(flags, Tcp.flags(b, at));
        assertEquals(77, Tcp.window(b, at));
    }
}
