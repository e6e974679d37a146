package io.portcullis.ipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.ipsec.crypto.CryptoProvider.Workspace;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every provider computes the same octets as every other, on bursts of random packets, and refuses exactly those that
 * are forged.
 */
final class ProvidersAgreeTest {
    private static final SecureRandom SECURE = new SecureRandom();
    private static final int LONGEST = 9000;
    private static final int GUARD = 16;
    private static final byte FILL = (byte) 0xa5;
    private static final int ROUNDS = 6;

    static Stream<EspSuite> suites() {
        return CryptoSelection.suites().stream();
    }

    /** The packets of one burst in one piece of memory, each with a guard behind it. */
    private static final class Packets {
        private final MemorySegment memory;
        private final int[] ats;
        private final int[] texts;
        private final long firstSequence;
        private final EspTransform shape;

        Packets(MemorySegment memory, int[] ats, int[] texts, long firstSequence, EspTransform shape) {
            this.memory = memory;
            this.ats = ats;
            this.texts = texts;
            this.firstSequence = firstSequence;
            this.shape = shape;
        }

        EspBurst burst() {
            EspBurst burst = new EspBurst();
            for (int i = 0; i < ats.length; i++) {
                burst.add(memory, ats[i], texts[i], firstSequence + i);
            }
            return burst;
        }

        int length(int i) {
            return EspBurst.HEADER + shape.ivOctets() + texts[i] + shape.icvOctets();
        }

        byte[] text(byte[] from, int i) {
            int at = ats[i] + EspBurst.HEADER + shape.ivOctets();
            return Arrays.copyOfRange(from, at, at + texts[i]);
        }

        byte[] octets() {
            return memory.toArray(ValueLayout.JAVA_BYTE);
        }

        void assertGuards(byte[] octets, String where) {
            for (int i = 0; i < ats.length; i++) {
                for (int k = 0; k < GUARD; k++) {
                    assertEquals(FILL, octets[ats[i] + length(i) + k], where);
                }
            }
        }

        static Packets random(Random random, Arena arena, EspTransform shape, int count) {
            int[] ats = new int[count];
            int[] texts = new int[count];
            int at = random.nextInt(64);
            for (int i = 0; i < count; i++) {
                int most = random.nextInt(8) == 0 ? LONGEST : 600;
                // Counter modes take any length, odd ones too; CBC whole blocks.
                texts[i] = shape.alignment() < 16 ? 1 + random.nextInt(most) : 16 * (1 + random.nextInt(most / 16));
                ats[i] = at;
                at += EspBurst.HEADER + shape.ivOctets() + texts[i] + shape.icvOctets() + GUARD;
            }
            byte[] octets = new byte[at];
            random.nextBytes(octets);
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, octets);
            Packets packets = new Packets(memory, ats, texts, random.nextLong(1, Long.MAX_VALUE / 2), shape);
            for (int i = 0; i < count; i++) {
                memory.asSlice(ats[i] + packets.length(i), GUARD).fill(FILL);
            }
            return packets;
        }
    }

    private static byte[] octets(Random random, int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }

    @ParameterizedTest
    @MethodSource("suites")
    void onRandomBursts(EspSuite suite) {
        long seed = SECURE.nextLong();
        Random random = new Random(seed);
        List<CryptoProvider> providers = EspTransformTest.providers();
        List<Workspace> spaces =
                providers.stream().map(provider -> provider.open(SECURE)).toList();
        for (int round = 0; round < ROUNDS; round++) {
            boolean extended = (round & 1) != 0;
            int count = round == 0 ? EspBurst.CAPACITY : 1 + random.nextInt(EspBurst.CAPACITY);
            SecretKeys keys = new SecretKeys(
                    octets(random, suite.keyBits() / 8),
                    octets(random, suite.encryption().saltOctets()),
                    octets(random, suite.integrity().keyOctets()));
            List<EspTransform> transforms = spaces.stream()
                    .map(space -> space.transform(suite, keys, extended, new CryptoUse()))
                    .toList();
            try (Arena arena = Arena.ofConfined()) {
                Packets packets = Packets.random(random, arena, transforms.getFirst(), count);
                byte[] plain = packets.octets();
                List<byte[]> sealed = new ArrayList<>();
                for (int i = 0; i < transforms.size(); i++) {
                    String who = suite + " by " + providers.get(i).name() + ", seed " + seed;
                    packets.memory.copyFrom(MemorySegment.ofArray(plain));
                    transforms.get(i).seal(packets.burst());
                    sealed.add(packets.octets());
                    packets.assertGuards(sealed.getLast(), who);
                    if (suite.encryption().isAead()) {
                        assertArrayEquals(sealed.getFirst(), sealed.getLast(), who);
                    }
                }
                for (byte[] made : sealed) {
                    byte[] forged = made.clone();
                    boolean[] bad = forge(random, packets, forged);
                    for (int i = 0; i < transforms.size(); i++) {
                        String who = suite + " by " + providers.get(i).name() + ", seed " + seed;
                        packets.memory.copyFrom(MemorySegment.ofArray(forged));
                        EspBurst burst = packets.burst();
                        transforms.get(i).open(burst);
                        byte[] opened = packets.octets();
                        packets.assertGuards(opened, who);
                        for (int k = 0; k < count; k++) {
                            assertEquals(!bad[k], burst.authentic(k), who + ", packet " + k);
                            if (!bad[k]) {
                                assertArrayEquals(packets.text(plain, k), packets.text(opened, k), who);
                            }
                        }
                    }
                }
            }
            transforms.forEach(EspTransform::destroy);
        }
        spaces.forEach(Workspace::close);
    }

    /**
     * Flips one bit in some packets, anywhere; the sequence number excepted, from which the receiver derives its own.
     */
    private static boolean[] forge(Random random, Packets packets, byte[] octets) {
        boolean[] bad = new boolean[packets.ats.length];
        for (int i = 0; i < bad.length; i++) {
            bad[i] = random.nextInt(4) == 0;
            if (bad[i]) {
                int at;
                do {
                    at = random.nextInt(packets.length(i));
                } while (at >= 4 && at < 8);
                octets[packets.ats[i] + at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return bad;
    }
}
