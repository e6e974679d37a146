package io.portcullis.ipsec.esp;

import static io.portcullis.core.packet.DropReason.NONE;

import io.portcullis.core.iface.InterfaceCounters;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.Checksums;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.Fragmenter;
import io.portcullis.core.packet.Headers;
import io.portcullis.core.packet.Ipv4;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.packet.Segmenter;
import io.portcullis.core.trace.Trail;
import io.portcullis.ipsec.sa.SaEvent;
import io.portcullis.ipsec.sa.SaPair;
import io.portcullis.ipsec.sa.TrafficSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What goes out by one tunnel: its SAs, the choice among them, and the few packets that wait for one. No packet leaves
 * unencrypted: without an SA it waits or dies. Owned by the worker, but for the settings and {@link #mtu}.
 */
public final class TunnelTraffic {
    private static final long SECOND = 1_000_000_000L;
    private static final int ACQUIRES_A_SECOND = 8;
    /** An IPv6 link carries this much, whatever its tunnel's path does (RFC 8200 section 5). */
    private static final int IPV6_LEAST_MTU = 1280;

    private final String name;
    private final int worker;
    private final NetworkInterface tunnelInterface;
    private final InterfaceCounters.Lane counters;
    private final SaEvents events;
    private final Encapsulators encapsulators;
    /** Borrowed while it collects packets. */
    private @Nullable Encapsulator encapsulator;

    private final AgingTunnels agingTunnels;
    private final WaitingPackets waiting = new WaitingPackets();
    private final List<EspSa> sas = new ArrayList<>();

    private volatile TunnelSettings settings;
    private volatile Selectors local;
    private volatile Selectors remote;
    private volatile int mtu;

    private long acquireSecond = Long.MIN_VALUE;
    private int acquires;
    private boolean sending;
    /** Whether it is among the aging tunnels, which keep this. */
    boolean aging;

    /**
     * @param tunnelInterface the tunnel as the pipeline knows it
     * @param events where packets ask for an SA
     * @param worker index of the worker that owns it
     * @param encapsulators those of that worker
     * @param agingTunnels those of that worker
     */
    TunnelTraffic(
            NetworkInterface tunnelInterface,
            TunnelSettings settings,
            SaEvents events,
            int worker,
            Encapsulators encapsulators,
            AgingTunnels agingTunnels) {
        name = tunnelInterface.name();
        this.tunnelInterface = tunnelInterface;
        this.worker = worker;
        counters = tunnelInterface.counters().lane(worker);
        this.events = events;
        this.encapsulators = encapsulators;
        this.agingTunnels = agingTunnels;
        this.settings = settings;
        local = new Selectors(settings.local());
        remote = new Selectors(settings.remote());
        mtu = settings.plaintextMtu() > 0 ? settings.plaintextMtu() : settings.unknownMtu();
    }

    public NetworkInterface tunnelInterface() {
        return tunnelInterface;
    }

    /** Index of the worker that owns it. */
    public int worker() {
        return worker;
    }

    InterfaceCounters.Lane counters() {
        return counters;
    }

    /** Takes effect with the next packet; {@link SaDatabase#refreshPaths} makes the MTU follow. On any thread. */
    public void settings(TunnelSettings newSettings) {
        settings = newSettings;
        local = new Selectors(newSettings.local());
        remote = new Selectors(newSettings.remote());
    }

    /** Longest inner packet, octets. On any thread. */
    public int mtu() {
        return mtu;
    }

    /** As {@link NetworkInterface#ownAddress}. */
    public @Nullable IpAddress ownAddress(int ipVersion) {
        for (IpAddress own : settings.originators()) {
            if (own.isV4() == (ipVersion == 4)) {
                return own;
            }
        }
        return null;
    }

    /** As {@link NetworkInterface#send}. */
    public DropReason send(Packet packet, PacketWorker worker, long now) {
        // While this tunnel's outer packets are being sent, nothing comes here that is not one of them, by way of
        // another.
        if (sending || loops(packet)) {
            return DropReason.TUNNEL_LOOP;
        }
        EspSa sa = find(packet);
        if (sa == null) {
            return await(packet, worker, now);
        }
        // Without what a link layer had around it.
        packet.bounds(packet.networkAt(), packet.payloadEnd());
        worker.passes(packet, tunnelInterface, true);
        return protect(packet, sa, worker, now);
    }

    /** Each tunnel takes some of the headroom; what has none left went through too many. */
    private boolean loops(Packet packet) {
        return tunnelInterface.equals(packet.lastTunnel()) || !Encapsulator.fits(packet);
    }

    /** As {@link NetworkInterface#trace}, of a packet that is no super-packet, and no longer than {@link #mtu}. */
    public DropReason trace(Packet packet, Trail trail) {
        if (loops(packet)) {
            return DropReason.TUNNEL_LOOP;
        }
        EspSa sa = find(packet);
        if (sa == null) {
            return traceWaiting(packet, trail);
        }
        trail.step("Tunnel", name + ": " + describe(sa));
        packet.bounds(packet.networkAt(), packet.payloadEnd());
        if (packet.length() > longest(packet)) {
            return DropReason.TOO_BIG;
        }
        Encapsulator.preview(packet, sa.outbound, settings.dsField(), tunnelInterface);
        trail.wrapped(name);
        return NONE;
    }

    private DropReason traceWaiting(Packet packet, Trail trail) {
        if (!isOurs(packet)) {
            trail.step("Tunnel", name + ": carries only " + describe(settings.local(), settings.remote()));
            return DropReason.NO_SELECTOR;
        }
        trail.step("Tunnel", name + ": no SA carries it, one is negotiated");
        if (waiting.isFull()) {
            return DropReason.TUNNEL_QUEUE_FULL;
        }
        trail.negotiates(name);
        return NONE;
    }

    /** As {@link NetworkInterface#traceArrival}: what an SA brought must be what it was negotiated for. */
    public DropReason traceArrival(Packet packet, Trail trail) {
        if (Headers.parse(packet) != NONE) {
            return NONE;
        }
        for (EspSa sa : sas) {
            if (sa.mayHaveCarried(packet)) {
                trail.step("Tunnel", name + ": from " + describe(sa));
                return NONE;
            }
        }
        trail.step(
                "Tunnel",
                name + (sas.isEmpty() ? ": has no SA, as if one had brought it" : ": no SA is for such packets"));
        return sas.isEmpty() ? NONE : DropReason.SELECTOR_MISMATCH;
    }

    private static String describe(EspSa sa) {
        SaPair pair = sa.pair;
        return String.format(
                Locale.ROOT,
                "SA 0x%08x, %s, %s",
                pair.outboundSpi(),
                pair.suite(),
                describe(pair.local(), pair.remote()));
    }

    private static String describe(List<TrafficSelector> local, List<TrafficSelector> remote) {
        return local.stream().map(TrafficSelector::toString).collect(Collectors.joining(","))
                + " <-> "
                + remote.stream().map(TrafficSelector::toString).collect(Collectors.joining(","));
    }

    /** Takes a packet that fits the MTU, or the pieces of one that may be cut. */
    private DropReason protect(Packet packet, EspSa sa, PacketWorker worker, long now) {
        int longest = longest(packet);
        boolean mayFragment = packet.ipVersion() == 4 && !Ipv4.dontFragment(packet.buffer(), packet.start());
        if (packet.gso() == Packet.Gso.NONE && packet.length() <= longest) {
            Checksums.complete(packet);
            encapsulate(packet, sa, worker, now);
        } else if (packet.gso() == Packet.Gso.NONE && mayFragment) {
            DropReason why = Fragmenter.prepare(packet, longest);
            if (why != NONE) {
                return why;
            }
            fragments(packet, longest, sa, worker, now);
        } else if (packet.gso() != Packet.Gso.NONE && Segmenter.count(packet) == 0) {
            return DropReason.BAD_LENGTH;
        } else if (packet.gso() != Packet.Gso.NONE && Segmenter.segmentLength(packet) <= longest) {
            segments(packet, sa, worker, now);
        } else {
            return DropReason.TOO_BIG;
        }
        return NONE;
    }

    private void segments(Packet packet, EspSa sa, PacketWorker worker, long now) {
        int count = Segmenter.count(packet);
        for (int i = 0; i < count; i++) {
            if (sa.expired) {
                drop(packet, DropReason.SA_EXPIRED, worker);
                return;
            }
            int text = prepare(sa, worker, now).addSegment(packet, i, sa.outbound, settings.dsField(), worker);
            if (text == 0) {
                drop(packet, DropReason.NO_BUFFER, worker);
                return;
            }
            count(Segmenter.length(packet, i), text, sa, now);
        }
        worker.pool().give(packet);
    }

    private void fragments(Packet packet, int longest, EspSa sa, PacketWorker worker, long now) {
        int octets = Fragmenter.octets(packet);
        for (int done = 0; done < octets; ) {
            Packet fragment = sa.expired ? null : worker.pool().take();
            if (fragment == null) {
                drop(packet, sa.expired ? DropReason.SA_EXPIRED : DropReason.NO_BUFFER, worker);
                return;
            }
            done = Fragmenter.cut(packet, longest, done, fragment);
            encapsulate(fragment, sa, worker, now);
        }
        worker.pool().give(packet);
    }

    private int longest(Packet packet) {
        return packet.ipVersion() == 6 ? Math.max(mtu, IPV6_LEAST_MTU) : mtu;
    }

    private void encapsulate(Packet packet, EspSa sa, PacketWorker worker, long now) {
        int length = packet.length();
        int text = prepare(sa, worker, now).add(packet, sa.outbound, settings.dsField(), worker);
        count(length, text, sa, now);
    }

    /** An encapsulator that is ready for a packet of this SA, and is emptied at the end of the burst. */
    private Encapsulator prepare(EspSa sa, PacketWorker worker, long now) {
        Encapsulator collecting = encapsulator;
        if (collecting != null && !collecting.takes(sa.outbound)) {
            flush(worker, now);
            collecting = encapsulator;
        }
        if (collecting == null) {
            collecting = encapsulators.lend(tunnelInterface);
            encapsulator = collecting;
        }
        if (collecting.isEmpty()) {
            worker.flushLater(tunnelInterface);
        }
        return collecting;
    }

    private void count(int length, int text, EspSa sa, long now) {
        OutboundSa outbound = sa.outbound;
        counters.sent(length);
        outbound.octets += text;
        outbound.packets++;
        outbound.lastNanos = now;
        sa.watchLimits(events);
    }

    /** As {@link NetworkInterface#flush}: what this burst collected is encrypted and leaves. */
    public void flush(PacketWorker worker, long now) {
        Encapsulator collected = encapsulator;
        if (collected == null) {
            return;
        }
        sending = true;
        try {
            collected.flush(worker, now);
        } finally {
            sending = false;
            encapsulator = null;
            // What a defect left in it must not leave as another tunnel's.
            if (collected.isEmpty()) {
                encapsulators.giveBack(collected);
            }
        }
    }

    /** The newest SA that may carry the packet, one that the peer surely receives on first. */
    private @Nullable EspSa find(Packet packet) {
        for (int i = 0; i < sas.size(); i++) {
            EspSa sa = sas.get(i);
            if (sa.mayCarry(packet)) {
                return sa;
            }
        }
        return null;
    }

    private DropReason await(Packet packet, PacketWorker worker, long now) {
        if (!isOurs(packet)) {
            return DropReason.NO_SELECTOR;
        }
        if (mayAcquire(now)) {
            events.offer(new SaEvent.Acquire(
                    name,
                    new IpAddress(packet.sourceHigh(), packet.sourceLow()),
                    new IpAddress(packet.destinationHigh(), packet.destinationLow()),
                    packet.protocol(),
                    Math.max(0, Selectors.sourcePort(packet)),
                    Math.max(0, Selectors.destinationPort(packet))));
        }
        // Many tunnels that are down must not hold the buffers that the others need.
        boolean room = worker.pool().available() >= worker.pool().size() / 2;
        if (!room || !waiting.add(packet, now)) {
            return DropReason.TUNNEL_QUEUE_FULL;
        }
        agingTunnels.add(this);
        return NONE;
    }

    /** Whether an SA could be negotiated for the packet. */
    private boolean isOurs(Packet packet) {
        return local.contains(packet.sourceHigh(), packet.sourceLow(), packet.protocol(), Selectors.sourcePort(packet))
                && remote.contains(
                        packet.destinationHigh(),
                        packet.destinationLow(),
                        packet.protocol(),
                        Selectors.destinationPort(packet));
    }

    private boolean mayAcquire(long now) {
        if (acquireSecond == Long.MIN_VALUE || now - acquireSecond >= SECOND) {
            acquireSecond = now;
            acquires = 0;
        }
        return acquires++ < ACQUIRES_A_SECOND;
    }

    /** Adds a pair: in front when packets may leave by it at once, behind while its peer may not receive yet. */
    void add(EspSa sa, PacketWorker worker, long now) {
        sa.active = sa.pair.replaces() == null;
        sas.add(sa.active ? 0 : sas.size(), sa);
        refresh(now);
        release(worker, now);
    }

    void activate(EspSa sa, long now) {
        if (sas.remove(sa)) {
            sa.active = true;
            sas.addFirst(sa);
            refresh(now);
        }
    }

    void remove(EspSa sa, long now) {
        sas.remove(sa);
        refresh(now);
    }

    /** A path MTU of one of the SAs was learned. */
    void learnedMtu(long now) {
        agingTunnels.add(this);
        refresh(now);
    }

    /** Computes the MTU afresh: the least of the pairs that may carry packets. */
    void refresh(long now) {
        TunnelSettings current = settings;
        if (current.plaintextMtu() > 0) {
            mtu = current.plaintextMtu();
            return;
        }
        int least = Integer.MAX_VALUE;
        for (EspSa sa : sas) {
            least = Math.min(least, sa.innerMtu(now));
        }
        mtu = least == Integer.MAX_VALUE ? current.unknownMtu() : least;
    }

    /** Sends the packets that waited for an SA that is there now. */
    private void release(PacketWorker worker, long now) {
        for (int i = 0; i < waiting.size(); ) {
            if (find(waiting.get(i)) == null) {
                i++;
                continue;
            }
            Packet packet = waiting.remove(i);
            DropReason why = send(packet, worker, now);
            if (why != NONE) {
                drop(packet, why, worker);
            }
        }
    }

    /**
     * Drops the packets that have waited too long, and forgets the path MTUs that were learned long ago.
     *
     * @return whether packets or learned MTUs are left
     */
    boolean age(PacketWorker worker, long now) {
        while (waiting.size() > 0 && waiting.isOver(0, now)) {
            drop(waiting.remove(0), DropReason.TUNNEL_DOWN, worker);
        }
        refresh(now);
        return waiting.size() > 0 || hasLearnedMtu(now);
    }

    private boolean hasLearnedMtu(long now) {
        for (EspSa sa : sas) {
            if (sa.hasLearnedMtu(now)) {
                return true;
            }
        }
        return false;
    }

    /** Drops all packets that wait: the tunnel can not come up, or is gone. */
    void dropWaiting(PacketWorker worker) {
        while (waiting.size() > 0) {
            drop(waiting.remove(0), DropReason.TUNNEL_DOWN, worker);
        }
    }

    private void drop(Packet packet, DropReason why, PacketWorker worker) {
        counters.dropped(why);
        worker.drop(packet, why);
    }
}
