package io.portcullis.core.pipeline;

import io.portcullis.core.connection.Steering;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.icmp.IcmpFault;
import io.portcullis.core.icmp.Refusals;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.routing.Route;
import org.jspecify.annotations.Nullable;

/** What is done about packets that died: counted each, logged some, and their senders told where that helps them. */
final class Obituary {
    private final long[] counts = new long[DropReason.values().length];
    private final EventSink events;
    private final Refusals refusals;
    private final int worker;
    private final int workers;
    private PipelineSettings settings;
    private DropLog log;

    /** @param steering of the worker whose packets they are: all workers together keep to the limits */
    Obituary(PipelineSettings settings, EventSink events, Steering steering) {
        this.worker = steering.worker();
        this.workers = steering.workers();
        this.settings = settings;
        this.events = events;
        this.refusals = new Refusals(share(settings.icmpErrorsPerSecond()));
        this.log = new DropLog(share(settings.dropEventsPerSecond()), events);
    }

    void settings(PipelineSettings newSettings) {
        if (newSettings.dropEventsPerSecond() != settings.dropEventsPerSecond()) {
            log = new DropLog(share(newSettings.dropEventsPerSecond()), events);
        }
        settings = newSettings;
        refusals.limit(share(newSettings.icmpErrorsPerSecond()));
    }

    private int share(int perSecond) {
        return (perSecond + workers - 1) / workers;
    }

    long count(DropReason why) {
        return counts[why.ordinal()];
    }

    void tick(long now) {
        log.tick(now);
    }

    /** Counts a packet that dies now, and tells its sender if the reason asks for it. The packet stays the caller's. */
    void died(Packet packet, DropReason why, PacketWorker worker, ActiveConfiguration config, long now) {
        count(packet.ingress(), why);
        switch (why) {
            case TTL_EXPIRED -> tell(packet, IcmpFault.TTL_EXPIRED, 0, worker, config, now);
            case NEIGHBOUR_UNKNOWN -> tell(packet, IcmpFault.NO_HOST, 0, worker, config, now);
            case NO_ROUTE -> {
                if (settings.tellUnreachable()) {
                    tell(packet, IcmpFault.NO_ROUTE, 0, worker, config, now);
                }
            }
            case NO_SERVICE -> {
                if (settings.tellUnreachable()) {
                    reject(packet, worker, config, now);
                }
            }
            default -> {}
        }
    }

    /** Counts a packet of which no more is known than where it came in. */
    void lost(@Nullable NetworkInterface in, DropReason why) {
        count(in, why);
    }

    /** Tells the sender the MTU of the way out. */
    void tooBig(Packet packet, NetworkInterface out, PacketWorker worker, ActiveConfiguration config, long now) {
        tell(packet, IcmpFault.TOO_BIG, out.mtu(), worker, config, now);
    }

    /** Refuses as a host would that does not offer the service. */
    void reject(Packet packet, PacketWorker worker, ActiveConfiguration config, long now) {
        switch (packet.protocol()) {
            case IpProtocol.TCP -> {
                Packet reset = refusals.reset(packet, worker.pool(), now);
                if (reset != null) {
                    worker.originate(reset, now);
                }
            }
            case IpProtocol.UDP -> tell(packet, IcmpFault.NO_PORT, 0, worker, config, now);
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> tell(packet, IcmpFault.PROHIBITED, 0, worker, config, now);
            default -> tell(packet, IcmpFault.NO_PROTOCOL, 0, worker, config, now);
        }
    }

    void refused(Packet packet, String rule, long now) {
        log.refused(packet, rule, now);
    }

    void malformed(Packet packet, DropReason why, long now) {
        // What is sent to everybody is heard on every network, by hosts without an address yet for instance.
        if (!packet.linkGroup()) {
            log.malformed(packet, why, now);
        }
    }

    /** Something that holds packets drops one: what does not come together nobody has logged yet. */
    void dropped(Packet packet, DropReason why, long now) {
        FragSettings fragments = settings.fragments();
        boolean logs = switch (why) {
            case BAD_FRAGMENT -> fragments.illegal().logs();
            case DUPLICATE_FRAGMENT -> fragments.duplicates().logs();
            case FRAGMENTS_FULL, FRAGMENT_TIMEOUT -> fragments.failures().logs();
            default -> false;
        };
        if (logs) {
            malformed(packet, why, now);
        }
    }

    /** The packet leads nowhere, and dies of that. */
    DropReason noRoute(Packet packet, long now) {
        if (!packet.linkGroup()) {
            log.noRoute(packet, now);
        }
        return DropReason.NO_ROUTE;
    }

    /** Something threw, in the hands of a packet or not. */
    void defect(@Nullable Packet packet, RuntimeException thrown, long now) {
        NetworkInterface in = packet == null ? null : packet.ingress();
        count(in, DropReason.INTERNAL_ERROR);
        log.defect(in, thrown, now);
    }

    private void count(@Nullable NetworkInterface in, DropReason why) {
        counts[why.ordinal()]++;
        if (in != null) {
            in.counters().lane(worker).dropped(why);
        }
    }

    private void tell(
            Packet packet, IcmpFault fault, int mtu, PacketWorker worker, ActiveConfiguration config, long now) {
        IpAddress source = source(packet, config);
        Packet error = source == null ? null : refusals.error(packet, fault, mtu, source, worker.pool(), now);
        if (error != null) {
            worker.originate(error, now);
        }
    }

    /**
     * Own address to speak from: that of the interface where the sender is; for a tunnel without one, that of the
     * network which the sender wanted to reach, since it lies within the tunnel's networks.
     */
    private static @Nullable IpAddress source(Packet packet, ActiveConfiguration config) {
        int version = packet.ipVersion();
        NetworkInterface in = packet.ingress();
        IpAddress own = in == null ? null : in.ownAddress(version);
        if (own == null && version != 0) {
            Route there = config.routes().lookup(packet);
            own = there == null ? null : there.iface().ownAddress(version);
        }
        return own == null ? config.anyOwn(version) : own;
    }
}
