package io.portcullis.core.packet;

import static io.portcullis.core.packet.Octets.i32;
import static io.portcullis.core.packet.Octets.u32;

import java.lang.foreign.MemorySegment;

/** The clear part of ESP in place (RFC 4303). Call check first: after NONE no accessor can fail. */
public final class Esp {
    /** SPI and sequence number. */
    public static final int HEADER = 8;
    /** Octets of zero before an IKE message on port 4500 (RFC 3948 section 2.2). */
    public static final int NON_ESP_MARKER = 4;

    private static final int SPI = 0;
    private static final int SEQUENCE = 4;

    private Esp() {}

    /** SPI 0 never stands on the wire (RFC 4303 section 2.1). */
    public static DropReason check(MemorySegment b, int at, int end) {
        if (end - at < HEADER) {
            return DropReason.SHORT_HEADER;
        }
        return spi(b, at) == 0 ? DropReason.UNKNOWN_SPI : DropReason.NONE;
    }

    public static int spi(MemorySegment b, int at) {
        return i32(b, at + SPI);
    }

    /** The low 32 bits of the sequence number. */
    public static int sequence(MemorySegment b, int at) {
        return i32(b, at + SEQUENCE);
    }

    public static void write(MemorySegment b, int at, int spi, int sequence) {
        i32(b, at + SPI, spi);
        i32(b, at + SEQUENCE, sequence);
    }

    /** The header in words. */
    public static String describe(MemorySegment b, int at) {
        return String.format("ESP spi 0x%08x seq %d", spi(b, at), u32(b, at + SEQUENCE));
    }
}
