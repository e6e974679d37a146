package io.portcullis.core.fragment;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import org.jspecify.annotations.Nullable;

/**
 * Puts IPv4 and IPv6 datagrams together (RFC 791 section 3.2, RFC 8200 section 4.5). Bounded in number and time; a
 * datagram whose fragments overlap dies whole (RFC 5722). Belongs to one worker; allocates nothing.
 */
public final class Reassembler {
    /**
     * A datagram must be complete within this time: RFC 1122 section 3.3.2 asks for 60 s at least at hosts; a router
     * that holds buffers for others keeps them for half of it.
     */
    public static final long TIMEOUT_NANOS = 30_000_000_000L;

    private final Assembly[] assemblies;

    /** @param datagrams how many are put together at a time; each holds a packet of the pool */
    public Reassembler(int datagrams) {
        assemblies = new Assembly[datagrams];
        for (int i = 0; i < datagrams; i++) {
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
        Assembly assembly = find(fragment, identification);
        if (assembly == null) {
            assembly = begin(fragment, identification, worker, now);
            if (assembly == null) {
                worker.drop(fragment, DropReason.NO_BUFFER);
                return null;
            }
        }
        DropReason why = assembly.add(fragment);
        if (why != DropReason.NONE) {
            worker.drop(fragment, why);
            if (assembly.isRuined()) {
                discard(assembly, why, worker);
            }
            return null;
        }
        worker.pool().give(fragment);
        if (!assembly.isComplete()) {
            return null;
        }
        return assembly.release();
    }

    /** Drops what was not completed in time; cheap, call it every few milliseconds. */
    public void expire(long now, PacketWorker worker) {
        for (Assembly assembly : assemblies) {
            if (assembly.isOpen() && now - assembly.begunAt() >= TIMEOUT_NANOS) {
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

    private @Nullable Assembly find(Packet fragment, int identification) {
        for (Assembly assembly : assemblies) {
            if (assembly.isOpen() && assembly.isOf(fragment, identification)) {
                return assembly;
            }
        }
        return null;
    }

    /** A free place, or that of the oldest: somebody who sends halves only must not keep others out. */
    private @Nullable Assembly begin(Packet fragment, int identification, PacketWorker worker, long now) {
        Assembly chosen = assemblies[0];
        for (Assembly assembly : assemblies) {
            if (!assembly.isOpen()) {
                chosen = assembly;
                break;
            }
            if (assembly.begunAt() - chosen.begunAt() < 0) {
                chosen = assembly;
            }
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

    private static void discard(Assembly assembly, DropReason why, PacketWorker worker) {
        worker.drop(assembly.release(), why);
    }
}
