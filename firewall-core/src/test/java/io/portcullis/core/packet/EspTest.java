package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class EspTest extends WireTest {
    EspTest() {
        super("c0ffee018000000530313233343536373839616263646566", Esp.HEADER, "ESP spi 0xc0ffee01 seq 2147483653");
    }

    @Test
    void takesApart() {
        MemorySegment b = bytes();
        assertEquals(0xc0ff_ee01, Esp.spi(b, AT));
        assertEquals(0x8000_0005, Esp.sequence(b, AT));
    }

    @Test
    void spiZeroIsRefused() {
        assertEquals(DropReason.UNKNOWN_SPI, Esp.check(bytes("0000000000000001"), AT, AT + 8));
    }

    @Override
    DropReason check(MemorySegment b, int at, int end) {
        return Esp.check(b, at, end);
    }

    @Override
    void write(MemorySegment b, int at) {
        Esp.write(b, at, 0xc0ff_ee01, 0x8000_0005);
    }

    @Override
    String describe(MemorySegment b, int at) {
        return Esp.describe(b, at);
    }

    @Override
    void roundTrip(MemorySegment b, int at, RandomGenerator random) {
        int spi = random.nextInt();
        int sequence = random.nextInt();
        Esp.write(b, at, spi, sequence);
        assertEquals(spi, Esp.spi(b, at));
        assertEquals(sequence, Esp.sequence(b, at));
    }
}
