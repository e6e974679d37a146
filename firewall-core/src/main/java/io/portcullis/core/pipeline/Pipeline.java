package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.connection.CloseReason;
import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.connection.Flow;
import io.portcullis.core.event.EventSink;
import io.portcullis.core.fragment.Reassembler;
import io.portcullis.core.iface.BurstCollector;
import io.portcullis.core.iface.EthernetInterface;
import io.portcullis.core.iface.EthernetLink;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.EtherType;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.PacketPool;
import io.portcullis.core.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * The way of a packet, top to bottom. A step lets the packet through, takes it over, or answers with the one reason it
 * dies of. Owned by one worker; nothing is made per packet.
 *
 * <p>Whoever gets NONE back from a step has given the packet away; with a reason it is still his. A packet that the
 * firewall makes itself needs no access verdict and no policy.
 */
public final class Pipeline implements PacketWorker {
    /** Encapsulations and decapsulations that a packet may go through. */
    static final int MOST_DEPTH = 8;

    private static final int DATAGRAMS = 64;
    private static final int EXPIRY_BUDGET = 2048;

    private final PublishedConfiguration published;
    private final PacketPool pool;
    private final ConnectionTable connections;
    private final IpsecGate gate;
    private final Reassembler fragments = new Reassembler(DATAGRAMS);
    private final Obituary obituary;
    private final FlushList flushes = new FlushList();

    private ActiveConfiguration config;
    /** The packet in hand, until somebody else is asked to take it: what containment may give back. */
    private @Nullable Packet inHand;

    private long now;

    /** @param gate takes IKE and ESP; the {@code core} interface asks the same one */
    public Pipeline(
            PublishedConfiguration published,
            PacketPool pool,
            ConnectionTable connections,
            IpsecGate gate,
            EventSink events) {
        this.published = published;
        this.pool = pool;
        this.connections = connections;
        this.gate = gate;
        this.config = published.active();
        this.obituary = new Obituary(config.settings(), events, index());
    }

    /** Begins a burst or any other work: from here on this configuration counts. */
    public void begin(long newNow) {
        now = newNow;
        ActiveConfiguration active = published.active();
        if (active.generation() != config.generation()) {
            config = active;
            obituary.settings(active.settings());
        }
    }

    /** Ends it: what was collected leaves. A defect costs what its collector held and nothing else. */
    public void end(long endNow) {
        BurstCollector next = flushes.next();
        while (next != null) {
            try {
                next.flush(this, endNow);
            } catch (RuntimeException defect) {
                defect(defect);
            }
            next = flushes.next();
        }
    }

    /** A frame from an Ethernet device: steps 1 and 2. Takes it over. */
    public void frame(Packet packet, EthernetLink link) {
        inHand = packet;
        try {
            DropReason why = link.accept(packet);
            if (why == NONE) {
                why = packet.etherType() == EtherType.ARP ? arp(packet) : process(packet);
            }
            settle(packet, why);
        } catch (RuntimeException defect) {
            contain(packet, defect);
        }
    }

    /** An IP packet from the program's own sockets, by way of the TUN device of {@code core}. Takes it over. */
    public void fromSockets(Packet packet) {
        packet.ingress(config.core());
        config.core().counters().of(this).received(packet.length());
        enter(packet);
    }

    @Override
    public void decapsulated(Packet packet, NetworkInterface tunnel, long when) {
        packet.ingress(tunnel);
        packet.depth(packet.depth() + 1);
        tunnel.counters().of(this).received(packet.length());
        enter(packet);
    }

    @Override
    public void originate(Packet packet, long when) {
        packet.ingress(config.core());
        packet.link(0, false);
        packet.assembledFrom(0, 0);
        inHand = packet;
        try {
            DropReason why = Headers.parse(packet);
            settle(packet, why == NONE ? forward(packet, config.core()) : why);
        } catch (RuntimeException defect) {
            contain(packet, defect);
        }
    }

    private void enter(Packet packet) {
        inHand = packet;
        try {
            settle(packet, process(packet));
        } catch (RuntimeException defect) {
            contain(packet, defect);
        }
    }

    /** Steps 3 and 4: what the packet itself says. */
    private DropReason process(Packet packet) {
        NetworkInterface in = ingress(packet);
        DropReason why = HeaderChecks.check(packet, config.settings());
        if (why != NONE) {
            obituary.malformed(packet, why, now);
            return why;
        }
        if (HeaderChecks.isDiscovery(packet)) {
            return discovery(packet, in);
        }
        if (HeaderChecks.isLinkScope(packet)) {
            return DropReason.NO_SERVICE;
        }
        if (packet.isFragment()) {
            inHand = null;
            Packet whole = fragments.add(packet, this, now);
            if (whole != null) {
                enter(whole);
            }
            return NONE;
        }
        return forward(packet, in);
    }

    /** Steps 5 to 12: what the firewall knows and decides about it. */
    private DropReason forward(Packet packet, NetworkInterface in) {
        if (packet.depth() > MOST_DEPTH) {
            return DropReason.TUNNEL_LOOP;
        }
        Flow flow = connections.find(packet, now);
        if (flow != null && flow.connection().generation() != config.generation() && !stillAllowed(packet, flow)) {
            flow = null;
        }
        if (flow == null) {
            boolean own = in.equals(config.core());
            Route back = config.routes().reverse(packet, in);
            DropReason why = own ? NONE : access(packet, in, back);
            if (why != NONE) {
                return why;
            }
            if (config.settings().ipsecBeforeRules() && !own && isForGate(packet)) {
                inHand = null;
                return gate.take(packet, this, now);
            }
            Route route = config.routes().lookup(packet);
            if (route == null) {
                obituary.noRoute(packet, now);
                return DropReason.NO_ROUTE;
            }
            Policy policy = own ? null : config.rules().lookup(packet, in, route.iface());
            why = policy == null ? NONE : verdict(packet, policy);
            if (why != NONE) {
                return why;
            }
            flow = connections.open(
                    packet,
                    route.iface(),
                    route.gateway(),
                    in,
                    back == null ? null : back.gateway(),
                    policy,
                    config.generation(),
                    now);
            if (flow == null) {
                return own ? withoutConnection(packet, route) : connections.refusal();
            }
        }
        NetworkInterface out = flow.egress();
        DropReason why = mayLeave(packet, in, out);
        if (why == NONE) {
            why = connections.accept(flow, packet, now);
        }
        if (why != NONE) {
            return why;
        }
        connections.translate(flow, packet);
        Egress.prepare(packet, in, out, config.core());
        return leave(packet, out, flow.gateway());
    }

