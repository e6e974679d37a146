package io.portcullis.test.bench.micro;

import io.portcullis.ipsec.esp.ReplayWindow;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Both checks of a packet's sequence number: before its ICV is known, and after. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReplayWindowBench {
    private static final int PACKETS = 64;

    /** Packets; the second is what a tunnel has by default. */
    @Param({"64", "1024", "4096"})
    int window;

    /** In order, or each up to 32 places from where it belongs and one of 64 twice. */
    @Param({"false", "true"})
    boolean disordered;

    private ReplayWindow replay = new ReplayWindow(64, true);
    private final int[] order = new int[PACKETS];
    private long sent = 1L << 40;

    @Setup
    public void fill() {
        replay = new ReplayWindow(window, true);
        Random random = new Random(1);
        for (int i = 0; i < PACKETS; i++) {
            order[i] = i;
        }
        for (int half = 0; disordered && half < PACKETS; half += PACKETS / 2) {
            for (int i = PACKETS / 2 - 1; i > 0; i--) {
                int other = half + random.nextInt(i + 1);
                int moved = order[half + i];
                order[half + i] = order[other];
                order[other] = moved;
            }
        }
        if (disordered) {
            order[PACKETS - 1] = order[PACKETS - 2];
        }
        replay.accepted(sent - 1);
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int check() {
        int taken = 0;
        for (int place : order) {
            long sequence = replay.full((int) (sent + place));
            if (replay.mayAccept(sequence) && replay.accepted(sequence)) {
                taken++;
            }
        }
        sent += PACKETS;
        return taken;
    }
}
