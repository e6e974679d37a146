package io.portcullis.core.connection;

import io.portcullis.core.event.EventSink;
import io.portcullis.core.iface.NetworkInterface;
import io.portcullis.core.iface.PacketWorker;
import io.portcullis.core.net.IpAddress;
import io.portcullis.core.packet.DropReason;
import io.portcullis.core.packet.IpProtocol;
import io.portcullis.core.packet.Ipv6Extensions;
import io.portcullis.core.packet.Packet;
import io.portcullis.core.pipeline.Policy;
import io.portcullis.core.routing.RoutingTables;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one worker. For each packet: {@link #find}; when there is none and the policy allows, {@link
 * #open}; then {@link #accept}, and with NONE {@link #translate}. Nothing is allocated per packet or connection, and
 * no step takes longer the more connections there are. A flow that was handed out is the table's own view: the next
 * call of {@link #find} or {@link #open} moves it, {@link #close} and {@link #expire} may end what it looks at.
 */
public final class ConnectionTable {
    /** Slots of the index that move with each {@link #expire}, while it grows. */
    private static final int INDEX_MOVES = 4096;

    private IdleTimes idle;
    private int most;
    private int mostHalfOpen;
    private final ConnectionStore store;
    private final FlowIndex index;
    private final FlowFinder finder;
    private final OpenerChecks checks;
    private final ExpiryWheel wheel;
    private final Replaceable replaceable;
    private final Translator translator;
    private final Quotation quotation = new Quotation();
    private final SynRelay relay;
    private final ConnectionEvents events;
    private final Announcements announcements;
    private final FtpHelper ftp;

    /** What {@link #find} and {@link #open} hand out. */
    private final Connection found;
    /** What the table itself looks at meanwhile. */
    private final Connection other;

    private final List<NetworkInterface> gone = new ArrayList<>();
    private int goneCursor;

    private DropReason refusal = DropReason.NONE;
    private int size;
    private int halfOpen;

    /**
     * @param random chooses translated ports and the secret of the hash
     * @param now monotonic nanoseconds
     */
    public ConnectionTable(ConnectionLimits limits, EventSink events, RandomGenerator random, long now) {
        this(limits, events, Steering.alone(), new SourceCounts(random), new Announcements(random), random, now);
    }

    /**
     * @param steering of the worker whose connections these are
     * @param sources shared by all workers
     * @param announcements shared by all workers
     */
    public ConnectionTable(
            ConnectionLimits limits,
            EventSink events,
            Steering steering,
            SourceCounts sources,
            Announcements announcements,
            RandomGenerator random,
            long now) {
        idle = new IdleTimes(limits);
        most = limits.connections();
        mostHalfOpen = limits.halfOpen();
        store = new ConnectionStore(most, sources, now);
        found = new Connection(store);
        index = new FlowIndex(store, random.nextLong(), random.nextLong());
        finder = new FlowFinder(store, index, found);
        checks = new OpenerChecks(sources);
        wheel = new ExpiryWheel(store, now);
        replaceable = new Replaceable(store);
        translator = new Translator(index, new SourcePorts(random, steering.workers()), steering, sources);
        relay = new SynRelay(this, store, random);
        this.events = new ConnectionEvents(events);
        this.announcements = announcements;
        ftp = new FtpHelper(this, announcements, events, random);
        other = new Connection(store);
    }

    /**
     * Other limits from now on, as when the configuration changed. Connections beyond a lower number stay until they
     * end; shorter times are noticed when a connection's turn comes, within ten minutes.
     */
    public void limits(ConnectionLimits limits) {
        store.reserve(limits.connections());
        idle = new IdleTimes(limits);
        most = limits.connections();
        mostHalfOpen = limits.halfOpen();
    }

    /**
     * The flow that the packet belongs to by its ingress interface, addresses, ports and protocol; for an ICMP error
     * the flow in whose direction the error travels. Null when there is none, also for a TCP SYN that starts anew
     * what has ended.
     */
    public @Nullable Flow find(Packet packet, long now) {
        NetworkInterface in = packet.ingress();
        return in == null ? null : find(packet, in, now);
    }

    /** As {@link #find(Packet, long)}, as if the packet had come in by this interface. */
    public @Nullable Flow find(Packet packet, NetworkInterface in, long now) {
        Flow flow = finder.find(packet, in);
        if (flow != null && startsAnew(packet, flow)) {
            close(flow.connection(), CloseReason.REOPENED, now);
            return null;
        }
        return flow;
    }

    /** Whether the packet starts anew what has ended. */
    static boolean startsAnew(Packet packet, Flow flow) {
        return packet.protocol() == IpProtocol.TCP
                && packet.fragmentOffset() == 0
                && !IcmpQuery.isError(packet)
                && TcpTracker.opens(packet)
                && flow.connection().tcpState().isOver();
    }

    /**
     * As {@link #find}, for the firewall's own ICMP errors about packets that died when they were translated already;
     * null for all others.
     */
    public @Nullable Flow findTranslated(Packet own, RoutingTables routes) {
        return finder.findTranslated(own, routes);
    }

    /**
     * Makes a connection from its first packet, translated as the policy says. Only a TCP SYN, an ICMP query and any
     * packet of another protocol can open one; an ICMP error never does.
     *
     * @param egress where the packet goes, by way of {@code gateway}
     * @param returnEgress where replies go, by way of {@code returnGateway}
     * @param policy what allowed it; null for the firewall's own traffic that asks no policy, never translated
     * @return the flow of the packet, or null: {@link #refusal} says why; NONE when the packet, an opener of TCP, has
     *     become the answer to its sender
     */
    public @Nullable Flow open(
            Packet packet,
            NetworkInterface egress,
            @Nullable IpAddress gateway,
            NetworkInterface returnEgress,
            @Nullable IpAddress returnGateway,
            @Nullable Policy policy,
            long generation,
            long now) {
        NetworkInterface in = packet.ingress();
        DropReason why = in == null ? DropReason.NO_NEW_CONNECTION : checks.check(packet, policy);
        boolean isProven = relay.isProven(packet, policy, why, now);
        if (isProven) {
            why = checks.limit(packet, policy);
        }
        if (in == null || why != DropReason.NONE) {
            events.refused(packet, in, policy, why, now);
            return refuse(why);
        }
        if (policy != null && !isProven && relay.mustProve(packet, policy)) {
            events.relayed(packet, in, policy, halfOpen, now);
            relay.answer(packet, Math.min(in.mtu(), egress.mtu()), now);
            return refuse(DropReason.NONE);
        }
        boolean isFtp = policy != null && FtpHelper.isWanted(packet, policy);
        if (policy != null && isFtp && !ftp.hasRoom()) {
            ftp.refuse(packet, policy, now);
            return refuse(DropReason.FTP_FULL);
        }
        if (size >= most && !makeRoom(now)) {
            return refuse(DropReason.CONNECTIONS_FULL);
        }
        // Before anything is taken: nothing is lost when there is no memory.
        index.makeRoom(2);
        if (!plan(packet, egress, policy) || !translator.take(packet, policy, now)) {
            translator.refuse(policy);
            events.refused(packet, in, policy, DropReason.TRANSLATION_FULL, now);
            return refuse(DropReason.TRANSLATION_FULL);
        }
        if (policy instanceof AnnouncedConnection announced && !announcements.take(announced)) {
            // Another worker has opened it just now.
            return refuse(DropReason.NO_NEW_CONNECTION);
        }
        Connection connection = found.move(store.take());
        Flow original = connection.original();
        original.key(
                in,
                packet.protocol(),
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.sourcePort() << 16 | packet.destinationPort());
        original.route(egress, gateway);
        connection.extensions(Ipv6Extensions.kinds(packet));
        connection.confirm(policy, generation);
        translator.answer(connection);
        Flow reply = connection.reply();
        reply.route(returnEgress, returnGateway);
        closeOther(original, now);
        closeOther(reply, now);
        index.add(original.number());
        index.add(reply.number());
        connection.open(now);
        original.lastSeen(now);
        wheel.add(connection.number(), idle.deadline(connection));
        replaceable.add(connection);
        size++;
        refusal = DropReason.NONE;
        if (isProven) {
            relay.begin(connection, packet, now);
        }
        if (isFtp) {
            ftp.begin(connection);
        }
        halfOpen += connection.isHalfOpen() ? 1 : 0;
        events.opened(connection, now);
        return original;
    }

    /** The connection that another one has announced and the packet would open; null when there is none. */
    public @Nullable Policy announced(Packet packet, NetworkInterface in, long now) {
        return announcements.find(packet, in, now);
    }

    /** Whether the table has room for one more, or a connection that would make room. */
    boolean hasRoom() {
        return size < most || replaceable.first() >= 0;
    }

    /** Whether one more connection could be followed. */
    boolean mayFollow() {
        return ftp.hasRoom();
    }

    /** As {@link Translator#plan}. */
    boolean plan(Packet packet, NetworkInterface egress, @Nullable Policy policy) {
        return translator.plan(packet, egress, store.interfaces.find(egress, egress.index()), policy);
    }

    /** As {@link Translator#mayTake}. */
    boolean mayTake(Packet packet, @Nullable Policy policy) {
        return translator.mayTake(packet, policy);
    }

    /** How the packets of what was planned last would leave. */
    NewEnds planned() {
        return translator.planned();
    }

    /**
     * A connection with the same key is in the way: one of the two moved to another interface, or a translated one
     * took the port of the firewall's own. The newer has passed the rules just now and wins.
     */
    private void closeOther(Flow flow, long now) {
        int same = index.find(
                flow.sourceHigh(), flow.sourceLow(), flow.destinationHigh(), flow.destinationLow(), flow.rest());
        if (same >= 0) {
            close(other.move(same >>> 1), CloseReason.ROUTE, now);
        }
    }

    private boolean makeRoom(long now) {
        int victim = replaceable.first();
        events.full(victim >= 0, now);
        if (victim < 0) {
            return false;
        }
        close(other.move(victim), CloseReason.REPLACED, now);
        return true;
    }

    private @Nullable Flow refuse(DropReason why) {
        refusal = why;
        return null;
    }

    /** Why the last {@link #open} gave null. */
    public DropReason refusal() {
        return refusal;
    }

    /**
     * As {@link #accept(Flow, Packet, long)}; where the opener was answered in its server's place, or what the ends say
     * is followed, the packet is also made such as the receiver expects it.
     *
     * @param worker sends what the handshake with the server wants, and acknowledges what is withheld
     */
    public DropReason accept(Flow flow, Packet packet, PacketWorker worker, long now) {
        return flow.connection().is(Connection.RELAYED)
                ? relay.accept(flow, packet, worker, now)
                : follow(flow, packet, worker, now);
    }

    /** As {@link #accept(Flow, Packet, PacketWorker, long)}, of a packet with the server's own numbers. */
    DropReason follow(Flow flow, Packet packet, PacketWorker worker, long now) {
        return flow.connection().isFollowed() ? ftp.accept(flow, packet, worker, now) : accept(flow, packet, now);
    }

    /**
     * Follows the packet with the connection's state: counts, restarts the idle timer, checks TCP. An ICMP error about
     * the connection changes nothing.
     *
     * @return NONE, or why the packet must die
     */
    public DropReason accept(Flow flow, Packet packet, long now) {
        Connection connection = flow.connection();
        int protocol = flow.protocol();
        if (packet.protocol() != protocol || IcmpQuery.isError(packet)) {
            return DropReason.NONE;
        }
        if (protocol == IpProtocol.TCP && packet.fragmentOffset() == 0) {
            TcpState before = connection.tcpState();
            boolean wasHalfOpen = connection.isHalfOpen();
            DropReason why = TcpTracker.follow(flow, packet);
            if (why != DropReason.NONE) {
                events.outOfState(flow, packet, now);
                return why;
            }
            if (connection.tcpState() != before) {
                halfOpen += (connection.isHalfOpen() ? 1 : 0) - (wasHalfOpen ? 1 : 0);
                stateChanged(connection, flow, now);
            }
        }
        flow.count(packet);
        flow.lastSeen(now);
        if (connection.is(Connection.REPLACEABLE) && connection.isEstablished()) {
            replaceable.remove(connection);
        }
        return DropReason.NONE;
    }

    /** A connection that ends waits a shorter time than one that lives, and may make room. */
    private void stateChanged(Connection connection, Flow flow, long now) {
        flow.lastSeen(now);
        TcpState state = connection.tcpState();
        // A reset by the opener may be one that the other end does not believe: it would be a way around the limit.
        if (state == TcpState.FINISHED || (state == TcpState.RESET && !flow.isOriginal())) {
            connection.countNoMore();
        }
        wheel.remove(connection.number());
        wheel.add(connection.number(), idle.deadline(connection));
        if (!connection.is(Connection.REPLACEABLE) && !connection.isEstablished()) {
            replaceable.add(connection);
        }
    }

    /**
     * Rewrites addresses, ports and checksums as the flow says, those that an ICMP error quotes too; the packet's
     * parsed fields follow. Does nothing for a flow without translation.
     */
    public void translate(Flow flow, Packet packet) {
        if (!flow.isTranslated()) {
            return;
        }
        if (IcmpQuery.isError(packet)) {
            Translation.applyToError(flow, packet, quotation);
        } else {
            Translation.apply(flow, packet);
        }
    }

    /** Closes now. The connection must not be used after. */
    public void close(Connection connection, CloseReason reason, long now) {
        if (!connection.isOpen()) {
            return;
        }
        events.closed(connection, reason, now);
        index.remove(connection.original().number());
        index.remove(connection.reply().number());
        wheel.remove(connection.number());
        replaceable.remove(connection);
        size--;
        halfOpen -= connection.isHalfOpen() ? 1 : 0;
        connection.leavePool(now);
        if (connection.isFollowed()) {
            ftp.end(connection);
        }
        connection.release();
    }

    /** Closes what uses this interface, in slices at the next calls of {@link #expire}. */
    public void forget(NetworkInterface iface) {
        gone.add(iface);
        goneCursor = 0;
    }

    /**
     * Closes idle connections and those of interfaces that are gone, at most {@code budget} looked at of each; call it
     * every few milliseconds.
     *
     * @return how many were closed
     */
    public int expire(long now, int budget) {
        int before = size;
        for (int i = 0; i < budget; i++) {
            int due = wheel.due(now);
            if (due < 0) {
                break;
            }
            long deadline = idle.deadline(other.move(due));
            wheel.add(due, deadline);
            if (deadline <= now) {
                close(other, idle.reason(other), now);
            }
        }
        index.advance(INDEX_MOVES);
        events.tick(now);
        ftp.tick(now);
        closeForgotten(now, budget);
        return before - size;
    }

    private void closeForgotten(long now, int budget) {
        for (int i = 0; i < budget && !gone.isEmpty(); i++) {
            if (goneCursor >= store.made()) {
                gone.clear();
                return;
            }
            Connection connection = other.move(goneCursor++);
            for (NetworkInterface iface : gone) {
                if (connection.isOpen() && connection.uses(iface)) {
                    close(connection, CloseReason.INTERFACE, now);
                }
            }
        }
    }

    /** Open connections. Read by other threads a moment late. */
    public int size() {
        return size;
    }

    /** TCP connections that wait for their handshake, but for those whose opener has shown its address. */
    int halfOpen() {
        return halfOpen;
    }

    /** Whether more connections wait for their handshake than may. */
    boolean isFlooded() {
        return halfOpen >= mostHalfOpen;
    }

    /** Most connections at once. */
    public int capacity() {
        return most;
    }

    /** How many records there are: {@link #connection} takes numbers below. */
    int made() {
        return store.made();
    }

    /** One of all connections, open or not, until the table looks at another. */
    Connection connection(int number) {
        return other.move(number);
    }

    /** Finds as {@link #find} does, and ends nothing. */
    FlowFinder finder() {
        return finder;
    }

    /** Asked before a connection is opened. */
    OpenerChecks checks() {
        return checks;
    }

    /** Asked before a connection is opened. */
    SynRelay relay() {
        return relay;
    }

    ConnectionStore store() {
        return store;
    }

    /** Octets of memory that connections and their index have touched. */
    long octets() {
        return store.octets() + index.octets();
    }

    /** Seconds that the connection may still idle, 0 when its time has come. */
    long secondsLeft(Connection connection, long now) {
        return Math.max(0, idle.deadline(connection) - now) / IdleTimes.SECOND;
    }
}
