package io.portcullis.core.fragment;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts IPv4 and IPv6 datagrams together (RFC 791 section 3.2, RFC 8200 section 4.5). Bounded in number and time; a
 * datagram whose fragments overlap dies whole (RFC 5722). Belongs to one worker; allocates nothing.
 */
public final class Reassembler {
    private FragmentLimits limits;
    private Assembly[] assemblies;

    public Reassembler(FragmentLimits limits) {
        this.limits = limits;
        assemblies = new Assembly[limits.datagrams()];
        Arrays.setAll(assemblies, _ -> new Assembly());
    }

    /** Other limits from now on. What waits goes on, as far as there is a place for it. */
    public void limits(FragmentLimits newLimits, PacketWorker worker) {
        limits = newLimits;
        Assembly[] before = assemblies;
        if (before.length == newLimits.datagrams()) {
            return;
        }
        assemblies = new Assembly[newLimits.datagrams()];
        int kept = 0;
        for (Assembly assembly : before) {
            if (assembly.isOpen() && kept < assemblies.length) {
                assemblies[kept++] = assembly;
            } else if (assembly.isOpen()) {
                discard(assembly, DropReason.FRAGMENTS_FULL, worker);
            }
        }
        for (int i = kept; i < assemblies.length; i++) {
            assemblies[i] = new Assembly();
        }
    }

    /** What the fragments of one datagram have in common beside their addresses; of a parsed fragment. */
    public static int identification(Packet fragment) {
        return Assembly.identification(fragment);
    }

    /**
     * Takes a fragment over, whose headers are parsed.
     *
     * @param now monotonic nanoseconds
     * @return the whole datagram, its headers not parsed yet, when this was the last fragment missing; else null
     */
    public @Nullable Packet add(Packet fragment, PacketWorker worker, long now) {
        int identification = Assembly.identification(fragment);
        Assembly assembly = find(fragment, identification, now);
        if (assembly != null && !assembly.isOpen()) {
            worker.drop(fragment, lingering(assembly));
            return null;
        }
        if (assembly == null) {
            assembly = begin(fragment, identification, worker, now);
            if (assembly == null) {
                worker.drop(fragment, assemblies.length == 0 ? DropReason.FRAGMENTS_FULL : DropReason.NO_BUFFER);
                return null;
            }
        }
        DropReason why = assembly.add(fragment, now);
        if (why != DropReason.NONE) {
            worker.drop(fragment, why);
            if (assembly.isRuined()) {
                discard(assembly, why, worker);
                assembly.linger(now + limits.illegalNanos());
            }
            return null;
        }
        worker.pool().give(fragment);
        if (!assembly.isComplete()) {
            return null;
        }
        Packet whole = assembly.release();
        assembly.linger(now + limits.doneNanos());
        return whole;
    }

    /** Why {@link #add} would refuse a fragment, NONE when it would not; nothing changes. */
    public DropReason check(Packet fragment, long now) {
        Assembly assembly = find(fragment, Assembly.identification(fragment), now);
        if (assembly != null && !assembly.isOpen()) {
            return lingering(assembly);
        }
        if (assembly == null && assemblies.length == 0) {
            return DropReason.FRAGMENTS_FULL;
        }
        return (assembly == null ? new Assembly() : assembly).check(fragment);
    }

    /**
     * What {@link #add} would give for a fragment that it would not refuse; nothing changes.
     *
     * @param into takes the whole datagram, its headers not parsed yet
     * @return whether this is the last fragment missing
     */
    public boolean preview(Packet fragment, Packet into, long now) {
        Assembly assembly = find(fragment, Assembly.identification(fragment), now);
        return assembly != null && assembly.preview(fragment, into, now);
    }

    private static DropReason lingering(Assembly assembly) {
        return assembly.isRuined() ? DropReason.BAD_FRAGMENT : DropReason.DUPLICATE_FRAGMENT;
    }

    /** Drops what was not completed in time; cheap, call it every few milliseconds. */
    public void expire(long now, PacketWorker worker) {
        for (Assembly assembly : assemblies) {
            boolean isLate =
                    now - assembly.begunAt() >= limits.totalNanos() || now - assembly.latestAt() >= limits.idleNanos();
            if (assembly.isOpen() && isLate) {
                discard(assembly, DropReason.FRAGMENT_TIMEOUT, worker);
            }
        }
    }

    /** Datagrams that wait for fragments. */
    public int waiting() {
        int count = 0;
        for (Assembly assembly : assemblies) {
            count += assembly.isOpen() ? 1 : 0;
        }
        return count;
    }

    /** The datagram that waits for the fragment, or that it was one of. */
    private @Nullable Assembly find(Packet fragment, int identification, long now) {
        for (Assembly assembly : assemblies) {
            if ((assembly.isOpen() || assembly.lingers(now)) && assembly.isOf(fragment, identification)) {
                return assembly;
            }
        }
        return null;
    }

    /**
     * A free place, or that of the oldest that is only remembered, or of the oldest: somebody who sends halves only
     * must not keep others out.
     */
    private @Nullable Assembly begin(Packet fragment, int identification, PacketWorker worker, long now) {
        Assembly chosen = null;
        for (Assembly assembly : assemblies) {
            if (!assembly.isOpen() && !assembly.lingers(now)) {
                chosen = assembly;
                break;
            }
            if (chosen == null || isBetter(assembly, chosen)) {
                chosen = assembly;
            }
        }
        if (chosen == null) {
            return null;
        }
        if (chosen.isOpen()) {
            discard(chosen, DropReason.FRAGMENTS_FULL, worker);
        }
        Packet buffer = worker.pool().take();
        if (buffer == null) {
            return null;
        }
        chosen.begin(fragment, identification, buffer, now);
        return chosen;
    }

    private static boolean isBetter(Assembly one, Assembly other) {
        return one.isOpen() == other.isOpen() ? one.begunAt() - other.begunAt() < 0 : other.isOpen();
    }

    private static void discard(Assembly assembly, DropReason why, PacketWorker worker) {
        worker.drop(assembly.release(), why);
    }
}
