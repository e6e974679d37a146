package io.portcullis.core.connection;

import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.shaping.ConnectionPipes;
import java.util.Objects;

/**
 * What connections are made of: one record of fixed size for each, off the heap, for both versions of IP, and the few
 * objects that records name. Connections have numbers from 0 on; a free one is used again before a new one is made.
 *
 * <p>A record is three cache lines: {@link #ORIGINAL one flow}, {@link #SHARED what both need}, {@link #REPLY the
 * other flow}. A packet touches its own flow's line and the shared one; the other only when it is translated, or the
 * connection young. What only opening and closing needs lies aside in {@link #ASIDE a shorter record}.
 */
final class ConnectionStore {
    /** Most connections that a table may ever be asked to hold: their numbers have 24 bits. */
    static final int MOST = 1 << 24;

    // The record.
    static final int ORIGINAL = 0;
    static final int SHARED = 64;
    static final int REPLY = 128;
    static final int RECORD = 192;

    // A flow, from ORIGINAL or REPLY. The first five are its key.
    static final int SOURCE_HIGH = 0;
    static final int SOURCE_LOW = 8;
    static final int DESTINATION_HIGH = 16;
    static final int DESTINATION_LOW = 24;
    /** Source port 16 bits, destination port 16, protocol 8, number of the ingress interface 24. */
    static final int REST = 32;

    static final int LAST_SEEN = 40;
    static final int PACKETS = 48;
    static final int OCTETS = 56;

    // What both flows share, from the beginning of the record.
    static final int GENERATION = SHARED;
    /** Since the store was made, in units of 2^{@value #AGE_SHIFT} ns. */
    static final int OPENED = SHARED + 4;
    /**
     * Number of the egress interface 24 bits, kinds of IPv6 extension headers 4, whether followed 1, state of TCP 3.
     */
    static final int ORIGINAL_EGRESS = SHARED + 8;
    /** Number of the egress interface 24 bits, marks 8. */
    static final int REPLY_EGRESS = SHARED + 12;

    static final int ORIGINAL_GATEWAY = SHARED + 16;
    static final int REPLY_GATEWAY = SHARED + 20;
    static final int ORIGINAL_END = SHARED + 24;
    static final int REPLY_END = SHARED + 44;

    // An end of a TCP connection, from ORIGINAL_END or REPLY_END.
    static final int END = 0;
    static final int ALLOWED = 4;
    static final int MAX_WINDOW = 8;
    static final int ACKNOWLEDGED = 12;
    /** Marks 8 bits, shift 4, shift of the restart plus one 4. */
    static final int END_MARKS = 16;

    static final int RESTART_WINDOW = 18;

    // What lies aside. The first four are links: numbers of connections, 24 bits each.
    static final int WHEEL_NEXT = 0;
    static final int WHEEL_PREVIOUS = 3;
    static final int REPLACE_NEXT = 6;
    static final int REPLACE_PREVIOUS = 9;
    static final int ORIGINAL_RESTART = 12;
    static final int REPLY_RESTART = 16;
    static final int POLICY = 20;
    /** Means nothing for a connection whose packets go through no pipes. */
    static final int PIPES = 24;

    static final int ASIDE = 28;

    /** What {@link SynRelay} knows of a connection that it has begun, whose server can not begin anew. */
    static final int RELAY = REPLY_RESTART;

    static final int AGE_SHIFT = 26;

    final Interned<NetworkInterface> interfaces = new Interned<>();
    final Interned<IpAddress> gateways = new Interned<>();
    final Interned<Policy> policies = new Interned<>();
    final Interned<ConnectionPipes> pipes = new Interned<>();
    /** Shared with the other workers. */
    final SourceCounts sources;
    /** What {@link #OPENED} counts from, monotonic nanoseconds. */
    final long epoch;

    private final LazyMemory recordMemory = new LazyMemory((long) MOST * RECORD);
    private final LazyMemory asideMemory = new LazyMemory((long) MOST * ASIDE);
    private final long records = recordMemory.address();
    private final long aside = asideMemory.address();
    private int reserved;
    private int made;
    private int free;
    private int firstFree;

    ConnectionStore(int most, SourceCounts sources, long now) {
        this.sources = sources;
        epoch = now;
        reserve(most);
    }

    /** Makes room for this many connections at once. */
    void reserve(int most) {
        recordMemory.grow((long) most * RECORD);
        asideMemory.grow((long) most * ASIDE);
        reserved = Math.max(reserved, most);
    }

    /** A number for a new connection. What its record holds of other objects is none; the flows' keys are to be set. */
    int take() {
        if (free == 0) {
            return made++;
        }
        free--;
        int number = firstFree;
        firstFree = link(number, WHEEL_NEXT);
        long at = at(number);
        LazyMemory.putLong(at + ORIGINAL + REST, 0);
        LazyMemory.putLong(at + REPLY + REST, 0);
        for (int i = SHARED; i < ORIGINAL_END; i += Long.BYTES) {
            LazyMemory.putLong(at + i, 0);
        }
        aside(number, POLICY, 0);
        return number;
    }

    /** The number may be taken again. */
    void give(int number) {
        link(number, WHEEL_NEXT, firstFree);
        firstFree = number;
        free++;
    }

    /** How many numbers were ever in use at once: all are below. */
    int made() {
        return made;
    }

    /** Octets of memory that records have touched. */
    long octets() {
        return (long) made * (RECORD + ASIDE);
    }

    /** The address of a connection's record: checked here, once for all its fields. */
    long at(int number) {
        return records + (long) Objects.checkIndex(number, reserved) * RECORD;
    }

    /** The address of what lies aside of a connection's record. */
    private long asideAt(int number) {
        return aside + (long) Objects.checkIndex(number, reserved) * ASIDE;
    }

    /** A link of what lies aside: another connection's number, or what else has 24 bits. */
    int link(int number, int field) {
        return LazyMemory.getInt(asideAt(number) + field) & (MOST - 1);
    }

    void link(int number, int field, int value) {
        long at = asideAt(number) + field;
        LazyMemory.putInt(at, (LazyMemory.getInt(at) & -MOST) | (value & (MOST - 1)));
    }

    /** A field of what lies aside that is no link. */
    int aside(int number, int field) {
        return LazyMemory.getInt(asideAt(number) + field);
    }

    void aside(int number, int field, int value) {
        LazyMemory.putInt(asideAt(number) + field, value);
    }
}
