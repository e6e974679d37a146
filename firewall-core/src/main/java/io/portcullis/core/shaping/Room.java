package io.portcullis.core.shaping;

import io.portcullis.core.packet.Packet;

/**
 * How many buffers may wait in a worker's pipes. At most half of each worker's pool waits in all pipes of all workers
 * together, so that packets which no pipe holds back always find one.
 */
final class Room {
    private final int[] waiting;
    private final int most;

    /**
     * @param workers how many there are
     * @param buffers in the pool of each
     */
    Room(int workers, int buffers) {
        waiting = new int[workers];
        most = Math.max(1, buffers / 2 / workers);
    }

    boolean has(Packet packet) {
        return waiting[packet.worker()] < most;
    }

    void enter(Packet packet) {
        waiting[packet.worker()]++;
    }

    void leave(Packet packet) {
        waiting[packet.worker()]--;
    }
}
