package io.portcullis.core.shaping;

/** What passed, altogether and in the last second. Belongs to one worker. */
final class Throughput {
    private static final long SECOND = 1_000_000_000L;
    private static final int KBIT_OCTETS = 125;

    private long octets;
    private long packets;
    private long secondStart;
    private long octetsBefore;
    private long packetsBefore;
    private long lastOctets;
    private long lastPackets;

    Throughput(long now) {
        secondStart = now;
    }

    /** Begins anew. */
    void reset(long now) {
        secondStart = now;
        octets = 0;
        packets = 0;
        octetsBefore = 0;
        packetsBefore = 0;
        lastOctets = 0;
        lastPackets = 0;
    }

    void add(long moreOctets, long morePackets, long now) {
        if (now - secondStart >= SECOND) {
            boolean isNext = now - secondStart < 2 * SECOND;
            lastOctets = isNext ? octets - octetsBefore : 0;
            lastPackets = isNext ? packets - packetsBefore : 0;
            octetsBefore = octets;
            packetsBefore = packets;
            secondStart = isNext ? secondStart + SECOND : now;
        }
        octets += moreOctets;
        packets += morePackets;
    }

    long packets() {
        return packets;
    }

    /** Thousands of bits in the last whole second. */
    long kbps(long now) {
        return inLast(now, lastOctets, octets - octetsBefore) / KBIT_OCTETS;
    }

    /** Packets in the last whole second. */
    long pps(long now) {
        return inLast(now, lastPackets, packets - packetsBefore);
    }

    private long inLast(long now, long last, long current) {
        long since = now - secondStart;
        if (since < SECOND) {
            return last;
        }
        return since < 2 * SECOND ? current : 0;
    }
}
