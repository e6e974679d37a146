package io.portcullis.core.shaping;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Segmenter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The packets that wait in a pipe, and who of them may go when. Packets of one user and one precedence stay in order.
 * Of all that stand first somewhere, the one of the highest precedence goes; the one of a precedence that has used its
 * limit up competes as the lowest. What does not fit any more costs the lowest precedence that waits, and of several
 * the longest queue its last packet. Belongs to one worker.
 */
final class PipeQueue {
    /** Packets that wait at most; a super-packet is one. */
    static final int MOST_WAITING = 512;

    /** How long a full pipe, or user, makes packets wait, as far as its limit is known. */
    private static final int PER_SECOND_WAITING = 2;
    /** The longest packet always finds room in an empty pipe. */
    private static final long LEAST_OCTETS = 65_536;

    private static final int LEAST_PACKETS = 16;
    /**
     * A super-packet that the limits let pass in a five-hundredth of a second leaves as it is, a longer one in
     * segments.
     */
    private static final int PER_SECOND_WHOLE = 500;

    private static final int KBIT_OCTETS = 125;
    private static final long RECENT = 3_000_000_000L;

    private final PipeDefinition definition;
    private final Room room;
    private final Users users;
    private final Meter total;
    private final Meter[] precedences = new Meter[PipeDefinition.PRECEDENCES];
    private final Throughput[] passed = new Throughput[PipeDefinition.PRECEDENCES];
    private final long[] dropped = new long[PipeDefinition.PRECEDENCES];
    private long drops;
    private final User[] backlogged = new User[MOST_WAITING];
    private int backlog;
    private int waiting;
    private long octets;
    private long orders;
    /** What the user had who was served last: who comes anew begins there. */
    private long served;

    private long due;
    // What was found by the last look for one that can die.
    private @Nullable Lane victim;
    private @Nullable User loser;
    private int victimPrecedence;

    PipeQueue(PipeDefinition definition, Room room, long now) {
        this.definition = definition;
        this.room = room;
        users = new Users(definition);
        total = Meter.of(definition.total(), now);
        for (int i = 0; i < precedences.length; i++) {
            precedences[i] = Meter.of(definition.precedences().get(i), now);
            passed[i] = new Throughput(now);
        }
    }

    /**
     * Takes a packet in. Others may die of it.
     *
     * @return NONE, or why it can not wait: it is still the caller's
     */
    DropReason add(Packet packet, PacketWorker worker, long now) {
        Passage passage = packet.passage();
        int precedence = definition.bounded(passage.precedence());
        passage.precedence(precedence);
        measure(packet);
        User user = users.of(passage, now);
        if (!makeRoom(packet, user, precedence, worker, now)) {
            dropped(precedence);
            return DropReason.PIPE_FULL;
        }
        passage.order = orders++;
        user.lanes[precedence].add(packet);
        user.octets += passage.octets;
        octets += passage.octets;
        waiting++;
        room.enter(packet);
        if (user.waiting++ == 0) {
            user.place = backlog;
            backlogged[backlog++] = user;
            user.had = Math.max(user.had, served);
        }
        return DropReason.NONE;
    }

    /** What it counts for: a super-packet for all of its segments, what was put together of fragments for those. */
    private static void measure(Packet packet) {
        Passage passage = packet.passage();
        int length = packet.payloadEnd() - packet.networkAt();
        passage.segment = 0;
        passage.packets = 1;
        passage.octets = length;
        if (packet.gso() != Packet.Gso.NONE) {
            int count = Math.max(1, Segmenter.count(packet));
            passage.packets = count;
            if (count > 1) {
                passage.octets += (count - 1L) * (Segmenter.segmentLength(packet) - packet.gsoSize());
            }
        } else if (packet.fragmentLength() > 0) {
            passage.packets = Math.ceilDiv(length, packet.fragmentLength());
        }
    }

