package io.portcullis.ipsec.crypto;

import io.portcullis.core.packet.PacketBurst;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * ESP packets of one SA that are protected or checked together. Each lies in its buffer as RFC 4303 section 2 draws
 * it: SPI, sequence number, IV, text (payload and trailer), ICV. Reused, not thread-safe.
 */
public final class EspBurst {
    /** The most packets of one burst. */
    public static final int CAPACITY = PacketBurst.CAPACITY;

    /** Octets of SPI and sequence number. */
    public static final int HEADER = 8;

    private final MemorySegment[] buffers = new MemorySegment[CAPACITY];
    private final int[] ats = new int[CAPACITY];
    private final int[] texts = new int[CAPACITY];
    private final long[] sequences = new long[CAPACITY];
    private final boolean[] authentic = new boolean[CAPACITY];
    private int size;

    /**
     * Adds a packet whose SPI and sequence number are in place.
     *
     * @param buffer where it lies; the ICV's room is inside too
     * @param at offset of the ESP header
     * @param text octets between IV and ICV
     * @param sequence all 64 bits of the sequence number
     * @throws IndexOutOfBoundsException when full
     */
    public void add(MemorySegment buffer, int at, int text, long sequence) {
        buffers[size] = buffer;
        ats[size] = at;
        texts[size] = text;
        sequences[size] = sequence;
        authentic[size] = false;
        size++;
    }

    public int size() {
        return size;
    }

    public boolean isFull() {
        return size == CAPACITY;
    }

    public void clear() {
        size = 0;
    }

    /** Whether the packet's ICV was right; known after {@link EspTransform#open}. */
    public boolean authentic(int index) {
        return authentic[index];
    }

    /**
     * Where a packet's ESP header lies in native memory. All of it, ICV included, lies in its buffer: what follows may
     * be handed to a library that checks nothing.
     *
     * @param block what the text is a multiple of, and not less than
     * @throws IllegalArgumentException when the text has another length or the buffer is on the heap
     * @throws IndexOutOfBoundsException when the packet does not lie in the buffer
     */
    long address(int index, int iv, int icv, int block) {
        MemorySegment buffer = buffers[index];
        int text = texts[index];
        if (text < block || text % block != 0 || !buffer.isNative()) {
            throw new IllegalArgumentException("a text of " + text + " octets, or not in native memory");
        }
        Objects.checkFromIndexSize(ats[index], (long) HEADER + iv + text + icv, buffer.byteSize());
        return buffer.address() + ats[index];
    }

    MemorySegment buffer(int index) {
        return buffers[index];
    }

    int at(int index) {
        return ats[index];
    }

    int text(int index) {
        return texts[index];
    }

    long sequence(int index) {
        return sequences[index];
    }

    void authentic(int index, boolean value) {
        authentic[index] = value;
    }
}
