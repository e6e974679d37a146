package io.portcullis.core.port.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * One of the four rings of an AF_XDP socket (linux/if_xdp.h), shared with the kernel: one side writes entries and moves
 * the producer index, the other reads them and moves the consumer index. Both count on and on and are folded by the
 * mask.
 */
final class XdpRing {
    /** Octets of an entry of the fill and completion rings: an address in the UMEM. */
    static final int ADDRESS_ENTRY = 8;
    /** Octets of an entry of the receive and transmit rings: address, length, options. */
    static final int FRAME_ENTRY = 16;

    private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle();
    private static final int LENGTH = 8;

    private final MemorySegment memory;
    private final long producerAt;
    private final long consumerAt;
    private final long entriesAt;
    private final int entryOctets;
    private final int size;
    /** Our own side's index. */
    private int next;
    /** The other side's index as it was last seen. */
    private int seen;

    /** @param offsets struct xdp_ring_offset: of producer, consumer, entries and flags in the mapped memory */
    XdpRing(MemorySegment memory, MemorySegment offsets, int size, int entryOctets) {
        this.memory = memory;
        this.producerAt = offsets.get(ValueLayout.JAVA_LONG, 0);
        this.consumerAt = offsets.get(ValueLayout.JAVA_LONG, 8);
        this.entriesAt = offsets.get(ValueLayout.JAVA_LONG, 16);
        this.size = size;
        this.entryOctets = entryOctets;
    }

    /** Octets to map for a ring. */
    static long octets(MemorySegment offsets, int size, int entryOctets) {
        return offsets.get(ValueLayout.JAVA_LONG, 16) + (long) size * entryOctets;
    }

    /** Entries that the kernel has put in and we have not taken; looks only when {@code wanted} are not known of. */
    int filled(int wanted) {
        if (seen - next < wanted) {
            seen = (int) INDEX.getAcquire(memory, producerAt);
        }
        return seen - next;
    }

    /** Entries that can be put in. */
    int room(int wanted) {
        if (size - (next - seen) < wanted) {
            seen = (int) INDEX.getAcquire(memory, consumerAt);
        }
        return size - (next - seen);
    }

    /** Entries that we have put in and the kernel has not taken. */
    int unread() {
        seen = (int) INDEX.getAcquire(memory, consumerAt);
        return next - seen;
    }

    /** Address of the entry {@code ahead} of our index. */
    long address(int ahead) {
        return memory.get(ValueLayout.JAVA_LONG, entry(ahead));
    }

    int length(int ahead) {
        return memory.get(ValueLayout.JAVA_INT, entry(ahead) + LENGTH);
    }

    void put(int ahead, long address) {
        memory.set(ValueLayout.JAVA_LONG, entry(ahead), address);
    }

    void put(int ahead, long address, int length) {
        long at = entry(ahead);
        memory.set(ValueLayout.JAVA_LONG, at, address);
        memory.set(ValueLayout.JAVA_LONG, at + LENGTH, length & 0xffff_ffffL);
    }

    /** Entries before this are taken. */
    void taken(int count) {
        next += count;
        INDEX.setRelease(memory, consumerAt, next);
    }

    /** Entries before this are there for the kernel. */
    void given(int count) {
        next += count;
        INDEX.setRelease(memory, producerAt, next);
    }

    private long entry(int ahead) {
        return entriesAt + (long) (next + ahead & size - 1) * entryOctets;
    }
}
