package io.portcullis.core.packet;

/** A few packets that are handled together. Not thread-safe. */
public final class PacketBurst {
    /** The most that a burst holds. */
    public static final int CAPACITY = 64;

    private final Packet[] packets = new Packet[CAPACITY];
    private int size;
    /** A bit for each packet. */
    private long refused;

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

    /** Says that the packet at {@code index} was not taken by the port that it was given to. */
    public void refuse(int index) {
        refused |= 1L << index;
    }

    /** Says so of the packet at {@code index} and all behind it. */
    public void refuseFrom(int index) {
        for (int i = index; i < size; i++) {
            refuse(i);
        }
    }

    /** Whether a port did not take the packet at {@code index}. */
    public boolean isRefused(int index) {
        return (refused >>> index & 1) != 0;
    }

    /** Forgets the packets; they belong to whoever took them. */
    public void clear() {
        size = 0;
        refused = 0;
    }
}
