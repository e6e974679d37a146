package io.portcullis.ipsec.crypto;

import io.portcullis.core.time.Clock;
import io.portcullis.ipsec.crypto.CryptoProvider.Workspace;
import io.portcullis.ipsec.sa.EspSuite;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/**
 * How long one packet takes inside a burst. Runs until it gets no quicker, because what is called for the first time is
 * interpreted and takes ten times as long: a quarter of a second after the program's start, some milliseconds later on.
 */
final class SpeedTest {
    /** Octets of the inner packet. */
    static final int INNER = 1400;

    private static final int TRAILER = 2;
    private static final int PACKETS = 32;
    private static final int ROOM = 1536;
    private static final long LONGEST = 250_000_000;
    private static final long STEADY = 15_000_000;
    /** Work between two rests, nanoseconds: so long a packet may wait where the system does not interrupt a thread. */
    private static final long PIECE = 200_000;

    /** An improvement by less than a 32nd is chance. */
    private static final int CHANCE = 5;

    private SpeedTest() {}

    /**
     * Nanoseconds per packet, in the quickest of several rounds: the one least disturbed by others on the machine.
     *
     * @param seal to protect it
     * @param open to check and decrypt it
     */
    record Speed(long seal, long open) {
        long both() {
            return seal + open;
        }
    }

    /** @param rest is called after each piece of work with the nanoseconds that it took */
    static Speed measure(EspSuite suite, Workspace workspace, Clock clock, LongConsumer rest) {
        EspTransform transform = workspace.transform(suite, SelfTest.keys(suite), false, new CryptoUse());
        try (Arena arena = Arena.ofConfined()) {
            int text = (INNER + TRAILER + transform.alignment() - 1) / transform.alignment() * transform.alignment();
            MemorySegment memory = arena.allocate(PACKETS * (long) ROOM, 64);
            EspBurst burst = new EspBurst();
            long bestSeal = Long.MAX_VALUE;
            long bestOpen = Long.MAX_VALUE;
            long sequence = 0;
            long worked = 0;
            long rested = 0;
            long improved = 0;
            while (worked - improved < STEADY && worked < LONGEST) {
                burst.clear();
                for (int i = 0; i < PACKETS; i++) {
                    burst.add(memory, i * ROOM, text, ++sequence);
                }
                long before = clock.nanos();
                transform.seal(burst);
                long between = clock.nanos();
                transform.open(burst);
                long end = clock.nanos();
                worked += end - before;
                if (isQuicker(between - before, bestSeal) || isQuicker(end - between, bestOpen)) {
                    improved = worked;
                }
                bestSeal = Math.min(bestSeal, between - before);
                bestOpen = Math.min(bestOpen, end - between);
                if (worked - rested >= PIECE) {
                    rest.accept(worked - rested);
                    rested = worked;
                }
            }
            return new Speed(bestSeal / PACKETS, bestOpen / PACKETS);
        } finally {
            transform.destroy();
        }
    }

    private static boolean isQuicker(long time, long best) {
        return time < best - (best >> CHANCE);
    }
}
