package io.portcullis.core.fragment;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Ipv6;
import io.portcullis.core.packet.Ipv6Extensions;
import io.portcullis.core.packet.Octets;
import io.portcullis.core.packet.Packet;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One datagram that is being put together, in a packet of its own. */
final class Assembly {
    private static final int BLOCK = 8;
    /** Room for the headers before the fragmented part; longer chains of IPv6 extension headers are refused. */
    private static final int HEADERS = 300;

    private static final int DATA_AT = Packet.HEADROOM + HEADERS;
    private static final int MAX_DATAGRAM = 65_535;

    private final long[] received = new long[(MAX_DATAGRAM / BLOCK + 64) / 64];
    private @Nullable Packet packet;
    private @Nullable NetworkInterface ingress;
    private int version;
    private int protocol;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int identification;
    private long begunAt;
    private long latestAt;
    private long lingersUntil;
    private boolean lingers;
    private int total = -1;
    private int missingBlocks;
    private int headerLength;
    private boolean ruined;
    private int longest;

    static int identification(Packet fragment) {
        MemorySegment b = fragment.buffer();
        int at = fragment.networkAt();
        return fragment.ipVersion() == 4
                ? Ipv4.identification(b, at)
                : Ipv6Extensions.identification(b, fragmentHeader(fragment));
    }

    boolean isOpen() {
        return packet != null;
    }

    boolean isRuined() {
        return ruined;
    }

    /** Whether the datagram is gone, and its later fragments are still known. */
    boolean lingers(long now) {
        lingers &= now - lingersUntil < 0;
        return lingers;
    }

    /** Remembers the datagram that was just released. */
    void linger(long until) {
        lingers = true;
        lingersUntil = until;
    }

    long latestAt() {
        return latestAt;
    }

    long begunAt() {
        return begunAt;
    }

    /** Whether the fragment belongs to this datagram: addresses, protocol, identification, and where it came in. */
    boolean isOf(Packet fragment, int itsIdentification) {
        return identification == itsIdentification
                && sourceLow == fragment.sourceLow()
                && destinationLow == fragment.destinationLow()
                && sourceHigh == fragment.sourceHigh()
                && destinationHigh == fragment.destinationHigh()
                // Behind IPv6 extension headers only the first fragment knows the protocol (RFC 8200 section 4.5).
                && (version == 6 || protocol == fragment.protocol())
                && version == fragment.ipVersion()
                && Objects.equals(ingress, fragment.ingress());
    }

    void begin(Packet fragment, int itsIdentification, Packet buffer, long now) {
        packet = buffer;
        identification = itsIdentification;
        ingress = fragment.ingress();
        version = fragment.ipVersion();
        protocol = fragment.protocol();
        sourceHigh = fragment.sourceHigh();
        sourceLow = fragment.sourceLow();
        destinationHigh = fragment.destinationHigh();
        destinationLow = fragment.destinationLow();
        lingers = false;
        begunAt = now;
        total = -1;
        missingBlocks = 0;
        headerLength = 0;
        ruined = false;
        longest = 0;
        Arrays.fill(received, 0);
        buffer.copyOriginFrom(fragment);
        buffer.network(fragment.ipVersion(), 0, 0, 0, fragment.protocol());
        buffer.addresses(
                fragment.sourceHigh(), fragment.sourceLow(), fragment.destinationHigh(), fragment.destinationLow());
    }

    /**
     * Copies the fragment's data in.
     *
     * @return NONE, or why it is refused; {@link #isRuined} says whether all of it is
     */
    DropReason add(Packet fragment, long now) {
        Packet mine = Objects.requireNonNull(packet);
        latestAt = now;
        DropReason why = check(fragment);
        if (why != DropReason.NONE) {
            ruined = why == DropReason.BAD_FRAGMENT;
            return why;
        }
        int offset = fragment.fragmentOffset();
        int dataAt = dataAt(fragment);
        int length = fragment.payloadEnd() - dataAt;
        int firstBlock = offset / BLOCK;
        int behindBlock = behind(offset + length);
        if (offset == 0) {
            takeHeaders(fragment, mine);
        }
        MemorySegment.copy(fragment.buffer(), dataAt, mine.buffer(), DATA_AT + (long) offset, length);
        longest = Math.max(longest, fragment.payloadEnd() - fragment.networkAt());
        mark(firstBlock, behindBlock);
        missingBlocks -= behindBlock - firstBlock;
        if (!fragment.moreFragments()) {
            total = offset + length;
            missingBlocks += behindBlock;
        }
        return DropReason.NONE;
    }

