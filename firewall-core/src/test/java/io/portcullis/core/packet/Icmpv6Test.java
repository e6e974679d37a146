package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class Icmpv6Test extends WireTest {
    /** A neighbour advertisement fe80::2 to fe80::1. */
    private static final String ADVERTISEMENT = "88009819e0000000fe8000000000000000000000000000020201020000000002";

    private static final String ROUTER =
            "8600b5ef40080708000000000000000001010200000000020501000000000578030440c0ffffffffffffffff"
                    + "0000000020010db8000500000000000000000000";

    Icmpv6Test() {
        super(ADVERTISEMENT, 32, "ICMPv6 neighbour fe80::2");
    }

    @Test
    void takesApart() {
        MemorySegment b = bytes();
        int end = (int) b.byteSize();
        assertEquals(Icmpv6.NEIGHBOUR_ADVERTISEMENT, Icmpv6.type(b, AT));
        assertEquals(0, Icmpv6.code(b, AT));
        assertEquals(Icmpv6.ROUTER | Icmpv6.SOLICITED | Icmpv6.OVERRIDE, Icmpv6.neighbourFlags(b, AT));
        assertEquals(0xfe80L << 48, Icmpv6.targetHigh(b, AT));
        assertEquals(2, Icmpv6.targetLow(b, AT));
        assertEquals(0x0200_0000_0002L, Icmpv6.linkAddress(b, AT, end, Icmpv6.OPTION_TARGET_LINK));
        assertEquals(-1, Icmpv6.linkAddress(b, AT, end, Icmpv6.OPTION_SOURCE_LINK));
        assertTrue(Icmpv6.isDiscovery(Icmpv6.type(b, AT)));

        MemorySegment tooBig = bytes("02002be900000500");
        assertEquals(1280, Icmpv6.mtu(tooBig, AT));
        assertTrue(Icmpv6.isError(Icmpv6.type(tooBig, AT)));
        MemorySegment echo = bytes("8000e0630009000468656c6c6f");
        assertEquals(9, Icmpv6.identifier(echo, AT));
        assertEquals(4, Icmpv6.sequence(echo, AT));
    }

    @Test
    void routerAdvertisementIsRead() {
        MemorySegment b = bytes(ROUTER);
        int end = (int) b.byteSize();
        assertEquals(DropReason.NONE, Icmpv6.check(b, AT, end));
        assertEquals(64, Icmpv6.suggestedHopLimit(b, AT));
        assertEquals(1800, Icmpv6.routerLifetime(b, AT));
        assertEquals(0x0200_0000_0002L, Icmpv6.linkAddress(b, AT, end, Icmpv6.OPTION_SOURCE_LINK));
        int mtu = Icmpv6.optionAt(b, AT, end, Icmpv6.OPTION_MTU);
        assertEquals(1400, Octets.i32(b, mtu + 4));
        int prefix = Icmpv6.optionAt(b, AT, end, Icmpv6.OPTION_PREFIX);
        assertEquals(64, Icmpv6.prefixLength(b, prefix));
        assertEquals(0x2001_0db8_0005_0000L, Icmpv6.prefixHigh(b, prefix));
        assertEquals(0, Icmpv6.prefixLow(b, prefix));
    }

    @Test
    void endlessAndOverlongOptionsAreRefused() {
        for (int length : new int[] {0, 2, 255}) {
            MemorySegment b = bytes();
            Octets.u8(b, AT + 25, length);
            assertEquals(DropReason.BAD_NEIGHBOUR_MESSAGE, Icmpv6.check(b, AT, (int) b.byteSize()));
        }
    }

    @Override
    @Test
    void refusesEveryTruncation() {
        MemorySegment b = bytes();
        for (int end = AT; end < AT + 32; end++) {
            // Without its option the message is whole: 24 octets.
            DropReason expected = end - AT < 24
                    ? DropReason.SHORT_HEADER
                    : end - AT == 24 ? DropReason.NONE : DropReason.BAD_NEIGHBOUR_MESSAGE;
            assertEquals(expected, Icmpv6.check(b.asSlice(0, end), AT, end), "at " + (end - AT));
        }
    }

    @Override
    DropReason check(MemorySegment b, int at, int end) {
        return Icmpv6.check(b, at, end);
    }

    @Override
    void write(MemorySegment b, int at) {
        int flags = Icmpv6.ROUTER | Icmpv6.SOLICITED | Icmpv6.OVERRIDE;
        Icmpv6.writeNeighbour(b, at, Icmpv6.NEIGHBOUR_ADVERTISEMENT, flags, 0xfe80L << 48, 2);
        Icmpv6.writeLinkOption(b, at + Icmpv6.NEIGHBOUR, Icmpv6.OPTION_TARGET_LINK, 0x0200_0000_0002L);
        long pseudo = Checksum.pseudoV6(0xfe80L << 48, 2, 0xfe80L << 48, 1, IpProtocol.ICMPV6, 32);
        Icmpv6.computeChecksum(b, at, at + 32, pseudo);
    }

    @Override
    String describe(MemorySegment b, int at) {
        return Icmpv6.describe(b, at);
    }

    @Override
    void roundTrip(MemorySegment b, int at, RandomGenerator random) {
        long high = random.nextLong();
        long low = random.nextLong();
        long mac = random.nextLong(1L << 48);
        Icmpv6.writeNeighbour(b, at, Icmpv6.NEIGHBOUR_SOLICITATION, 0, high, low);
        Icmpv6.writeLinkOption(b, at + Icmpv6.NEIGHBOUR, Icmpv6.OPTION_SOURCE_LINK, mac);
        assertEquals(high, Icmpv6.targetHigh(b, at));
        assertEquals(low, Icmpv6.targetLow(b, at));
        assertEquals(mac, Icmpv6.linkAddress(b, at, at + 32, Icmpv6.OPTION_SOURCE_LINK));
        int identifier = random.nextInt(65_536);
        Icmpv6.write(b, at, Icmpv6.ECHO_REQUEST, 0, 0);
        Icmpv6.type(b, at, Icmpv6.ECHO_REPLY);
        Icmpv6.identifier(b, at, identifier);
        assertEquals(Icmpv6.ECHO_REPLY, Icmpv6.type(b, at));
        assertEquals(identifier, Icmpv6.identifier(b, at));
    }
}
