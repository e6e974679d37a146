package io.portcullis.core.packet;

/** A few packets that are handled together. Not thread-safe. */
public final class PacketBurst {
    /** The most that a burst holds. */
    public static final int CAPACITY = 64;

    private final Packet[] packets = new Packet[CAPACITY];
    private int size;

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public boolean isFull() {
        return size == CAPACITY;
    }

    public Packet get(int index) {
        return packets[index];
    }

    /** @throws IndexOutOfBoundsException when full */
    public void add(Packet packet) {
        packets[size++] = packet;
    }

    /** Forgets the packets; they belong to whoever took them. */
    public void clear() {
        size = 0;
    }
}
