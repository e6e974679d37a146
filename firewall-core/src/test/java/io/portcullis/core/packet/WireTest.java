package io.portcullis.core.packet;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/**
 * The tests that every wire format passes. A format gives its vector (made with scapy 2.5.0 unless it says otherwise)
 * and adds the test that takes it apart. Headers stand at an odd offset: alignment is not to matter.
 */
abstract class WireTest {
    static final int AT = 3;
    private static final long SEED = 0x5eed_0001L;

    private final String vector;
    private final int header;
    private final String words;

    /**
     * @param vector the header and what follows, hexadecimal
     * @param header octets that {@link #write} writes
     * @param words what {@link #describe} says
     */
    WireTest(String vector, int header, String words) {
        this.vector = vector;
        this.header = header;
        this.words = words;
    }

    abstract DropReason check(MemorySegment b, int at, int end);

    /** Writes the vector's header. */
    abstract void write(MemorySegment b, int at);

    abstract String describe(MemorySegment b, int at);

    /** Writes random values and expects to read the same. */
    abstract void roundTrip(MemorySegment b, int at, RandomGenerator random);

    /** The vector at offset {@link #AT} of a buffer that ends with it. */
    final MemorySegment bytes() {
        return bytes(vector);
    }

    static MemorySegment bytes(String hex) {
        byte[] octets = HexFormat.of().parseHex(hex);
        MemorySegment b = Arena.ofAuto().allocate(AT + octets.length);
        MemorySegment.copy(octets, 0, b, ValueLayout.JAVA_BYTE, AT, octets.length);
        return b;
    }

    static String hex(MemorySegment b, long at, long length) {
        return HexFormat.of().formatHex(b.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE));
    }

    static RandomGenerator random(long seed) {
        System.out.println("seed " + seed);
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Test
    void putsTogether() {
        MemorySegment b = Arena.ofAuto().allocate(AT + header + 5);
        b.fill((byte) 0xa5);
        write(b, AT);
        assertEquals("a5a5a5", hex(b, 0, AT));
        assertEquals(vector.substring(0, 2 * header), hex(b, AT, header));
        assertEquals("a5a5a5a5a5", hex(b, AT + header, 5));
    }

    @Test
    void refusesEveryTruncation() {
        MemorySegment b = bytes();
        assertEquals(DropReason.NONE, check(b, AT, (int) b.byteSize()));
        for (int end = AT; end < AT + header; end++) {
            // The slice makes a read behind the end an exception.
            assertNotEquals(DropReason.NONE, check(b.asSlice(0, end), AT, end), "at " + (end - AT));
        }
    }

    @Test
    void roundTrips() {
        RandomGenerator random = random(SEED);
        MemorySegment b = Arena.ofAuto().allocate(128);
        for (int i = 0; i < 1000; i++) {
            roundTrip(b, AT + i % 2, random);
        }
    }

    @Test
    void prints() {
        assertEquals(words, describe(bytes(), AT));
    }

    @Test
    void randomBytesNeverThrow() {
        RandomGenerator random = random(SEED);
        for (int i = 0; i < 3000; i++) {
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            MemorySegment b = bytes(HexFormat.of().formatHex(noise));
            assertDoesNotThrow(() -> {
                if (check(b, AT, (int) b.byteSize()) == DropReason.NONE) {
                    describe(b, AT);
                }
            });
        }
    }
}