    /** Step 12. */
    private DropReason leave(Packet packet, NetworkInterface out, @Nullable IpAddress gateway) {
        inHand = null;
        DropReason why = EthernetInterface.exceeds(packet, out.mtu())
                ? Pieces.send(packet, out, gateway, this, now)
                : out.send(packet, gateway, this, now);
        if (why == DropReason.TOO_BIG) {
            obituary.tooBig(packet, out, this, config, now);
        }
        return why;
    }

    /** Errors, resets and other packets of our own that open no connection: routed all the same. */
    private DropReason withoutConnection(Packet packet, Route route) {
        DropReason why = mayLeave(packet, config.core(), route.iface());
        return why == NONE ? leave(packet, route.iface(), route.gateway()) : why;
    }

    private DropReason mayLeave(Packet packet, NetworkInterface in, NetworkInterface out) {
        DropReason why = Egress.check(packet, in, out, config.core());
        if (why == DropReason.TOO_BIG) {
            obituary.tooBig(packet, out, this, config, now);
        }
        return why;
    }

    /** Step 6: the access rules, and where none matches the reverse route. */
    private DropReason access(Packet packet, NetworkInterface in, @Nullable Route back) {
        AccessControl.Verdict verdict = config.access().check(packet, in);
        if (verdict == null) {
            verdict = back == null ? AccessControl.Verdict.DEFAULT : null;
        }
        if (verdict == null || verdict.accept()) {
            return NONE;
        }
        if (verdict.logs()) {
            obituary.refused(packet, verdict.rule(), now);
        }
        return DropReason.ACCESS_DENIED;
    }

    private boolean isForGate(Packet packet) {
        return config.isOwn(packet.destinationHigh(), packet.destinationLow()) && gate.claims(packet);
    }

    /** Step 9: what the policy says. */
    private DropReason verdict(Packet packet, Policy policy) {
        switch (policy.action()) {
            case ALLOW -> {
                policy.hit(now);
                return NONE;
            }
            case REJECT -> obituary.reject(packet, this, config, now);
            case DROP -> {}
        }
        policy.hit(now);
        if (policy.logs()) {
            obituary.refused(packet, policy.name(), now);
        }
        return policy.isDefault() ? DropReason.NO_POLICY : DropReason.POLICY_DENIED;
    }

    /** Whether a connection made under another configuration would be made today: same routes, same verdict. */
    private boolean stillAllowed(Packet packet, Flow flow) {
        CloseReason why = Revalidation.judge(packet, flow, config);
        if (why != null) {
            connections.close(flow.connection(), why, now);
        }
        return why == null;
    }

    private DropReason arp(Packet packet) {
        inHand = null;
        if (packet.ingress() instanceof EthernetInterface iface) {
            return iface.neighbours().arp(packet, this, now);
        }
        return DropReason.BAD_NEIGHBOUR_MESSAGE;
    }

    private DropReason discovery(Packet packet, NetworkInterface in) {
        inHand = null;
        if (in instanceof EthernetInterface iface) {
            return iface.neighbours().discovery(packet, this, now);
        }
        return DropReason.BAD_NEIGHBOUR_MESSAGE;
    }

    private NetworkInterface ingress(Packet packet) {
        NetworkInterface in = packet.ingress();
        return in == null ? config.core() : in;
    }

    private void settle(Packet packet, DropReason why) {
        inHand = null;
        if (why != NONE) {
            drop(packet, why);
        }
    }

    /** A defect kills its packet and nothing else; one that was being handed over may be held elsewhere, and is lost. */
    private void contain(Packet packet, RuntimeException defect) {
        boolean ours = inHand == packet;
        inHand = null;
        obituary.defect(packet, defect, now);
        if (ours) {
            pool.give(packet);
        }
    }

    /** Something other than a packet failed on this worker: counted and said, nothing more. */
    void defect(RuntimeException defect) {
        obituary.defect(null, defect, now);
    }

    @Override
    public PacketPool pool() {
        return pool;
    }

    @Override
    public void drop(Packet packet, DropReason why) {
        obituary.died(packet, why, this, config, now);
        pool.give(packet);
    }

    @Override
    public void lost(@Nullable NetworkInterface ingress, DropReason reason) {
        obituary.lost(ingress, reason);
    }

    @Override
    public void flushLater(BurstCollector collector) {
        flushes.add(collector);
    }

    /** Ages connections and fragments; to be called every few milliseconds. */
    public void tick() {
        connections.expire(now, EXPIRY_BUDGET);
        fragments.expire(now, this);
        obituary.tick(now);
    }

    /** Packets that died for this reason. Read by other threads a moment late. */
    public long drops(DropReason reason) {
        return obituary.count(reason);
    }

    public ConnectionTable connections() {
        return connections;
    }

    /** The configuration of this burst. */
    public ActiveConfiguration configuration() {
        return config;
    }
}
