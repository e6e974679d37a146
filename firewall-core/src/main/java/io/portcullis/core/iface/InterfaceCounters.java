package io.portcullis.core.iface;

import io.portcullis.core.packet.DropReason;
import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * Counters of one interface: plain cells for each worker, who alone writes them, summed by readers, who may see them a
 * moment late.
 */
public final class InterfaceCounters {
    private volatile Lane[] lanes = {new Lane()};

    /** What one worker counts. */
    public static final class Lane {
        private long packetsIn;
        private long octetsIn;
        private long packetsOut;
        private long octetsOut;
        /** One for each reason, from the first drop on: most of ten thousand tunnels never have one. */
        private long[] drops = {};

        private Lane() {}

        public void received(int octets) {
            packetsIn++;
            octetsIn += octets;
        }

        public void sent(int octets) {
            packetsOut++;
            octetsOut += octets;
        }

        public void dropped(DropReason reason) {
            if (drops.length == 0) {
                drops = new long[DropReason.values().length];
            }
            drops[reason.ordinal()]++;
        }
    }

    /** The cells of a worker, for that worker. Made when it asks for the first time. */
    public Lane of(PacketWorker worker) {
        return lane(worker.index());
    }

    /** As {@link #of}, by the worker's index. */
    public Lane lane(int worker) {
        Lane[] now = lanes;
        return worker < now.length ? now[worker] : grow(worker);
    }

    private synchronized Lane grow(int worker) {
        Lane[] now = lanes;
        if (worker >= now.length) {
            Lane[] more = Arrays.copyOf(now, worker + 1);
            for (int i = now.length; i < more.length; i++) {
                more[i] = new Lane();
            }
            lanes = more;
            now = more;
        }
        return now[worker];
    }

    public long packetsIn() {
        return sum(lane -> lane.packetsIn);
    }

    public long octetsIn() {
        return sum(lane -> lane.octetsIn);
    }

    public long packetsOut() {
        return sum(lane -> lane.packetsOut);
    }

    public long octetsOut() {
        return sum(lane -> lane.octetsOut);
    }

    public long drops(DropReason reason) {
        return sum(lane -> {
            long[] drops = lane.drops;
            return drops.length == 0 ? 0 : drops[reason.ordinal()];
        });
    }

    private long sum(ToLongFunction<Lane> counter) {
        return Arrays.stream(lanes).mapToLong(counter).sum();
    }
}
