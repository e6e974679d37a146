package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ChecksumTest {
    @Test
    void exampleOfRfc1071() {
        MemorySegment b = WireTest.bytes("0001f203f4f5f6f7");
        assertEquals(0xddf2, Checksum.sum(b, WireTest.AT, WireTest.AT + 8));
        assertEquals(0x220d, Checksum.of(b, WireTest.AT, WireTest.AT + 8));
    }

    @Test
    void exampleOfRfc1624() {
        // Section 4: the case that the equation of RFC 1141 gets wrong.
        assertEquals(0x0000, Checksum.update16(0xdd2f, 0x5555, 0x3285));
    }

    @Test
    void agreesWithOctetByOctetSumming() {
        RandomGenerator random = WireTest.random(71);
        MemorySegment b = Arena.ofAuto().allocate(70_000);
        for (int i = 0; i < b.byteSize(); i++) {
            Octets.u8(b, i, random.nextInt(4) == 0 ? 0xff : random.nextInt(256));
        }
        for (int i = 0; i < 400; i++) {
            int from = random.nextInt(70);
            int to = from + (i < 200 ? i : random.nextInt(69_000));
            long sum = 0;
            for (int at = from; at < to; at++) {
                sum += (long) Octets.u8(b, at) << ((at - from & 1) == 0 ? 8 : 0);
            }
            while (sum > 0xffff) {
                sum = (sum & 0xffff) + (sum >>> 16);
            }
            assertEquals((int) sum, Checksum.sum(b, from, to), from + ".." + to);
        }
    }

    @Test
    void incrementalUpdatesEqualFullOnes() {
        RandomGenerator random = WireTest.random(1624);
        MemorySegment b = Arena.ofAuto().allocate(40);
        for (int i = 0; i < 40; i++) {
            Octets.u8(b, i, random.nextInt(256));
        }
        int checksum = Checksum.of(b, 0, 40);
        for (int i = 0; i < 2000; i++) {
            int at = 2 * random.nextInt(16);
            long bits = random.nextLong();
            switch (random.nextInt(3)) {
                case 0 -> {
                    checksum = Checksum.update16(checksum, Octets.u16(b, at), (int) bits & 0xffff);
                    Octets.u16(b, at, (int) bits);
                }
                case 1 -> {
                    checksum = Checksum.update32(checksum, Octets.i32(b, at), (int) bits);
                    Octets.i32(b, at, (int) bits);
                }
                default -> {
                    checksum = Checksum.update64(checksum, Octets.i64(b, at), bits);
                    Octets.i64(b, at, bits);
                }
            }
            assertEquals(Checksum.of(b, 0, 40), checksum);
        }
    }
}