    /**
     * Whether {@link #add} would take the packet. Nothing changes but the packet's own passage. It may be told wrongly
     * where several that wait would have to die for it.
     */
    boolean wouldTake(Packet packet, long now) {
        Passage passage = packet.passage();
        int precedence = definition.bounded(passage.precedence());
        measure(packet);
        if (!room.has(packet)) {
            return false;
        }
        long more = passage.octets;
        User user = users.known(passage);
        Lane own = user == null ? null : user.lanes[precedence];
        int rank = rank(user, precedence, now);
        boolean userHasRoom = user == null
                || !exceeds(definition.userTotal(), user.waiting, user.octets + more)
                || findVictim(user, own, rank, more, now);
        boolean isFull = waiting == MOST_WAITING || exceeds(definition.total(), waiting, octets + more);
        return userHasRoom && (!isFull || findVictim(null, own, rank, more, now));
    }

    /** Whether a packet of this passage would wait, had it been taken. Nothing changes. */
    boolean wouldHold(Passage passage, long now) {
        User user = users.known(passage);
        int rank = rank(user, definition.bounded(passage.precedence()), now);
        boolean mayPass = total.mayPass(now)
                && (user == null || user.total.mayPass(now))
                && (rank != definition.lowest()
                        || (precedences[rank].mayPass(now) && (user == null || user.precedences[rank].mayPass(now))));
        return !isEmpty() || !mayPass;
    }

    private boolean makeRoom(Packet packet, User user, int precedence, PacketWorker worker, long now) {
        if (!room.has(packet)) {
            return false;
        }
        long more = packet.passage().octets;
        int rank = rank(user, precedence, now);
        while (exceeds(definition.userTotal(), user.waiting, user.octets + more)) {
            if (!evict(user, user, precedence, rank, more, worker, now)) {
                return false;
            }
        }
        while (waiting == MOST_WAITING || exceeds(definition.total(), waiting, octets + more)) {
            if (!evict(null, user, precedence, rank, more, worker, now)) {
                return false;
            }
        }
        return true;
    }

    private static boolean exceeds(PipeLimit limit, int packets, long octets) {
        if (limit.pps() > 0 && packets >= Math.max(LEAST_PACKETS, limit.pps() / PER_SECOND_WAITING)) {
            return true;
        }
        return limit.kbps() > 0
                && octets > Math.max(LEAST_OCTETS, (long) limit.kbps() * KBIT_OCTETS / PER_SECOND_WAITING)
                && packets > 0;
    }

    /**
     * Has one of those that wait die for one that comes, if it is as important.
     *
     * @param of whose packets, null for everybody's
     */
    private boolean evict(
            @Nullable User of, User user, int precedence, int rank, long more, PacketWorker worker, long now) {
        Lane lane = findVictim(of, user.lanes[precedence], rank, more, now) ? victim : null;
        Packet last = lane == null ? null : lane.last();
        User loses = loser;
        if (last == null || loses == null) {
            return false;
        }
        dropped(victimPrecedence);
        remove(last, loses, victimPrecedence);
        worker.drop(last, DropReason.PIPE_FULL);
        return true;
    }

    /**
     * Finds the lane whose last packet dies for one that comes; false when that one is the least important itself.
     *
     * @param of whose packets, null for everybody's
     * @param own where the one that comes would wait; null for a user of whom nothing waits
     */
    private boolean findVictim(@Nullable User of, @Nullable Lane own, int rank, long more, long now) {
        victim = null;
        loser = null;
        int lowest = rank;
        long longest = (own == null ? 0 : own.octets()) + more;
        for (int i = of == null ? 0 : backlog - 1; i < backlog; i++) {
            User other = of == null ? backlogged[i] : of;
            for (int p = definition.lowest(); p <= definition.highest(); p++) {
                Lane lane = other.lanes[p];
                if (lane.isEmpty() || lane.equals(own)) {
                    continue;
                }
                int itsRank = rank(other, p, now);
                if (itsRank < lowest || (itsRank == lowest && lane.octets() > longest)) {
                    lowest = itsRank;
                    longest = lane.octets();
                    victim = lane;
                    victimPrecedence = p;
                    loser = other;
                }
            }
        }
        return victim != null;
    }