    /** What {@link #add} would say; nothing changes. Of one that has not begun: what it would say of the first. */
    DropReason check(Packet fragment) {
        int offset = fragment.fragmentOffset();
        int dataAt = dataAt(fragment);
        int length = fragment.payloadEnd() - dataAt;
        int end = offset + length;
        boolean isUneven = fragment.moreFragments() && length % BLOCK != 0;
        if (isUneven || !fitsTotal(fragment, end)) {
            return DropReason.BAD_FRAGMENT;
        }
        int blocks = behind(end) - offset / BLOCK;
        int known = count(offset / BLOCK, behind(end));
        if (known > 0) {
            // The same again is what a network doubles; anything else is somebody who rewrites (RFC 5722).
            boolean isSame = known == blocks
                    && MemorySegment.mismatch(
                                    fragment.buffer(),
                                    dataAt,
                                    dataAt + (long) length,
                                    Objects.requireNonNull(packet).buffer(),
                                    DATA_AT + (long) offset,
                                    DATA_AT + (long) end)
                            == -1;
            return isSame ? DropReason.DUPLICATE_FRAGMENT : DropReason.BAD_FRAGMENT;
        }
        boolean hasLongHeaders = offset == 0 && headersEnd(fragment) - fragment.networkAt() > HEADERS;
        return hasLongHeaders ? DropReason.BAD_FRAGMENT : DropReason.NONE;
    }

    /**
     * Puts together what {@link #add} of this fragment, which {@link #check} has nothing against, would; nothing
     * changes.
     *
     * @param into takes the datagram, its headers not parsed yet
     * @return whether it would be whole
     */
    boolean preview(Packet fragment, Packet into, long now) {
        Packet mine = packet;
        if (mine == null) {
            return false;
        }
        Assembly copy = new Assembly();
        copy.begin(fragment, identification, into, now);
        into.copyOriginFrom(mine);
        copy.total = total;
        copy.missingBlocks = missingBlocks;
        copy.headerLength = headerLength;
        copy.longest = longest;
        System.arraycopy(received, 0, copy.received, 0, received.length);
        int from = DATA_AT - headerLength;
        MemorySegment.copy(mine.buffer(), from, into.buffer(), from, headerLength + (long) highest() * BLOCK);
        copy.add(fragment, now);
        boolean isWhole = copy.isComplete();
        if (isWhole) {
            copy.release();
        }
        return isWhole;
    }

    private static int behind(int end) {
        return (end + BLOCK - 1) / BLOCK;
    }

    private boolean fitsTotal(Packet fragment, int end) {
        if (end > MAX_DATAGRAM - Ipv4.HEADER) {
            return false;
        }
        if (fragment.moreFragments()) {
            return total < 0 || end < total;
        }
        return total < 0 ? highest() <= behind(end) : end == total;
    }

    /** Copies the headers of the first fragment to just before the data. */
    private void takeHeaders(Packet fragment, Packet mine) {
        int at = fragment.networkAt();
        int until = headersEnd(fragment);
        headerLength = until - at;
        int to = DATA_AT - headerLength;
        MemorySegment.copy(fragment.buffer(), at, mine.buffer(), to, headerLength);
        if (fragment.ipVersion() == 6) {
            // The header before the fragment header now announces what the fragment header did.
            int next = Octets.u8(fragment.buffer(), until);
            Octets.u8(mine.buffer(), to + nextHeaderField(fragment, until) - (long) at, next);
        }
    }

    private static int headersEnd(Packet fragment) {
        return fragment.ipVersion() == 4 ? fragment.transportAt() : fragmentHeader(fragment);
    }

    boolean isComplete() {
        return total >= 0 && missingBlocks == 0 && headerLength > 0;
    }

    /** Gives the packet away, whole if it is complete, and closes. */
    Packet release() {
        Packet mine = Objects.requireNonNull(packet);
        if (isComplete()) {
            int at = DATA_AT - headerLength;
            mine.bounds(at, DATA_AT + total);
            MemorySegment b = mine.buffer();
            if (mine.ipVersion() == 4) {
                Ipv4.fragment(b, at, 0, false);
                // It was fragmented, so it may be again.
                Ipv4.dontFragment(b, at, false);
                Ipv4.totalLength(b, at, headerLength + total);
                Ipv4.computeChecksum(b, at);
            } else {
                Ipv6.payloadLength(b, at, headerLength - Ipv6.HEADER + total);
            }
        }
        mine.assembledFrom(longest, identification);
        packet = null;
        return mine;
    }

    private static int dataAt(Packet fragment) {
        return fragment.ipVersion() == 4
                ? fragment.transportAt()
                : fragmentHeader(fragment) + Ipv6Extensions.FRAGMENT_HEADER;
    }

    private static int fragmentHeader(Packet fragment) {
        return Ipv6Extensions.fragmentAt(
                Ipv6Extensions.walk(fragment.buffer(), fragment.networkAt(), fragment.payloadEnd()));
    }

    /** Where the type of the header at {@code target} is announced. */
    private static int nextHeaderField(Packet fragment, int target) {
        int field = fragment.networkAt() + 6;
        int at = fragment.networkAt() + Ipv6.HEADER;
        while (at < target) {
            field = at;
            at += (Octets.u8(fragment.buffer(), at + 1L) + 1) * 8;
        }
        return field;
    }

    private int highest() {
        for (int word = received.length - 1; word >= 0; word--) {
            if (received[word] != 0) {
                return word * 64 + 64 - Long.numberOfLeadingZeros(received[word]);
            }
        }
        return 0;
    }

    private int count(int from, int behind) {
        int count = 0;
        for (int block = from; block < behind; block++) {
            count += (int) (received[block >> 6] >>> block & 1);
        }
        return count;
    }

    private void mark(int from, int behind) {
        for (int block = from; block < behind; block++) {
            received[block >> 6] |= 1L << block;
        }
    }
}
