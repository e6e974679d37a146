package io.portcullis.core.iface;

import io.portcullis.core.packet.DropReason;

/**
 * Counters of one interface, written by its worker as plain fields and summed by readers, who may see them a moment
 * late.
 */
public final class InterfaceCounters {
    private long packetsIn;
    private long octetsIn;
    private long packetsOut;
    private long octetsOut;
    private final long[] drops = new long[DropReason.values().length];

    public void received(int octets) {
        packetsIn++;
        octetsIn += octets;
    }

    public void sent(int octets) {
        packetsOut++;
        octetsOut += octets;
    }

    public void dropped(DropReason reason) {
        drops[reason.ordinal()]++;
    }

    public long packetsIn() {
        return packetsIn;
    }

    public long octetsIn() {
        return octetsIn;
    }

    public long packetsOut() {
        return packetsOut;
    }

    public long octetsOut() {
        return octetsOut;
    }

    public long drops(DropReason reason) {
        return drops[reason.ordinal()];
    }
}
