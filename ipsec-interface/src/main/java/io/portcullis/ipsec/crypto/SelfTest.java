package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.crypto.CryptoProvider.Workspace;
import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.Random;

/**
 * Whether a provider computes what others compute: a known answer, then a burst of random packets of several lengths
 * against a reference, both directions, with 32-bit and 64-bit sequence numbers, one of them forged.
 */
final class SelfTest {
    private static final int[] LENGTHS = {16, 64, 48, 256, 1408, 80, 1024, 4096};
    private static final int FORGED = 3;
    private static final int ROOM = 4096 + 128;

    private final Arena arena;
    private final Random random;
    private final MemorySegment[] packets = new MemorySegment[LENGTHS.length];
    private final MemorySegment[] plain = new MemorySegment[LENGTHS.length];
    private final EspBurst burst = new EspBurst();

    private SelfTest(Arena arena, long seed) {
        this.arena = arena;
        random = new Random(seed);
    }

    /**
     * What the candidate does wrong, if anything.
     *
     * @param seed of the random packets; the fault names it
     */
    static Optional<String> fault(EspSuite suite, Workspace candidate, Workspace reference, long seed) {
        try (Arena arena = Arena.ofConfined()) {
            Optional<String> known = KnownAnswers.check(suite, candidate);
            if (known.isPresent()) {
                return known;
            }
            for (boolean extended : new boolean[] {false, true}) {
                EspTransform ours = candidate.transform(suite, keys(suite), extended, new CryptoUse());
                EspTransform theirs = reference.transform(suite, keys(suite), extended, new CryptoUse());
                Optional<String> fault = new SelfTest(arena, seed).compare(ours, theirs);
                ours.destroy();
                theirs.destroy();
                if (fault.isPresent()) {
                    return fault.map(what -> what + " (seed " + seed + ")");
                }
            }
            return Optional.empty();
        } catch (RuntimeException | LinkageError broken) {
            return Optional.of(String.valueOf(broken.getMessage()));
        }
    }

    private Optional<String> compare(EspTransform ours, EspTransform theirs) {
        byte[] octets = new byte[ROOM];
        long sequence = 0x1_0000_0007L;
        for (int i = 0; i < LENGTHS.length; i++) {
            random.nextBytes(octets);
            packets[i] = arena.allocateFrom(ValueLayout.JAVA_BYTE, octets);
            plain[i] = arena.allocateFrom(ValueLayout.JAVA_BYTE, octets);
            burst.add(packets[i], 0, LENGTHS[i], sequence + i);
        }
        ours.seal(burst);
        MemorySegment[] sealed = new MemorySegment[LENGTHS.length];
        for (int i = 0; i < LENGTHS.length; i++) {
            sealed[i] = arena.allocate(ROOM).copyFrom(packets[i]);
        }
        theirs.open(burst);
        if (!allOpened(ours, -1)) {
            return Optional.of("its encryption is not understood");
        }
        for (int i = 0; i < LENGTHS.length; i++) {
            packets[i].copyFrom(sealed[i]);
        }
        int last = EspBurst.HEADER + ours.ivOctets() + LENGTHS[FORGED] + ours.icvOctets() - 1;
        packets[FORGED].set(ValueLayout.JAVA_BYTE, last, (byte) (packets[FORGED].get(ValueLayout.JAVA_BYTE, last) ^ 1));
        ours.open(burst);
        if (burst.authentic(FORGED)) {
            return Optional.of("it takes a forged packet");
        }
        return allOpened(ours, FORGED) ? Optional.empty() : Optional.of("it can not decrypt");
    }

    private boolean allOpened(EspTransform transform, int except) {
        int from = EspBurst.HEADER + transform.ivOctets();
        for (int i = 0; i < LENGTHS.length; i++) {
            int to = from + LENGTHS[i];
            if (i != except
                    && !(burst.authentic(i) && MemorySegment.mismatch(plain[i], from, to, packets[i], from, to) < 0)) {
                return false;
            }
        }
        return true;
    }

    /** Keys for tests: they count from 1. */
    static SecretKeys keys(EspSuite suite) {
        return new SecretKeys(
                counting(suite.keyBits() / 8),
                counting(suite.encryption().saltOctets()),
                counting(suite.integrity().keyOctets()));
    }

    private static byte[] counting(int octets) {
        byte[] out = new byte[octets];
        for (int i = 0; i < octets; i++) {
            out[i] = (byte) (i + 1);
        }
        return out;
    }
}
