package io.portcullis.ipsec.crypto;

import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.crypto.BulkCrypto.Choice;
import io.portcullis.ipsec.sa.EspSuite;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code cryptostat} shows: who computes each algorithm, why, how fast, and how much went through it.
 *
 * @param lines one for each algorithm
 */
public record CryptoReport(List<Line> lines) {
    private static final int TEXT = 1400;
    private static final long BUDGET_NANOS = 45_000_000;

    /**
     * @param algorithm as {@link EspSuite} prints
     * @param provider name and version
     * @param reason why this provider
     * @param nanosPerPacket to seal a packet of 1400 octets, measured just now
     * @param packets sealed and opened since the start
     * @param octets of text in them
     */
    public record Line(
            String algorithm, String provider, String reason, long nanosPerPacket, long packets, long octets) {}

    /**
     * Reads the counts and measures, in less than 50 ms altogether. On any thread: it measures with transforms of its
     * own and leaves the worker's alone.
     */
    public static CryptoReport take(BulkCrypto crypto, Clock clock, SecureRandom random) {
        List<Line> lines = new ArrayList<>();
        long share = BUDGET_NANOS / crypto.choices().size();
        JceProvider own = new JceProvider(random);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(2048);
            for (Map.Entry<EspSuite, Choice> entry : crypto.choices().entrySet()) {
                Choice choice = entry.getValue();
                CryptoProvider provider = choice.provider() instanceof JceProvider ? own : choice.provider();
                EspTransform transform =
                        provider.transform(entry.getKey(), SelfTest.keys(entry.getKey()), false, new CryptoUse());
                lines.add(new Line(
                        entry.getKey().toString(),
                        choice.provider().name(),
                        choice.reason(),
                        measure(transform, packet, clock, share),
                        choice.use().packets(),
                        choice.use().octets()));
                transform.destroy();
            }
        }
        return new CryptoReport(List.copyOf(lines));
    }

    /** The quickest of several short rounds: the least disturbed by others on the machine. */
    private static long measure(EspTransform transform, MemorySegment packet, Clock clock, long budget) {
        EspBurst burst = new EspBurst();
        int text = TEXT / transform.alignment() * transform.alignment();
        long sequence = 1;
        long best = Long.MAX_VALUE;
        long start = clock.nanos();
        long before = start;
        do {
            burst.clear();
            for (int i = 0; i < 8; i++) {
                burst.add(packet, 0, text, sequence++);
            }
            transform.seal(burst);
            long after = clock.nanos();
            best = Math.min(best, (after - before) / burst.size());
            before = after;
        } while (before - start < budget && sequence < 100_000);
        return best;
    }
}