    private void dropped(int precedence) {
        dropped[precedence]++;
        drops++;
    }

    /** The precedence that a user's packets of a precedence have now: the lowest, when its limit is used up. */
    private int rank(@Nullable User user, int precedence, long now) {
        boolean isGuaranteed =
                precedences[precedence].mayPass(now) && (user == null || user.precedences[precedence].mayPass(now));
        return isGuaranteed ? precedence : definition.lowest();
    }

    private void remove(Packet packet, User user, int precedence) {
        user.lanes[precedence].remove(packet);
        user.octets -= packet.passage().octets;
        octets -= packet.passage().octets;
        waiting--;
        room.leave(packet);
        if (--user.waiting == 0) {
            User moved = backlogged[--backlog];
            moved.place = user.place;
            backlogged[user.place] = moved;
            user.place = -1;
        }
    }

    /**
     * The next packet that may go, with the precedence that it goes on with; null when there is none: {@link #due} says
     * when to ask again.
     */
    @Nullable
    Packet next(PacketWorker worker, long now) {
        while (backlog > 0) {
            if (!total.mayPass(now)) {
                due = total.due(now);
                return null;
            }
            User chosen = null;
            int chosenPrecedence = 0;
            int chosenRank = -1;
            due = Long.MAX_VALUE;
            for (int i = 0; i < backlog; i++) {
                User user = backlogged[i];
                if (!user.total.mayPass(now)) {
                    due = Math.min(due, user.total.due(now));
                    continue;
                }
                for (int p = definition.highest(); p >= definition.lowest() && p >= chosenRank; p--) {
                    if (user.lanes[p].isEmpty()) {
                        continue;
                    }
                    int rank = rank(user, p, now);
                    if (rank == definition.lowest() && !mayPassAsLowest(user, p, now)) {
                        continue;
                    }
                    if (rank > chosenRank
                            || (chosen != null && rank == chosenRank && isBefore(user, p, chosen, chosenPrecedence))) {
                        chosen = user;
                        chosenPrecedence = p;
                        chosenRank = rank;
                    }
                }
            }
            if (chosen == null) {
                return null;
            }
            Packet packet = take(chosen, chosenPrecedence, chosenRank, worker, now);
            if (packet != null) {
                return packet;
            }
        }
        return null;
    }

    /** The lowest precedence's own limit; when it is used up, {@link #due} remembers until when at most. */
    private boolean mayPassAsLowest(User user, int precedence, long now) {
        int lowest = definition.lowest();
        boolean mayPass = precedences[lowest].mayPass(now) && user.precedences[lowest].mayPass(now);
        if (!mayPass) {
            long again = Math.max(precedences[lowest].due(now), user.precedences[lowest].due(now));
            if (precedence != lowest) {
                again = Math.min(
                        again, Math.max(precedences[precedence].due(now), user.precedences[precedence].due(now)));
            }
            due = Math.min(due, again);
        }
        return mayPass;
    }

    private boolean isBefore(User user, int precedence, User other, int otherPrecedence) {
        if (definition.balances() && !user.equals(other)) {
            return user.had < other.had;
        }
        return order(user, precedence) < order(other, otherPrecedence);
    }

    private static long order(User user, int precedence) {
        Packet first = user.lanes[precedence].first();
        return first == null ? Long.MAX_VALUE : first.passage().order;
    }

