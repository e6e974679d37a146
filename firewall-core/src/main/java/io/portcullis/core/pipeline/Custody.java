package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import org.jspecify.annotations.Nullable;

/**
 * Who answers for the packet that a worker has in hand, and how packets end: said to all who want to know, and their
 * buffers given back, once each.
 */
final class Custody {
    private final PacketWorker worker;
    private final PacketPool pool;
    private final CaptureTap tap;
    private final Obituary obituary;
    private final Admission admission;

    private ActiveConfiguration config;
    private long now;
    /** Until somebody else is asked to take it: what containment may give back. */
    private @Nullable Packet inHand;

    Custody(
            PacketWorker worker,
            PacketPool pool,
            CaptureTap tap,
            Obituary obituary,
            Admission admission,
            ActiveConfiguration config) {
        this.worker = worker;
        this.pool = pool;
        this.tap = tap;
        this.obituary = obituary;
        this.admission = admission;
        this.config = config;
    }

    /** Begins a burst. */
    void begin(ActiveConfiguration newConfig, long newNow) {
        config = newConfig;
        now = newNow;
    }

    /** This packet is in hand. */
    void take(Packet packet) {
        inHand = packet;
    }

    /** Somebody else is asked to take what is in hand, or has taken it. */
    void handOn() {
        inHand = null;
    }

    /** The packet in hand went, or dies of this reason. */
    void settle(Packet packet, DropReason why) {
        inHand = null;
        if (why != NONE) {
            die(packet, why);
        }
    }

    /**
     * A defect kills its packet and nothing else; one that was being handed over may be held elsewhere, and is lost.
     */
    void contain(Packet packet, RuntimeException defect) {
        boolean ours = inHand == packet;
        inHand = null;
        obituary.defect(packet, defect, now);
        if (ours) {
            pool.give(packet);
        }
    }

    /** Something that held the packet drops it. */
    void drop(Packet packet, DropReason why) {
        obituary.dropped(packet, why, now);
        die(packet, why);
    }

    private void die(Packet packet, DropReason why) {
        tap.died(packet, why, admission);
        obituary.died(packet, why, worker, config, now);
        pool.give(packet);
    }
}
