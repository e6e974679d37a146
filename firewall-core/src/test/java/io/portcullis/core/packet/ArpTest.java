package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ArpTest extends WireTest {
    ArpTest() {
        super(
                "0001080006040002020000000002c0000202020000000001c0000201",
                Arp.LENGTH,
                "ARP 192.0.2.2 02:00:00:00:00:02, told to 192.0.2.1");
    }

    @Test
    void takesApart() {
        MemorySegment b = bytes();
        assertEquals(Arp.REPLY, Arp.operation(b, AT));
        assertEquals(0x0200_0000_0002L, Arp.senderMac(b, AT));
        assertEquals(0xc000_0202, Arp.senderIp(b, AT));
        assertEquals(0x0200_0000_0001L, Arp.targetMac(b, AT));
        assertEquals(0xc000_0201, Arp.targetIp(b, AT));
    }

    @Test
    void refusesOtherHardwareAndProtocols() {
        for (int field : new int[] {0, 2, 4, 5}) {
            MemorySegment b = bytes();
            Octets.u8(b, AT + field, 77);
            assertEquals(DropReason.BAD_NEIGHBOUR_MESSAGE, Arp.check(b, AT, AT + Arp.LENGTH));
        }
    }

    @Override
    DropReason check(MemorySegment b, int at, int end) {
        return Arp.check(b, at, end);
    }

    @Override
    void write(MemorySegment b, int at) {
        Arp.write(b, at, Arp.REPLY, 0x0200_0000_0002L, 0xc000_0202, 0x0200_0000_0001L, 0xc000_0201);
    }

    @Override
    String describe(MemorySegment b, int at) {
        return Arp.describe(b, at);
    }

    @Override
    void roundTrip(MemorySegment b, int at, RandomGenerator random) {
        long senderMac = random.nextLong(1L << 48);
        int senderIp = random.nextInt();
        long targetMac = random.nextLong(1L << 48);
        int targetIp = random.nextInt();
        Arp.write(b, at, Arp.REQUEST, senderMac, senderIp, targetMac, targetIp);
        assertEquals(Arp.REQUEST, Arp.operation(b, at));
        assertEquals(senderMac, Arp.senderMac(b, at));
        assertEquals(senderIp, Arp.senderIp(b, at));
        assertEquals(targetMac, Arp.targetMac(b, at));
        assertEquals(targetIp, Arp.targetIp(b, at));
    }
}
