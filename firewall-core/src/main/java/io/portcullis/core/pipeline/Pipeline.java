package io.portcullis.core.pipeline;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.connection.ConnectionTable;
import io.portcullis.core.connection.Flow;
import io.portcullis.core.connection.Steering;
import io.portcullis.core.dhcp.DhcpInbox;
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
import io.portcullis.core.packet.Segmenter;
import io.portcullis.core.routing.Route;
import io.portcullis.core.shaping.PipeChain;
import org.jspecify.annotations.Nullable;

/**
 * The way of a packet, top to bottom. A step lets the packet through, takes it over, or answers with the one reason it
 * dies of. Owned by one worker; nothing is made per packet.
 *
 * <p>Whoever gets NONE back from a step has given the packet away; with a reason it is still his. A packet that the
 * firewall makes itself needs no access verdict and no policy.
 *
 * <p>Where there are several workers, a packet is handed to the one that owns it as soon as its headers are known, and
 * goes on there; with one worker that costs a branch.
 */
public final class Pipeline implements PacketWorker {
    /** Encapsulations and decapsulations that a packet may go through. */
    static final int MOST_DEPTH = 8;

    private static final int EXPIRY_BUDGET = 2048;

    private final PublishedConfiguration published;
    private final PacketPool pool;
    private final ConnectionTable connections;
    private final IpsecGate gate;
    private final Reassembler fragments;
    private final Obituary obituary;
    private final Admission admission;
    private final HeaderChecks headerChecks;
    private final FlushList flushes = new FlushList();
    private final CaptureTap tap;
    private final Steering steering;
    private final Handoff handoff;
    private final Custody custody;
    private final Departure departure;
    private final int index;
    private final boolean isAlone;

    private ActiveConfiguration config;
    private long now;

    /** The pipeline of a worker that is alone. */
    public Pipeline(
            PublishedConfiguration published,
            PacketPool pool,
            ConnectionTable connections,
            IpsecGate gate,
            EventSink events) {
        this(
                published,
                pool,
                connections,
                gate,
                events,
                Steering.alone(),
                Handoff.group(1).getFirst());
    }

    /**
     * @param gate takes IKE and ESP; the {@code core} interface asks the same one
     * @param steering of this worker, the one that its connections were made with
     * @param handoff its rings
     */
    public Pipeline(
            PublishedConfiguration published,
            PacketPool pool,
            ConnectionTable connections,
            IpsecGate gate,
            EventSink events,
            Steering steering,
            Handoff handoff) {
        this.steering = steering;
        this.handoff = handoff;
        this.index = steering.worker();
        this.isAlone = steering.workers() == 1;
        this.published = published;
        this.pool = pool;
        this.connections = connections;
        this.gate = gate;
        this.config = published.active();
        this.tap = new CaptureTap(published, index);
        this.fragments = new Reassembler(config.settings().fragments().limits().share(steering.workers()));
        this.obituary = new Obituary(config.settings(), events, steering);
        this.admission = new Admission(connections, gate, obituary);
        this.headerChecks = new HeaderChecks(obituary::malformed);
        this.custody = new Custody(this, pool, tap, obituary, admission, config);
        this.departure = new Departure(this, handoff, custody, obituary, events, config);
    }

    /** Begins a burst or any other work: from here on this configuration counts. */
    public void begin(long newNow) {
        now = newNow;
        pool.reclaim();
        tap.begin(newNow);
        ActiveConfiguration active = published.active();
        if (active.generation() != config.generation()) {
            config = active;
            custody.begin(active, newNow);
            obituary.settings(active.settings());
            fragments.limits(active.settings().fragments().limits().share(steering.workers()), this);
        } else {
            custody.begin(config, newNow);
        }
        departure.begin(config, newNow);
    }

    /** Ends it: what was collected leaves, and who was handed something hears of it. */
    public void end(long endNow) {
        flushes.flush(this, endNow);
        tap.end();
        handoff.wakeOthers();
    }

    @Override
    public int index() {
        return index;
    }

    /** A frame from an Ethernet device: steps 1 and 2. Takes it over. */
    public void frame(Packet packet, EthernetLink link) {
        custody.take(packet);
        try {
            int at = packet.start();
            DropReason why = link.accept(packet);
            tap.frame(packet, at);
            if (why == NONE) {
                why = packet.etherType() == EtherType.ARP ? neighbours(packet) : process(packet);
            }
            custody.settle(packet, why);
        } catch (RuntimeException defect) {
            custody.contain(packet, defect);
        }
    }

