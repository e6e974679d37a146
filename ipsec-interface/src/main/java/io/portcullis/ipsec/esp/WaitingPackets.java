package io.portcullis.ipsec.esp;

import io.portcullis.core.packet.Packet;

/**
 * The first few packets of a tunnel that is down, in order; each waits ten seconds at most. Has room for them from the
 * first one on: most tunnels never need it.
 */
final class WaitingPackets {
    static final int CAPACITY = 8;
    static final long PATIENCE = 10_000_000_000L;

    private Packet[] packets = {};
    private long[] deadlines = {};
    private int size;

    boolean add(Packet packet, long now) {
        if (isFull()) {
            return false;
        }
        if (packets.length == 0) {
            packets = new Packet[CAPACITY];
            deadlines = new long[CAPACITY];
        }
        packets[size] = packet;
        deadlines[size++] = now + PATIENCE;
        return true;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    int size() {
        return size;
    }

    Packet get(int index) {
        return packets[index];
    }

    boolean isOver(int index, long now) {
        return now - deadlines[index] >= 0;
    }

    Packet remove(int index) {
        Packet removed = packets[index];
        size--;
        System.arraycopy(packets, index + 1, packets, index, size - index);
        System.arraycopy(deadlines, index + 1, deadlines, index, size - index);
        return removed;
    }
}
