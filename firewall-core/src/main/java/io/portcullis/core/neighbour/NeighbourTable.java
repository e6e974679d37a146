package io.portcullis.core.neighbour;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.net.MacAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who has which address on one link: bounded, one for both families. Owned by the interface's worker; a look-up makes
 * nothing. A packet for an unknown neighbour waits, a few for each and a bounded number in all, until the neighbour
 * answers or {@link #TRIES} questions went unanswered. An old entry is asked for again while traffic goes on.
 */
final class NeighbourTable {
    /** {@link #resolve} has taken the packet; it waits. */
    static final long WAITING = -1;
    /** {@link #resolve} has no room for the packet. */
    static final long FULL = -2;

    static final int TRIES = 3;
    /** As many as a datagram of 64 kB has fragments. */
    static final int WAITING_EACH = 48;

    static final int WAITING_ALL = 256;
    static final long RETRY = 1_000_000_000L;
    static final long REACHABLE_TIME = 30 * RETRY;
    static final long UNUSED_TIME = 600 * RETRY;

    private final int capacity;
    private final int mask;
    private final @Nullable Entry[] buckets;
    private final Solicitation solicitation;
    private int size;
    private int incomplete;
    private int waiting;
    private int hand;

    private static final class Entry {
        final long high;
        final long low;
        long mac;
        Neighbour.State state = Neighbour.State.INCOMPLETE;
        long since;
        long deadline;
        long used;
        int tries;
        final @Nullable Packet[] waiting = new @Nullable Packet[WAITING_EACH];
        int waits;
        boolean gone;

        @Nullable
        Entry next;

        Entry(long high, long low) {
            this.high = high;
            this.low = low;
        }
    }

    /** @param capacity neighbours at most */
    NeighbourTable(int capacity, Solicitation solicitation) {
        this.capacity = capacity;
        this.solicitation = solicitation;
        int size = Integer.highestOneBit(Math.max(16, capacity)) * 2;
        this.buckets = new @Nullable Entry[size];
        this.mask = size - 1;
    }

    /** The station of a neighbour, as 48 bits; or {@link #WAITING}, or {@link #FULL}. */
    long resolve(Packet packet, long high, long low, PacketWorker worker, long now) {
        Entry entry = find(high, low);
        if (entry == null) {
            entry = add(high, low, now, worker);
            if (entry == null) {
                return FULL;
            }
            question(entry, Solicitation.ALL, worker, now);
        }
        entry.used = now;
        if (entry.state == Neighbour.State.INCOMPLETE) {
            return hold(entry, packet);
        }
        if (ages(entry) && now - entry.deadline >= 0) {
            entry.state = Neighbour.State.PROBE;
            entry.tries = 0;
            question(entry, entry.mac, worker, now);
        }
        return entry.mac;
    }

    private static boolean ages(Entry entry) {
        return entry.state == Neighbour.State.REACHABLE || entry.state == Neighbour.State.STALE;
    }

    /** Has just these neighbours at fixed stations; what is learned counts nothing for them. */
    void fix(Map<IpAddress, MacAddress> stations, PacketWorker worker, long now) {
        forEach(entry -> {
            if (entry.state == Neighbour.State.STATIC && !stations.containsKey(new IpAddress(entry.high, entry.low))) {
                remove(entry, worker);
            }
        });
        stations.forEach((address, station) -> fix(address, station, worker, now));
    }

    private void fix(IpAddress address, MacAddress station, PacketWorker worker, long now) {
        Entry known = find(address.high(), address.low());
        Entry entry = known == null ? add(address.high(), address.low(), now, worker) : known;
        // A table that is full of neighbours that answered lately learns of it as of any other.
        if (entry == null) {
            return;
        }
        if (entry.state == Neighbour.State.INCOMPLETE) {
            incomplete--;
        }
        entry.mac = station.bits();
        entry.state = Neighbour.State.STATIC;
        entry.since = now;
        release(entry, worker);
    }

    /**
     * A neighbour has said who it is.
     *
     * @param asked whether it answers a question of ours; else what it says is believed until we ask
     * @param create whether to make an entry for one that was not known: it is about to talk to us
     * @return the station that had the address before, or the same; -1 when there was none
     */
    long learn(long high, long low, long mac, boolean asked, boolean create, PacketWorker worker, long now) {
        Entry entry = find(high, low);
        if (entry == null) {
            entry = create ? add(high, low, now, worker) : null;
            if (entry == null) {
                return -1;
            }
            entry.used = now;
        }
        if (entry.state == Neighbour.State.STATIC) {
            return -1;
        }
        long before = entry.state == Neighbour.State.INCOMPLETE ? -1 : entry.mac;
        boolean confirmed = asked && (before == -1 || entry.state == Neighbour.State.PROBE || before == mac);
        if (before == mac && !confirmed) {
            return before;
        }
        if (before == -1) {
            incomplete--;
        }
        entry.mac = mac;
        entry.since = now;
        entry.tries = 0;
        entry.state = confirmed ? Neighbour.State.REACHABLE : Neighbour.State.STALE;
        entry.deadline = confirmed ? now + REACHABLE_TIME : now;
        release(entry, worker);
        return before;
    }

    /** What is known of a neighbour, null when nothing is. */
    @Nullable
    Neighbour entry(IpAddress address, long now) {
        Entry entry = find(address.high(), address.low());
        return entry == null ? null : view(entry, now);
    }

    /** Whether a packet to a neighbour that does not answer yet may wait. */
    boolean wouldHold(long high, long low) {
        Entry entry = find(high, low);
        if (entry != null) {
            return mayHold(entry);
        }
        return waiting < WAITING_ALL && incomplete < capacity / 2 && (size < capacity || hasStale());
    }

    private boolean hasStale() {
        for (Entry bucket : buckets) {
            for (Entry entry = bucket; entry != null; entry = entry.next) {
                if (entry.state == Neighbour.State.STALE) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a question about this address is open. */
    boolean isAsked(long high, long low) {
        Entry entry = find(high, low);
        return entry != null && (entry.state == Neighbour.State.INCOMPLETE || entry.state == Neighbour.State.PROBE);
    }

    /** The station of a neighbour that has said who it is, -1 when there is none. */
    long known(long high, long low) {
        Entry entry = find(high, low);
        return entry == null || entry.state == Neighbour.State.INCOMPLETE ? -1 : entry.mac;
    }

    /** Repeats questions, gives up on those unanswered, ages the rest; to be called a few times a second. */
    void tick(PacketWorker worker, long now) {
        for (int i = 0; i < buckets.length; i++) {
            Entry entry = buckets[i];
            while (entry != null) {
                Entry next = entry.next;
                if (now - entry.deadline >= 0) {
                    expire(entry, worker, now);
                }
                entry = next;
            }
        }
    }

    private void expire(Entry entry, PacketWorker worker, long now) {
        switch (entry.state) {
            case INCOMPLETE, PROBE -> {
                if (entry.tries >= TRIES) {
                    remove(entry, worker);
                } else {
                    question(entry, entry.state == Neighbour.State.PROBE ? entry.mac : Solicitation.ALL, worker, now);
                }
            }
            case REACHABLE -> entry.state = Neighbour.State.STALE;
            case STALE -> {
                if (now - entry.used >= UNUSED_TIME) {
                    remove(entry, worker);
                }
            }
            case STATIC -> {}
        }
    }

    /** Forgets everybody but fixed neighbours; packets that wait are dropped. */
    void flush(PacketWorker worker) {
        forEach(entry -> {
            if (entry.state != Neighbour.State.STATIC) {
                remove(entry, worker);
            }
        });
    }

    /** The entry at hand may be removed meanwhile. */
    private void forEach(Consumer<Entry> work) {
        for (int i = 0; i < buckets.length; i++) {
            Entry entry = buckets[i];
            while (entry != null) {
                Entry next = entry.next;
                work.accept(entry);
                entry = next;
            }
        }
    }

    /** What is known now, in no order. */
    List<Neighbour> list(long now) {
        List<Neighbour> all = new ArrayList<>(size);
        for (Entry bucket : buckets) {
            for (Entry entry = bucket; entry != null; entry = entry.next) {
                all.add(view(entry, now));
            }
        }
        return all;
    }

    private static Neighbour view(Entry entry, long now) {
        return new Neighbour(
                new IpAddress(entry.high, entry.low),
                new MacAddress(entry.mac),
                entry.state,
                (now - entry.since) / RETRY);
    }

    int size() {
        return size;
    }

    private void question(Entry entry, long mac, PacketWorker worker, long now) {
        entry.tries++;
        entry.deadline = now + RETRY;
        solicitation.ask(entry.high, entry.low, mac, worker);
    }

    private long hold(Entry entry, Packet packet) {
        if (!mayHold(entry)) {
            return FULL;
        }
        entry.waiting[entry.waits++] = packet;
        waiting++;
        return WAITING;
    }

    private boolean mayHold(Entry entry) {
        return entry.waits < WAITING_EACH && waiting < WAITING_ALL;
    }

    private void release(Entry entry, PacketWorker worker) {
        for (int i = 0; i < entry.waits; i++) {
            Packet packet = entry.waiting[i];
            entry.waiting[i] = null;
            if (packet != null) {
                solicitation.release(packet, entry.mac, worker);
            }
        }
        waiting -= entry.waits;
        entry.waits = 0;
    }

    private @Nullable Entry find(long high, long low) {
        Entry entry = buckets[bucket(high, low)];
        while (entry != null && (entry.low != low || entry.high != high)) {
            entry = entry.next;
        }
        return entry;
    }

    private @Nullable Entry add(long high, long low, long now, PacketWorker worker) {
        // Somebody who sweeps through the network may fill half the table with addresses that nobody has.
        if (incomplete >= capacity / 2 || (size >= capacity && !evict(worker))) {
            return null;
        }
        Entry entry = new Entry(high, low);
        int bucket = bucket(high, low);
        entry.next = buckets[bucket];
        entry.since = now;
        entry.deadline = now + RETRY;
        buckets[bucket] = entry;
        size++;
        incomplete++;
        return entry;
    }

    /** Makes room by forgetting a neighbour that was not heard of lately: the next one behind the hand. */
    private boolean evict(PacketWorker worker) {
        for (int i = 0; i < buckets.length; i++) {
            hand = (hand + 1) & mask;
            for (Entry entry = buckets[hand]; entry != null; entry = entry.next) {
                if (entry.state == Neighbour.State.STALE) {
                    remove(entry, worker);
                    return true;
                }
            }
        }
        return false;
    }

    private void remove(Entry entry, PacketWorker worker) {
        // Dropping what waited may send an error, which may push out the entry that a loop looks at next.
        if (entry.gone) {
            return;
        }
        entry.gone = true;
        int bucket = bucket(entry.high, entry.low);
        Entry at = buckets[bucket];
        if (at == entry) {
            buckets[bucket] = entry.next;
        } else {
            while (at != null && at.next != entry) {
                at = at.next;
            }
            if (at != null) {
                at.next = entry.next;
            }
        }
        size--;
        if (entry.state == Neighbour.State.INCOMPLETE) {
            incomplete--;
        }
        int waits = entry.waits;
        entry.waits = 0;
        waiting -= waits;
        for (int i = 0; i < waits; i++) {
            Packet packet = entry.waiting[i];
            if (packet != null) {
                worker.drop(packet, DropReason.NEIGHBOUR_UNKNOWN);
            }
        }
    }

    private int bucket(long high, long low) {
        long hash = (high ^ Long.rotateLeft(low, 32) ^ low) * 0x9e37_79b9_7f4a_7c15L;
        return (int) (hash >>> 40) & mask;
    }
}
