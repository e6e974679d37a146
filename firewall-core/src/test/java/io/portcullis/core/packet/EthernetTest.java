package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class EthernetTest extends WireTest {
    EthernetTest() {
        super(
                "0200000000020200000000018100a06408060001",
                18,
                "Ethernet 02:00:00:00:00:01 > 02:00:00:00:00:02 ARP vlan 100");
    }

    @Test
    void takesApart() {
        MemorySegment tagged = bytes();
        assertEquals(0x0200_0000_0002L, Ethernet.destination(tagged, AT));
        assertEquals(0x0200_0000_0001L, Ethernet.source(tagged, AT));
        assertTrue(Ethernet.isTagged(tagged, AT));
        assertEquals(EtherType.ARP, Ethernet.type(tagged, AT));
        assertEquals(100, Ethernet.vlan(tagged, AT));
        assertEquals(5, Ethernet.priority(tagged, AT));
        assertEquals(18, Ethernet.headerLength(tagged, AT));

        MemorySegment plain = bytes("020000000002020000000001080045");
        assertEquals(DropReason.NONE, Ethernet.check(plain, AT, AT + 14));
        assertFalse(Ethernet.isTagged(plain, AT));
        assertEquals(EtherType.IPV4, Ethernet.type(plain, AT));
        assertEquals(0, Ethernet.vlan(plain, AT));
        assertEquals(14, Ethernet.headerLength(plain, AT));
    }

    @Test
    void twoTagsAreTakenApartAndAThirdIsWhatIsCarried() {
        MemorySegment twice = bytes("02000000000202000000000188a80064810000070800");
        assertEquals(DropReason.NONE, Ethernet.check(twice, AT, AT + 22));
        assertEquals(DropReason.SHORT_HEADER, Ethernet.check(twice, AT, AT + 21));
        assertEquals(22, Ethernet.headerLength(twice, AT));
        assertEquals(EtherType.IPV4, Ethernet.type(twice, AT));
        assertEquals(EtherType.SERVICE_VLAN, Ethernet.tagType(twice, AT, 0));
        assertEquals(100, Ethernet.vlan(twice, AT, 0));
        assertEquals(7, Ethernet.vlan(twice, AT, 1));
        assertTrue(Ethernet.describe(twice, AT).endsWith("IPv4 vlan 100.7"));
        MemorySegment thrice = bytes("02000000000202000000000188a8006481000007810000080800");
        assertEquals(DropReason.NONE, Ethernet.check(thrice, AT, AT + 26));
        assertEquals(EtherType.VLAN, Ethernet.type(thrice, AT));
    }

    @Test
    void groupAddressesOfMulticast() {
        assertEquals(0x3333_ff00_0002L, Ethernet.multicastV6(0x0000_0001_ff00_0002L));
        assertEquals(0x0100_5e7f_fffaL, Ethernet.multicastV4(0xefff_fffa));
    }

    @Override
    DropReason check(MemorySegment b, int at, int end) {
        return Ethernet.check(b, at, end);
    }

    @Override
    void write(MemorySegment b, int at) {
        Ethernet.write(b, at, 0x0200_0000_0002L, 0x0200_0000_0001L, 5, 100, EtherType.ARP);
    }

    @Override
    String describe(MemorySegment b, int at) {
        return Ethernet.describe(b, at);
    }

    @Override
    void roundTrip(MemorySegment b, int at, RandomGenerator random) {
        long destination = random.nextLong(1L << 48);
        long source = random.nextLong(1L << 48);
        Ethernet.write(b, at, destination, source, EtherType.IPV6);
        assertEquals(destination, Ethernet.destination(b, at));
        assertEquals(source, Ethernet.source(b, at));
        assertEquals(EtherType.IPV6, Ethernet.type(b, at));
    }
}