    /** An IP packet from the program's own sockets, by way of the TUN device of {@code core}. Takes it over. */
    public void fromSockets(Packet packet) {
        arrived(packet, config.core());
    }

    @Override
    public void decapsulated(Packet packet, NetworkInterface tunnel, long when) {
        packet.depth(packet.depth() + 1);
        arrived(packet, tunnel);
    }

    private void arrived(Packet packet, NetworkInterface in) {
        packet.ingress(in);
        in.counters().of(this).received(packet.length());
        tap.passes(packet, in, false);
        enter(packet);
    }

    @Override
    public void originate(Packet packet, long when) {
        packet.handoff(Packet.Handoff.FLOW, null, null);
        own(packet);
    }

    @Override
    public void originate(Packet packet, Route by, long when) {
        if (!config.interfaces().contains(by.iface())) {
            drop(packet, DropReason.INTERFACE_DOWN);
            return;
        }
        packet.handoff(Packet.Handoff.FLOW, by.iface(), by.gateway());
        own(packet);
    }

    private void own(Packet packet) {
        packet.ingress(config.core());
        packet.link(0, false);
        packet.assembledFrom(0, 0);
        tap.passes(packet, config.core(), false);
        custody.take(packet);
        try {
            DropReason why = Headers.parse(packet);
            // What a tunnel made stays with the tunnel, whose worker it is.
            if (why == NONE && !isAlone && packet.lastTunnel() == null && passOn(packet, steering.owner(packet))) {
                return;
            }
            custody.settle(packet, why == NONE ? forward(packet, config.core()) : why);
        } catch (RuntimeException defect) {
            custody.contain(packet, defect);
        }
    }

    private void enter(Packet packet) {
        custody.take(packet);
        try {
            custody.settle(packet, process(packet));
        } catch (RuntimeException defect) {
            custody.contain(packet, defect);
        }
    }

    /** Step 3: what the packet itself says, and whose it is. */
    private DropReason process(Packet packet) {
        NetworkInterface in = ingress(packet);
        DropReason why = headerChecks.check(packet, config.settings(), now);
        if (why != NONE) {
            return why;
        }
        if (HeaderChecks.isDiscovery(packet)) {
            return neighbours(packet);
        }
        if (HeaderChecks.isLinkScope(packet)) {
            return DropReason.NO_SERVICE;
        }
        DhcpInbox client = in instanceof EthernetInterface ethernet ? ethernet.clientFor(packet) : null;
        if (client != null) {
            return lease(packet, client);
        }
        return isAlone ? goOn(packet, in) : steer(packet, in);
    }

    private DropReason lease(Packet reply, DhcpInbox client) {
        DropReason why = client.take(reply);
        if (why == NONE) {
            custody.handOn();
            pool.give(reply);
        }
        return why;
    }

    private DropReason neighbours(Packet message) {
        custody.handOn();
        return NeighbourInput.take(message, this, now);
    }

    /** To the worker that a packet belongs to: the one of its SA, or the one of its flow. */
    private DropReason steer(Packet packet, NetworkInterface in) {
        int owner = owner(packet);
        if (owner == IpsecGate.SEVERAL) {
            return scatter(packet, in);
        }
        return passOn(packet, owner) ? NONE : goOn(packet, in);
    }

    /** Index of the worker that a parsed packet belongs to, or {@link IpsecGate#SEVERAL}. */
    int owner(Packet packet) {
        int owner = !packet.isFragment() && admission.judgement().isForGate(packet, config)
                ? gate.worker(packet)
                : IpsecGate.BY_FLOW;
        return owner == IpsecGate.BY_FLOW ? steering.owner(packet) : owner;
    }

    /** Takes apart what a device merged and different workers own; here, where all came by, they stay in order. */
    private DropReason scatter(Packet merged, NetworkInterface in) {
        int count = Segmenter.count(merged);
        for (int i = 0; i < count; i++) {
            custody.take(merged);
            Packet packet = pool.take();
            if (packet == null) {
                return DropReason.NO_BUFFER;
            }
            Segmenter.cut(merged, i, packet);
            custody.take(packet);
            try {
                custody.settle(packet, steer(packet, in));
            } catch (RuntimeException defect) {
                custody.contain(packet, defect);
            }
        }
        custody.handOn();
        pool.give(merged);
        return NONE;
    }

    /** Hands a packet over that is another worker's; false when it is this one's. */
    private boolean passOn(Packet packet, int owner) {
        if (owner == index) {
            return false;
        }
        handOver(packet, owner);
        return true;
    }

