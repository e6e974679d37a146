package io.portcullis.core.capture;

import io.portcullis.core.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A capture that runs: whose packets, how much of each, and a ring for each worker. Workers fill the rings and never
 * wait; who does not read them in time misses packets, and is told how many.
 */
public final class Capture {
    /** The longest thing that a device hands over, a merged frame. */
    public static final int MOST_SNAPLEN = 65_535;

    /** Enough for any header in use. */
    public static final int LEAST_SNAPLEN = 64;

    private final List<CaptureLane> lanes = new ArrayList<>();
    private final long epoch;

    /**
     * @param interfaces names of those to capture on; empty for all
     * @param snaplen octets to keep of each packet, {@link #LEAST_SNAPLEN} to {@link #MOST_SNAPLEN}
     * @param workers how many there are
     */
    public Capture(Set<String> interfaces, int snaplen, int workers, Clock clock) {
        for (int i = 0; i < workers; i++) {
            lanes.add(new CaptureLane(Set.copyOf(interfaces), snaplen));
        }
        Instant now = clock.wall();
        epoch = now.getEpochSecond() * 1_000_000_000L + now.getNano() - clock.nanos();
    }

    /** What a worker fills. */
    public CaptureLane lane(int worker) {
        return lanes.get(worker);
    }

    /** Packets that came faster than they were read. */
    public long missed() {
        return lanes.stream().mapToLong(CaptureLane::missed).sum();
    }

    /** The lane whose next packet is the oldest of all; null when nothing waits. For the reader. */
    @Nullable
    CaptureLane next() {
        CaptureLane first = null;
        long earliest = Long.MAX_VALUE;
        for (CaptureLane lane : lanes) {
            CapturedPacket packet = lane.peek();
            if (packet != null && (first == null || packet.time() - earliest < 0)) {
                first = lane;
                earliest = packet.time();
            }
        }
        return first;
    }

    /** Nanoseconds since 1970 of a worker's monotonic time. */
    long wallTime(long nanos) {
        return epoch + nanos;
    }
}
