package io.portcullis.ipsec.crypto;

import io.portcullis.ipsec.sa.EspSuite;
import io.portcullis.ipsec.sa.SecretKeys;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Whether a provider computes what the JDK computes: both directions, odd lengths, and a forged packet. */
final class SelfTest {
    private static final int[] LENGTHS = {4, 16, 60, 252, 1404, 9000};
    private static final int ROOM = 9200;
    private static final long SEQUENCE = 0x1_0000_0007L;

    private SelfTest() {}

    /** What the candidate does wrong, if anything. */
    static Optional<String> compare(EspSuite suite, CryptoProvider candidate, CryptoProvider reference) {
        try (Arena arena = Arena.ofConfined()) {
            SecretKeys keys = keys(suite);
            for (boolean extended : new boolean[] {false, true}) {
                EspTransform ours = candidate.transform(suite, keys, extended, new CryptoUse());
                EspTransform theirs = reference.transform(suite, keys, extended, new CryptoUse());
                for (int length : LENGTHS) {
                    Optional<String> fault = compare(arena, ours, theirs, length);
                    if (fault.isPresent()) {
                        return fault.map(what -> what + " (" + length + " octets)");
                    }
                }
                ours.destroy();
                theirs.destroy();
            }
            return Optional.empty();
        }
    }

    private static Optional<String> compare(Arena arena, EspTransform ours, EspTransform theirs, int length) {
        MemorySegment packet = arena.allocate(ROOM);
        for (int i = 0; i < ROOM; i++) {
            packet.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31));
        }
        MemorySegment plain = arena.allocate(ROOM).copyFrom(packet);
        EspBurst burst = new EspBurst();
        burst.add(packet, 0, length, SEQUENCE);
        ours.seal(burst);
        MemorySegment sealed = arena.allocate(ROOM).copyFrom(packet);
        theirs.open(burst);
        if (!burst.authentic(0) || !sameText(plain, packet, ours, length)) {
            return Optional.of("its encryption is not understood");
        }
        packet.copyFrom(sealed);
        ours.open(burst);
        if (!burst.authentic(0) || !sameText(plain, packet, ours, length)) {
            return Optional.of("it can not decrypt");
        }
        packet.copyFrom(sealed);
        int last = EspBurst.HEADER + ours.ivOctets() + length + ours.icvOctets() - 1;
        packet.set(ValueLayout.JAVA_BYTE, last, (byte) (packet.get(ValueLayout.JAVA_BYTE, last) ^ 1));
        ours.open(burst);
        return burst.authentic(0) ? Optional.of("it takes a forged packet") : Optional.empty();
    }

    private static boolean sameText(MemorySegment a, MemorySegment b, EspTransform transform, int length) {
        int from = EspBurst.HEADER + transform.ivOctets();
        return MemorySegment.mismatch(a, from, from + length, b, from, from + length) < 0;
    }

    /** Keys for tests: a counter. */
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
