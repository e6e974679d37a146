package io.portcullis.core.pipeline;

import io.portcullis.core.connection.Flow;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.shaping.PipeChain;
import io.portcullis.core.shaping.Shaper;
import org.jspecify.annotations.Nullable;

/**
 * The end of the way, of a packet whose way out is known: whether it may leave so, the pipes that it goes through, and
 * that it leaves, whole or in pieces. Owned by one worker.
 */
final class Departure {
    private final PacketWorker worker;
    private final Handoff handoff;
    private final Custody custody;
    private final Obituary obituary;
    private final Shaper shaper;

    private ActiveConfiguration config;
    private long now;

    Departure(
            PacketWorker worker,
            Handoff handoff,
            Custody custody,
            Obituary obituary,
            EventSink events,
            ActiveConfiguration config) {
        this.worker = worker;
        this.handoff = handoff;
        this.custody = custody;
        this.obituary = obituary;
        this.config = config;
        this.shaper = new Shaper(handoff.workers(), worker.pool().size(), events, this::shaped);
    }

    /** Begins a burst. */
    void begin(ActiveConfiguration newConfig, long newNow) {
        now = newNow;
        if (newConfig.generation() != config.generation()) {
            config = newConfig;
            shaper.interfaces(newConfig.interfaces(), worker);
        }
    }

    /** Whether the packet may leave this way: asked before it is changed. */
    DropReason check(Packet packet, NetworkInterface in, NetworkInterface out) {
        DropReason why = Egress.check(packet, in, out, config.core());
        if (why == DropReason.TOO_BIG) {
            obituary.tooBig(packet, out, worker, config, now);
        }
        return why;
    }

    /** Step 12. */
    DropReason leave(Packet packet, NetworkInterface out, @Nullable IpAddress gateway) {
        custody.handOn();
        DropReason why = EthernetInterface.exceeds(packet, out.mtu())
                ? Pieces.send(packet, out, gateway, worker, now)
                : out.send(packet, gateway, worker, now);
        if (why == DropReason.TOO_BIG) {
            obituary.tooBig(packet, out, worker, config, now);
        }
        return why;
    }

    /** Step 12 of a packet that says itself which way. */
    DropReason leave(Packet packet) {
        NetworkInterface out = packet.egress();
        IpAddress gateway = packet.gateway();
        packet.handoff(Packet.Handoff.FLOW, null, null);
        return out == null ? DropReason.INTERFACE_DOWN : leave(packet, out, gateway);
    }

    /** Through pipes, which belong to one worker, before it leaves. */
    DropReason shape(Packet packet, Flow flow, PipeChain pipes, NetworkInterface out) {
        flow.mark(packet.passage());
        packet.passage().begin(pipes, pipes.precedence(packet));
        packet.handoff(Packet.Handoff.SHAPE, out, flow.gateway());
        if (pipes.owner() == worker.index()) {
            return enterPipe(packet);
        }
        custody.handOn();
        handoff.shape(packet, pipes.owner(), worker);
        return DropReason.NONE;
    }

    /** Into the pipe that its passage is at, which is this worker's. */
    DropReason enterPipe(Packet packet) {
        custody.handOn();
        return shaper.enter(packet, worker, now);
    }

    /** What its last pipe lets go leaves. Takes it over. */
    private void shaped(Packet packet) {
        custody.take(packet);
        try {
            custody.settle(packet, leave(packet));
        } catch (RuntimeException defect) {
            custody.contain(packet, defect);
        }
    }

    /** Lets go what waits in pipes and may leave now. @return how many packets that were */
    int release() {
        return shaper.release(worker, now);
    }

    /** How long no packet may leave a pipe, nanoseconds from a time on. */
    long idle(long from) {
        return shaper.idle(from);
    }

    /** Ages the pipes. */
    void tick() {
        shaper.tick(now);
    }
}
