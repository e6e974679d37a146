package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class Ipv4Test extends WireTest {
    private static final String VECTOR =
            "45b90027123440003f113c9dc0000201c6336407119400350013c489706f727463756c6c697321";
    private static final String OPTIONS =
            "49000054000100000901245dc0000201c63364070107070400000000940400000100000008008e46" + "004d0003"
                    + "78".repeat(40);

    Ipv4Test() {
        super(VECTOR, VECTOR.length() / 2, "IPv4 192.0.2.1 > 198.51.100.7 UDP ttl 63 length 39 id 4660 DF");
    }

    @Test
    void takesApart() {
        MemorySegment b = bytes();
        assertEquals(20, Ipv4.headerLength(b, AT));
        assertEquals(0xb9, Ipv4.tos(b, AT));
        assertEquals(46, Ipv4.dscp(b, AT));
        assertEquals(1, Ipv4.ecn(b, AT));
        assertEquals(39, Ipv4.totalLength(b, AT));
        assertEquals(0x1234, Ipv4.identification(b, AT));
        assertTrue(Ipv4.dontFragment(b, AT));
        assertFalse(Ipv4.moreFragments(b, AT));
        assertEquals(0, Ipv4.fragmentOffset(b, AT));
        assertEquals(63, Ipv4.ttl(b, AT));
        assertEquals(IpProtocol.UDP, Ipv4.protocol(b, AT));
        assertEquals(0x3c9d, Ipv4.checksum(b, AT));
        assertEquals(0xc000_0201, Ipv4.source(b, AT));
        assertEquals(0xc633_6407, Ipv4.destination(b, AT));
    }

    @Test
    void everyFlippedHeaderBitIsRefused() {
        for (int bit = 0; bit < 160; bit++) {
            MemorySegment b = bytes();
            Octets.u8(b, AT + bit / 8, Octets.u8(b, AT + bit / 8) ^ 1 << bit % 8);
            assertFalse(Ipv4.check(b, AT, (int) b.byteSize()) == DropReason.NONE, "bit " + bit);
        }
    }

    @Test
    void contradictingLengthsAreRefused() {
        MemorySegment b = bytes();
        Octets.u8(b, AT, 0x44);
        assertEquals(DropReason.BAD_LENGTH, Ipv4.check(b, AT, (int) b.byteSize()));
        Octets.u8(b, AT, 0x45);
        Octets.u16(b, AT + 2, 19);
        assertEquals(DropReason.BAD_LENGTH, Ipv4.check(b, AT, (int) b.byteSize()));
        Octets.u16(b, AT + 2, 40);
        assertEquals(DropReason.BAD_LENGTH, Ipv4.check(b, AT, (int) b.byteSize()));
        Octets.u8(b, AT, 0x65);
        assertEquals(DropReason.BAD_VERSION, Ipv4.check(b, AT, (int) b.byteSize()));
    }

    @Test
    void optionsAreFoundAndMalformedOnesRefused() {
        MemorySegment b = bytes(OPTIONS);
        assertEquals(DropReason.NONE, Ipv4.check(b, AT, (int) b.byteSize()));
        assertEquals(36, Ipv4.headerLength(b, AT));
        assertEquals(DropReason.NONE, Ipv4Options.check(b, AT));
        assertEquals(AT + 21, Ipv4Options.find(b, AT, Ipv4Options.RECORD_ROUTE));
        assertEquals(AT + 28, Ipv4Options.find(b, AT, Ipv4Options.ROUTER_ALERT));
        assertEquals(0, Ipv4Options.find(b, AT, Ipv4Options.LOOSE_SOURCE_ROUTE));
        for (int length : new int[] {0, 1, 5, 255}) {
            Octets.u8(b, AT + 29, length);
            DropReason expected = length == 5 ? DropReason.NONE : DropReason.BAD_OPTIONS;
            assertEquals(expected, Ipv4Options.check(b, AT), "length " + length);
        }
    }

    @Override
    DropReason check(MemorySegment b, int at, int end) {
        return Ipv4.check(b, at, end);
    }

    @Override
    void write(MemorySegment b, int at) {
        Ipv4.write(b, at, 0xb9, 39, 0x1234, true, 63, IpProtocol.UDP, 0xc000_0201, 0xc633_6407);
        Udp.write(b, at + 20, 4500, 53, 19);
        for (int i = 0; i < 11; i++) {
            Octets.u8(b, at + 28 + i, "portcullis!".charAt(i));
        }
        Udp.computeChecksum(b, at + 20, Ipv4.pseudoHeader(b, at, IpProtocol.UDP, 19));
    }

    @Override
    String describe(MemorySegment b, int at) {
        return Ipv4.describe(b, at);
    }

    @Override
    void roundTrip(MemorySegment b, int at, RandomGenerator random) {
        int source = random.nextInt();
        int destination = random.nextInt();
        Ipv4.write(b, at, 0, 20, random.nextInt(65_536), random.nextBoolean(), 0, 1, source, 1);
        int ttl = random.nextInt(256);
        int tos = random.nextInt(256);
        int id = random.nextInt(65_536);
        int offset = random.nextInt(8192) * 8;
        boolean more = random.nextBoolean();
        boolean df = random.nextBoolean();
        Ipv4.ttl(b, at, ttl);
        Ipv4.tos(b, at, tos);
        Ipv4.identification(b, at, id);
        Ipv4.fragment(b, at, offset, more);
        Ipv4.dontFragment(b, at, df);
        Ipv4.destination(b, at, destination);
        assertEquals(ttl, Ipv4.ttl(b, at));
        assertEquals(tos, Ipv4.tos(b, at));
        assertEquals(id, Ipv4.identification(b, at));
        assertEquals(offset, Ipv4.fragmentOffset(b, at));
        assertEquals(more, Ipv4.moreFragments(b, at));
        assertEquals(df, Ipv4.dontFragment(b, at));
        assertEquals(source, Ipv4.source(b, at));
        assertEquals(destination, Ipv4.destination(b, at));
        // Six incremental updates later the checksum still holds.
        assertEquals(DropReason.NONE, Ipv4.check(b, at, at + 20));
    }
}