    /** What another worker has handed over. Takes it over. */
    void handedOver(Packet packet) {
        custody.take(packet);
        try {
            custody.settle(
                    packet,
                    switch (packet.handoff()) {
                        case FLOW -> goOn(packet, ingress(packet));
                        case SEND -> departure.leave(packet);
                        case SHAPE -> departure.enterPipe(packet);
                        case COPY -> overhear(packet);
                    });
        } catch (RuntimeException defect) {
            custody.contain(packet, defect);
        }
    }

    private DropReason overhear(Packet packet) {
        if (NeighbourInput.claims(packet)) {
            NeighbourInput.overhear(packet, this, now);
        } else {
            gate.overhear(packet, this, now);
        }
        custody.handOn();
        pool.give(packet);
        return NONE;
    }

    /** Steps 4 to 12, on the worker that the packet belongs to. */
    private DropReason goOn(Packet packet, NetworkInterface in) {
        if (packet.isFragment()) {
            custody.handOn();
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
        boolean own = in.equals(config.core());
        Flow flow = admission.known(packet, own, config, now);
        if (flow == null) {
            DropReason why = admission.admit(packet, in, this, config, now);
            if (why != NONE) {
                return why;
            }
            Judgement judged = admission.judgement();
            if (judged.goesToGate()) {
                custody.handOn();
                return gate.take(packet, this, now);
            }
            flow = judged.open(packet, in, config, now);
            if (flow == null) {
                return own ? withoutConnection(packet, judged.way()) : refused(packet, in, judged.back());
            }
            flow.connection().pipes(judged.pipes());
        }
        NetworkInterface out = flow.egress();
        DropReason why = departure.check(packet, in, out);
        if (why == NONE) {
            why = connections.accept(flow, packet, this, now);
        }
        if (why != NONE) {
            return why;
        }
        connections.translate(flow, packet);
        Egress.prepare(packet, in, out, config.core());
        PipeChain pipes = flow.pipes();
        return pipes == null ? departure.leave(packet, out, flow.gateway()) : departure.shape(packet, flow, pipes, out);
    }

    /** What opened no connection dies, or goes back as the answer to its sender. */
    private DropReason refused(Packet packet, NetworkInterface in, @Nullable Route back) {
        DropReason why = connections.refusal();
        return why == NONE ? departure.leave(packet, in, back == null ? null : back.gateway()) : why;
    }

    /** Errors, resets and other packets of our own that open no connection: routed all the same. */
    private DropReason withoutConnection(Packet packet, Route route) {
        DropReason why = departure.check(packet, config.core(), route.iface());
        return why == NONE ? departure.leave(packet, route.iface(), route.gateway()) : why;
    }

    private NetworkInterface ingress(Packet packet) {
        NetworkInterface in = packet.ingress();
        return in == null ? config.core() : in;
    }

    /** Something other than a packet failed on this worker: counted and said, nothing more. */
    void defect(RuntimeException defect) {
        obituary.defect(null, defect, now);
    }

    @Override
    public void handOver(Packet packet, int owner) {
        custody.handOn();
        handoff.pass(packet, owner, this);
    }

    @Override
    public void sendBy(int owner, Packet packet, NetworkInterface egress, @Nullable IpAddress gateway) {
        custody.handOn();
        handoff.sendBy(packet, owner, egress, gateway, this);
    }

    @Override
    public void tellOthers(Packet packet) {
        handoff.tellOthers(packet, this);
    }

    @Override
    public PacketPool pool() {
        return pool;
    }

    @Override
    public void passes(Packet packet, NetworkInterface iface, boolean outbound) {
        tap.passes(packet, iface, outbound);
    }

    @Override
    public void drop(Packet packet, DropReason why) {
        custody.drop(packet, why);
    }

    @Override
    public void lost(@Nullable NetworkInterface ingress, DropReason reason) {
        obituary.lost(ingress, reason);
    }

    @Override
    public void flushLater(BurstCollector collector) {
        flushes.add(collector);
    }

    /** Lets go what waits in pipes and may leave now. @return how many packets that were */
    int release() {
        return departure.release();
    }

    /** How long no packet may leave a pipe, nanoseconds from a time on. */
    long idle(long from) {
        return departure.idle(from);
    }

    /** Ages connections and fragments; to be called every few milliseconds. */
    public void tick() {
        connections.expire(now, EXPIRY_BUDGET);
        fragments.expire(now, this);
        obituary.tick(now);
        departure.tick();
    }

    Reassembler fragments() {
        return fragments;
    }

    IpsecGate gate() {
        return gate;
    }

    /** The rings to and from the other workers. */
    Handoff handoff() {
        return handoff;
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