    /** Takes the first one out, or one segment of it; null when there is no buffer for a segment. */
    private @Nullable Packet take(User user, int precedence, int rank, PacketWorker worker, long now) {
        Lane lane = user.lanes[precedence];
        Packet packet = lane.first();
        if (packet == null) {
            return null;
        }
        Passage passage = packet.passage();
        if (passage.packets == 1 || (passage.segment == 0 && leavesWhole(packet))) {
            remove(packet, user, precedence);
            passed(user, rank, passage.octets, passage.packets, now);
            passage.precedence(rank);
            return packet;
        }
        Packet segment = worker.pool().take();
        if (segment == null) {
            remove(packet, user, precedence);
            dropped(precedence);
            worker.drop(packet, DropReason.NO_BUFFER);
            return null;
        }
        Segmenter.cut(packet, passage.segment++, segment);
        int length = segment.payloadEnd() - segment.networkAt();
        segment.handoff(Packet.Handoff.SHAPE, packet.egress(), packet.gateway());
        segment.passage().copyFrom(passage);
        segment.passage().precedence(rank);
        lane.lessen(length);
        passage.octets -= length;
        user.octets -= length;
        octets -= length;
        passed(user, rank, length, 1, now);
        if (passage.segment == passage.packets) {
            remove(packet, user, precedence);
            worker.pool().give(packet);
        }
        return segment;
    }

    /** What can not be cut here leaves whole too: it is paid for afterwards. */
    private boolean leavesWhole(Packet packet) {
        return packet.gso() == Packet.Gso.NONE
                || (isShort(packet.passage(), definition.total())
                        && isShort(packet.passage(), definition.userTotal())
                        && isShort(packet.passage(), definition.precedences().get(definition.lowest()))
                        && isShort(
                                packet.passage(), definition.userPrecedences().get(definition.lowest())));
    }

    private static boolean isShort(Passage passage, PipeLimit limit) {
        return (limit.kbps() == 0 || passage.octets <= (long) limit.kbps() * KBIT_OCTETS / PER_SECOND_WHOLE)
                && (limit.pps() == 0 || passage.packets <= limit.pps() / PER_SECOND_WHOLE);
    }

    private void passed(User user, int rank, long length, int packets, long now) {
        total.spend(length, packets);
        user.total.spend(length, packets);
        precedences[rank].spend(length, packets);
        user.precedences[rank].spend(length, packets);
        passed[rank].add(length, packets, now);
        user.passed.add(length, packets, now);
        served = user.had;
        user.had += length;
    }

    boolean isEmpty() {
        return backlog == 0;
    }

    /** When {@link #next} may have something, after it had nothing; monotonic nanoseconds. */
    long due() {
        return due;
    }

    /** Drops those that wait for what is there no more. */
    void drop(Predicate<Packet> gone, DropReason why, PacketWorker worker) {
        for (int i = backlog - 1; i >= 0; i--) {
            User user = backlogged[i];
            for (int p = 0; p < PipeDefinition.PRECEDENCES; p++) {
                Packet packet = user.lanes[p].first();
                while (packet != null) {
                    Packet next = packet.passage().next;
                    if (gone.test(packet)) {
                        remove(packet, user, p);
                        worker.drop(packet, why);
                    }
                    packet = next;
                }
            }
        }
    }

    /** Packets that were dropped, of all precedences. */
    long dropped() {
        return drops;
    }

    int waiting() {
        return waiting;
    }

    PipeView.Precedence view(int precedence, long now) {
        Throughput all = passed[precedence];
        return new PipeView.Precedence(all.kbps(now), all.pps(now), all.packets(), dropped[precedence]);
    }

    int activeUsers(long now) {
        return definition.grouping() == Grouping.NONE
                ? 0
                : users.since(now - RECENT).size();
    }

    List<PipeUser> users(long now) {
        List<PipeUser> rows = new ArrayList<>();
        if (definition.grouping() != Grouping.NONE) {
            for (User user : users.since(now - RECENT)) {
                rows.add(new PipeUser(
                        new IpAddress(user.high, user.low),
                        user.port,
                        user.passed.kbps(now),
                        user.passed.pps(now),
                        user.waiting));
            }
        }
        rows.sort(Comparator.comparingLong(PipeUser::kbps).reversed());
        return rows;
    }
}
