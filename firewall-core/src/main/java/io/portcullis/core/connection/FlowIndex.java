package io.portcullis.core.connection;

import org.jspecify.annotations.Nullable;

/**
 * Flows by ingress interface, addresses, ports and protocol: open addressing with linear probing, never more than half
 * full. Removal shifts back what follows, so that no tombstones gather.
 */
final class FlowIndex {
    private int mask;
    private int[] hashes;
    private @Nullable Flow[] flows;
    private final long secret;
    private final long otherSecret;

    /**
     * @param mostFlows flows that will ever be in it at once
     * @param secret chosen at random, lest someone outside picks addresses that collide
     */
    FlowIndex(int mostFlows, long secret, long otherSecret) {
        int capacity = capacity(mostFlows);
        mask = capacity - 1;
        hashes = new int[capacity];
        flows = new Flow[capacity];
        this.secret = secret;
        this.otherSecret = otherSecret | 1;
    }

    private static int capacity(int mostFlows) {
        return Integer.highestOneBit(Math.max(mostFlows * 2 - 1, 8)) << 1;
    }

    /** Makes room for this many flows; takes as long as moving those that are in it. */
    void reserve(int mostFlows) {
        int capacity = capacity(mostFlows);
        if (capacity <= hashes.length) {
            return;
        }
        @Nullable Flow[] before = flows;
        mask = capacity - 1;
        hashes = new int[capacity];
        flows = new Flow[capacity];
        for (Flow flow : before) {
            if (flow != null) {
                place(flow);
            }
        }
    }

    @Nullable
    Flow find(
            int ingress,
            int protocol,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort) {
        int hash = hash(
                ingress, protocol, sourceHigh, sourceLow, destinationHigh, destinationLow, sourcePort, destinationPort);
        for (int at = hash & mask; hashes[at] != 0; at = at + 1 & mask) {
            Flow flow = flows[at];
            if (hashes[at] == hash
                    && flow != null
                    && flow.destinationLow() == destinationLow
                    && flow.sourceLow() == sourceLow
                    && flow.sourcePort() == sourcePort
                    && flow.destinationPort() == destinationPort
                    && flow.connection().protocol() == protocol
                    && flow.ingress().index() == ingress
                    && flow.sourceHigh() == sourceHigh
                    && flow.destinationHigh() == destinationHigh) {
                return flow;
            }
        }
        return null;
    }

    /** Adds a flow whose key is not in the index yet. */
    void add(Flow flow) {
        flow.hash = hash(
                flow.ingress().index(),
                flow.connection().protocol(),
                flow.sourceHigh(),
                flow.sourceLow(),
                flow.destinationHigh(),
                flow.destinationLow(),
                flow.sourcePort(),
                flow.destinationPort());
        place(flow);
    }

    private void place(Flow flow) {
        int at = flow.hash & mask;
        while (hashes[at] != 0) {
            at = at + 1 & mask;
        }
        hashes[at] = flow.hash;
        flows[at] = flow;
    }

    /** Takes out a flow that is in the index. */
    void remove(Flow flow) {
        int hole = flow.hash & mask;
        while (!isAt(flow, hole)) {
            hole = hole + 1 & mask;
        }
        for (int at = hole + 1 & mask; hashes[at] != 0; at = at + 1 & mask) {
            // What lies behind the hole may move into it unless that would put it before its own place.
            int home = hashes[at] & mask;
            if ((at - home & mask) >= (at - hole & mask)) {
                hashes[hole] = hashes[at];
                flows[hole] = flows[at];
                hole = at;
            }
        }
        hashes[hole] = 0;
        flows[hole] = null;
    }

    @SuppressWarnings("ReferenceEquality") // this very flow, not one that looks the same
    private boolean isAt(Flow flow, int at) {
        return flows[at] == flow;
    }

    private int hash(
            int ingress,
            int protocol,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort) {
        long rest =
                (long) sourcePort << 48 | (long) destinationPort << 32 | (long) protocol << 24 | (ingress & 0xffffffL);
        long hash = mix(sourceLow ^ secret, destinationLow ^ otherSecret);
        if ((sourceHigh | destinationHigh) != 0) {
            hash ^= mix(sourceHigh ^ otherSecret, destinationHigh + secret);
        }
        hash = mix(hash ^ secret, rest ^ otherSecret);
        int folded = (int) (hash ^ hash >>> 32);
        // Zero marks a free slot.
        return folded == 0 ? 1 : folded;
    }

    private static long mix(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }
}
